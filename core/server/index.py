"""The page that Streamlit's scripts begin in, with what has to be there before them."""

from collections.abc import Callable, Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MARK = b"</head>"
OLD = (b"content-length", b"etag", b"last-modified")  # of the file as it was


class Styled:
    """Puts a stylesheet and a script into each HTML page.

    What a page brings later moves what was drawn before: Streamlit draws a page first and its
    sidebar then, and each row before its style.

    Streamlit would begin at any address: below the pages it would find no server, beside them show
    the first page under a dialog of its own. Where none of `pages` is, `no_page` is answered, made
    of the way up to the first page, such as “../”.
    """

    def __init__(
        self,
        app: ASGIApp,
        style: str,
        script: str,
        pages: Collection[str],
        no_page: Callable[[str], bytes],
    ) -> None:
        self._app = app
        self._pages = frozenset(pages)
        self._no_page = no_page
        self._added = f"<style>{style}</style><script>{script}</script>".encode() + MARK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; of the answer it changes pages alone."""
        start: Message | None = None
        body = b""

        async def sent(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await self._finish(scope["path"], start, body, send)

        if scope["type"] == "http":
            await self._app(_uncompressed(scope), receive, sent)
        else:
            await self._app(scope, receive, send)

    async def _finish(self, path: str, start: Message, body: bytes, send: Send) -> None:
        styled = body.replace(MARK, self._added, 1)
        if path.strip("/") not in self._pages and MARK in body:
            up = "../" * path.strip("/").count("/") or "./"
            start["status"], styled = 404, self._no_page(up)
        kept = [pair for pair in start["headers"] if pair[0].lower() not in OLD]
        start["headers"] = [*kept, (b"content-length", str(len(styled)).encode())]
        await send(start)
        await send({"type": "http.response.body", "body": styled})


def _uncompressed(scope: Scope) -> Scope:
    """Who asks for a page gets it as it is: what is compressed can't be changed."""
    headers = scope["headers"]
    if not any(name == b"accept" and b"text/html" in value for name, value in headers):
        return scope
    plain = [pair for pair in headers if pair[0] != b"accept-encoding"]
    return {**scope, "headers": plain}


def _is_page(message: Message) -> bool:
    headers = {name.lower(): value for name, value in message.get("headers", ())}
    return (
        message["status"] == 200
        and headers.get(b"content-type", b"").startswith(b"text/html")
        and b"content-encoding" not in headers
    )
