"""Files that pages offer: each answers only to the session that it was made for.

Streamlit serves them to whoever knows their address. Beside the content it keeps a file's type, so
that is where the session stands; on the way out it is taken off again.
"""

import hashlib
import re
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.server import sign_in
from core.store import Store

FILES = "/media/"  # Streamlit's
SESSION = re.compile(rb"; session=([0-9a-f]{64})")
REFUSED = "This file is for the browser that asked for it. Sign in, and download it again."


CSV, PDF = "text/csv; charset=utf-8", "application/pdf"


def type_for(token: str | None, kind: str = CSV) -> str:
    """The type of a file that only the session with this token may load."""
    return f"{kind}; session={_mark(token)}"


class Downloads:
    """Refuses files that were made for another session, or for one that has ended."""

    def __init__(self, app: ASGIApp, store: Callable[[], Store], cookie: str) -> None:
        self._app = app
        self._store = store
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes all else on."""
        if scope["type"] != "http" or not scope["path"].startswith(FILES):
            await self._app(scope, receive, send)
            return
        token = Request(scope).cookies.get(self._cookie)
        refused = False

        async def sent(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] < 400:
                refused = not await run_in_threadpool(self._may_have, message, token)
                if refused:
                    await PlainTextResponse(REFUSED, 403)(scope, receive, send)
                message["headers"] = [(n, SESSION.sub(b"", v)) for n, v in message["headers"]]
            if not refused:
                await send(message)

        await self._app(scope, receive, sent)

    def _may_have(self, message: Message, token: str | None) -> bool:
        """Pictures are the program's own, and its page to sign in shows them."""
        headers = dict(message["headers"])
        kind: bytes = headers.get(b"content-type", b"")
        if kind.startswith(b"image/") and b"content-disposition" not in headers:
            return True
        found = SESSION.search(kind)
        own = found is not None and found[1].decode() == _mark(token)
        return own and sign_in.who(self._store(), token) is not None


def _mark(token: str | None) -> str:
    """Tells a session apart, and opens nothing."""
    return hashlib.sha256(f"download {token}".encode()).hexdigest()
