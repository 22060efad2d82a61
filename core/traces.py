"""What the work leaves behind for whoever watches it: logs with run ids, spans, requests.

Spans are OpenTelemetry's, where `segferry[otel]` is installed and its exporter is set up in the
environment (OTEL_EXPORTER_OTLP_ENDPOINT); else they cost nothing.
"""

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

log = logging.getLogger(__name__)
MOST = 500  # requests that are remembered between two looks at them
LEAVE_WITHIN = 5.0  # seconds at the end, for spans that are left
_RUN: ContextVar[int | None] = ContextVar("run", default=None)
_REQUESTS: ContextVar["list[Request] | None"] = ContextVar("requests", default=None)
_TRACERS: list[Any] = []  # one, once spans are sent
_OWN = re.compile(r"(?<=/)[^/?]*\d[^/?]*")  # a part of an address with an id or a key


@dataclass(frozen=True, slots=True)
class Request:
    """A request without body and key: when, how long in seconds, the answer's status, or 0."""

    at: datetime
    method: str
    path: str  # ids in it are “…”
    status: int
    seconds: float


@contextmanager
def about(run_id: int, doing: str) -> Iterator[None]:
    """What is logged and done within is about this run: `doing` names the span."""
    token = _RUN.set(run_id)
    try:
        with span(doing, run=run_id):
            yield
    finally:
        _RUN.reset(token)


@contextmanager
def recorded() -> Iterator[list[Request]]:
    """The requests that this thread makes within, MOST of them."""
    made: list[Request] = []
    token = _REQUESTS.set(made)
    try:
        yield made
    finally:
        _REQUESTS.reset(token)


@contextmanager
def requesting(method: str, path: str) -> Iterator[list[int]]:
    """One request; its status is to be put into the list."""
    began, found, plain = datetime.now(UTC), list[int](), _OWN.sub("…", path.partition("?")[0])
    with span("request", method=method, path=plain) as attributes:
        try:
            yield found
        finally:
            status = found[0] if found else 0
            attributes["status"] = status
            made = _REQUESTS.get()
            if made is not None and len(made) < MOST:
                seconds = (datetime.now(UTC) - began).total_seconds()
                made.append(Request(began, method, plain, status, seconds))


@contextmanager
def span(name: str, **attributes: Any) -> Iterator[dict[str, Any]]:
    """A span of this name; what is added to the attributes within is sent with it."""
    if not _TRACERS:
        yield attributes
        return
    with _TRACERS[0].start_as_current_span(f"segferry.{name}") as open_:
        try:
            yield attributes
        finally:
            for key, value in attributes.items():
                open_.set_attribute(f"segferry.{key}", value)


def trace_with(tracer: Any) -> None:
    """Spans of this process go to that tracer of OpenTelemetry's from now on; None: nowhere."""
    _TRACERS[:] = [tracer] if tracer is not None else []


def watch(log_format: str) -> Callable[[], None]:
    """Logs and spans of this process as an operator set them; call what it returns at the end."""
    if log_format == "json":
        log_as_json()
    return start_tracing()


def start_tracing() -> Callable[[], None]:
    """Sends spans to where the environment says; does nothing without that, or the extra.

    What it returns sends those that are left, and ends it.
    """
    if _TRACERS or not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return _nothing
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("Spans aren't sent: install segferry[otel].")
        return _nothing
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace_with(provider.get_tracer("segferry"))
    return partial(_stop_tracing, provider)


def _stop_tracing(provider: Any) -> None:
    """Waits LEAVE_WITHIN at most: a collector that is away must not keep a command from ending."""
    trace_with(None)
    sending = threading.Thread(target=provider.shutdown, name="spans", daemon=True)
    sending.start()
    sending.join(LEAVE_WITHIN)


def _nothing() -> None:
    pass


class JsonLines(logging.Formatter):
    """A line of JSON for each entry, with the run that it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "run": getattr(record, "run", _RUN.get()),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        found = {key: value for key, value in entry.items() if value is not None}
        return json.dumps(found, ensure_ascii=False)


def log_as_json() -> None:
    """From now on this process logs so, on stderr, also what goes as it should."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("core").setLevel(logging.INFO)


def logs_as_json() -> bool:
    """Whether this process does, so that whatever it tells on stderr has to be such a line."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.root.handlers)
