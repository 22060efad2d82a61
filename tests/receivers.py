"""A real server of webhooks, to which alerts go."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

PATIENCE = 30.0  # seconds that an answer waits at most


@dataclass
class Receiver:
    """A server of webhooks: what it got, and how it answers; while `open` is not set it waits."""

    url: str = ""
    status: int = 200
    answer: str = "ok"
    got: list[tuple[str, str, Any]] = field(default_factory=list)  # method, path, JSON
    open: Event = field(default_factory=Event)
    arrived: Event = field(default_factory=Event)  # somebody has asked

    @property
    def channel(self) -> str:
        """Its address for Apprise, with a secret in it."""
        return f"{self.url.replace('http', 'json', 1)}/hooks/s3cr3t-token"

    @property
    def titles(self) -> list[str]:
        """Of the messages it got, in order."""
        return [body["title"].removeprefix("Segferry: ") for _method, _path, body in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """One that answers until the end of the block."""
    found = Receiver()
    found.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found.got.append((self.command, self.path, json.loads(body) if body else None))
            found.arrived.set()
            found.open.wait(PATIENCE)
            self.send_response(found.status)
            self.send_header("Location", f"{found.url}/elsewhere")
            self.end_headers()
            self.wfile.write(found.answer.encode())

        do_GET = do_POST

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()
