"""A server that answers as it is told over real HTTP, a clock to turn, a client for both."""

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from core.destinations.klaviyo import Klaviyo, KlaviyoSettings
from core.destinations.klaviyo.auth import PrivateKey
from core.destinations.klaviyo.client import Client
from core.destinations.limits import Limits

KEY = "pk_0123456789abcdef_very_secret"
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CLOSE = -1  # as a status: hang up without an answer
HANG = -2  # as a status: keep the connection and say nothing


@dataclass
class Clock:
    """Seconds that pass only by sleeping."""

    seconds: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds - 1_000)


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float


class Script:
    """Answers in the order told; a request beyond them gets 599, and so does its test."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[Asked] = []
        self.released = threading.Event()
        self._answers: deque[tuple[int, bytes, dict[str, str]]] = deque()

    def says(self, status: int, body: Any = None, **headers: str) -> "Script":
        """Then it says this: a value becomes JSON, bytes stay."""
        content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        self._answers.append(
            (status, content, {k.replace("_", "-"): v for k, v in headers.items()})
        )
        return self

    def refuses(self, status: int, detail: str = "No.", pointer: str = "/data", **headers: str):
        """Then it refuses the JSON:API way."""
        error = {"id": "1", "status": status, "code": "invalid", "title": "Invalid input."}
        error |= {"detail": detail, "source": {"pointer": pointer}, "links": {}, "meta": []}
        return self.says(status, {"errors": [error]}, **headers)

    def next(self) -> tuple[int, bytes, dict[str, str]]:
        return self._answers.popleft() if self._answers else (599, b"{}", {})

    @property
    def left(self) -> int:
        return len(self._answers)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    script: Script

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        url = httpx.URL(self.path)
        script = self.script
        script.asked.append(
            Asked(
                self.command,
                url.raw_path.decode().partition("?")[0],
                dict(url.params),
                {k.lower(): v for k, v in self.headers.items()},
                body,
                script.clock(),
            )
        )
        status, content, headers = script.next()
        if status == HANG:
            script.released.wait(10)
        if status < 0:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response_only(status)
        for name, value in {"content-length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, *args: Any) -> None: ...


@pytest.fixture
def key() -> str:
    """The private key of all clients here."""
    return KEY


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def script(clock: Clock) -> Script:
    return Script(clock)


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    """Where the script is served."""
    handler = type("Scripted", (Handler,), {"script": script})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        script.released.set()
        server.shutdown()
        thread.join()


Open = Callable[..., Klaviyo]


@pytest.fixture
def open_at(clock: Clock) -> Iterator[Open]:
    """Opens Klaviyo at an address, with the test's clock; closed after the test."""
    with ExitStack() as stack:

        def opened(
            base_url: str,
            key: str = KEY,
            limits: Limits | None = None,
            timeout: float = 60.0,
            **parts: Any,
        ):
            settings = KlaviyoSettings(base_url=base_url, timeout=timeout)
            shared = limits or Limits(clock, clock.sleep)
            parts = {"now": clock.now, "jitter": lambda: 1.0} | parts
            return stack.enter_context(Klaviyo(Client(settings, PrivateKey(key), shared, **parts)))

        yield opened


@pytest.fixture
def klaviyo(open_at: Open, address: str) -> Klaviyo:
    """Klaviyo, played by the script."""
    return open_at(address)
