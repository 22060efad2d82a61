"""Runs the sandbox on a loopback socket with uvicorn, in the foreground or in a thread."""

import socket as sockets
import threading
from asyncio import AbstractEventLoop, Transport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from core.errors import Conflict
from core.sandbox.wire import ABORT
from core.texts import _

HOST = "127.0.0.1"
SECONDS_TO_STOP = 2
SECONDS_KEPT_OPEN = 75


class CuttableProtocol(H11Protocol):
    """HTTP/1.1 with a connection that the application can cut, for the faults that do so."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._whole_app = self.app

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Gives the application the means to cut this connection."""
        super().connection_made(transport)
        whole: Any = self._whole_app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["extensions"] = {**scope.get("extensions", {}), ABORT: transport.abort}
            await whole(scope, receive, send)

        self.app: Any = app


class Server(uvicorn.Server):
    """A uvicorn server on a bound socket that passes its address to `ready` once it answers."""

    def __init__(
        self,
        app: ASGIApp,
        socket: sockets.socket,
        ready: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(
            Config(
                app,
                http=CuttableProtocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=SECONDS_KEPT_OPEN,
                timeout_graceful_shutdown=SECONDS_TO_STOP,
            )
        )
        self._socket = socket
        self._ready = ready

    def run(self, sockets: list[sockets.socket] | None = None) -> None:
        """Serves until it is stopped."""
        super().run(sockets or [self._socket])

    async def startup(self, sockets: list[sockets.socket] | None = None) -> None:
        """Starts, then passes the address on."""
        await super().startup(sockets)
        if self.started and self._ready:
            self._ready(address_of(self._socket))


@contextmanager
def listen(port: int) -> Iterator[sockets.socket]:
    """A socket listening on 127.0.0.1 (port 0: any free one); Conflict if the port is taken."""
    # With the protocol named, asyncio sends small answers at once instead of after 40 ms.
    socket = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)
    try:
        socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        try:
            socket.bind((HOST, port))
            socket.listen()  # two may bind a port, only one may listen: reported here, not later
        except OSError as error:
            text = _("Port {port} on {host} can't be used: {why}. Choose another with --port.")
            raise Conflict(text.format(port=port, host=HOST, why=error.strerror)) from error
        yield socket
    finally:
        socket.close()


def address_of(socket: sockets.socket) -> str:
    """The base URL of a bound socket."""
    host, port = socket.getsockname()[:2]
    return f"http://{host}:{port}"


@contextmanager
def background(app: Starlette, socket: sockets.socket) -> Iterator[str]:
    """Serves from a thread for the length of the block; yields the base URL."""
    started = threading.Event()
    server = Server(app, socket, lambda _address: started.set())
    failures: list[BaseException] = []
    thread = threading.Thread(target=_guarded, args=(server, started, failures), daemon=True)
    thread.start()
    started.wait()
    if failures:
        raise failures[0]
    try:
        yield address_of(socket)
    finally:
        server.should_exit = True
        thread.join()


def _guarded(server: Server, started: threading.Event, failures: list[BaseException]) -> None:
    try:
        server.run()
    except BaseException as error:  # the thread that waits for the start must hear of it
        failures.append(error)
    finally:
        started.set()
