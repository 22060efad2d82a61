"""Commands log, and send spans, as the server does: by the same settings."""

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.cli.conftest import Command


@pytest.fixture
def as_before() -> Iterator[None]:
    """What a command changes of this process's logging is changed back."""
    root, core = logging.root, logging.getLogger("core")
    handlers, levels = root.handlers[:], (root.level, core.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    core.setLevel(levels[1])


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ExportTraceServiceRequest]]:
    """What a collector of OpenTelemetry is sent over HTTP."""
    found: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        yield found
        server.shutdown()


@pytest.mark.usefixtures("as_before")
def test_a_run_logs_json_with_its_number_and_sends_its_spans(
    newsletter: Command,
    monkeypatch: pytest.MonkeyPatch,
    collector: list[ExportTraceServiceRequest],
):
    monkeypatch.setenv("SEGFERRY_LOG_FORMAT", "json")
    left = newsletter("run", "Newsletter", "--json")
    assert left.data["status"] == "partial"
    lines = [json.loads(line) for line in left.err.splitlines()]
    told = [line for line in lines if line["message"].startswith("Run 1: ")]
    assert told
    assert {line["run"] for line in told} == {1}
    spans = [
        span
        for request in collector
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert {"segferry.prepare", "segferry.request"} <= {span.name for span in spans}
    assert "segferry.run" in {one.key for span in spans for one in span.attributes}
    refused = newsletter("run", "Newsleter")
    (line,) = [json.loads(line) for line in refused.err.splitlines()]
    assert (line["level"], "Did you mean “Newsletter”?" in line["message"]) == ("error", True)
