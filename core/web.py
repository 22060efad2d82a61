"""What the server answers beside the pages: the start of a session, and headers for all."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import sign_in
from core.errors import Denied
from core.store import Store
from core.store.sessions import LASTS

COOKIE = "segferry_session"
START, END = "/auth/start", "/auth/end"
# In which Streamlit keeps what the provider of single sign-on said: the name of its cookies.
PROVIDERS = re.compile(r"_streamlit_user(_tokens)?(_\d+)?")
MOST_BYTES = 200  # of a ticket
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; frame-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
)


class Headers:
    """Gives every answer the headers that keep other sites and other people's markup out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and adds to its answer."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _value in HEADERS}
                others = [pair for pair in message.get("headers", ()) if pair[0] not in ours]
                message["headers"] = [*others, *HEADERS]
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


def routes(store: Callable[[], Store]) -> list[Route]:
    """The addresses; `store` opens this installation's."""

    async def start(request: Request) -> Response:
        """A ticket becomes a session, whose token only the cookie holds."""
        if _is_foreign(request):
            return PlainTextResponse("This address is for Segferry's own pages.", 403)
        ticket = await _ticket(request)
        agent, address = request.headers.get("user-agent", ""), _address(request)
        try:
            token = await run_in_threadpool(sign_in.start, store(), ticket, address, agent)
        except Denied as error:
            return PlainTextResponse(str(error), 403)
        return _with_cookie(request, token)

    async def end(request: Request) -> Response:
        """The session of the cookie ends, and the cookie goes."""
        if _is_foreign(request):
            return PlainTextResponse("This address is for Segferry's own pages.", 403)
        token = request.cookies.get(COOKIE)
        await run_in_threadpool(sign_in.leave, store(), token, _address(request))
        response = RedirectResponse("/", 303)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return response

    return [Route(START, start, methods=["POST"]), Route(END, end, methods=["POST"])]


async def _ticket(request: Request) -> str:
    """The body; more than a ticket can be is not read."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return ""
    return body.decode("ascii", "replace")


def _with_cookie(request: Request, token: str) -> Response:
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )
    _forget_provider(request, response)
    return response


def _forget_provider(request: Request, response: Response) -> None:
    """What it said has done its work: kept, it would hold for 30 days and for whoever copies it."""
    for name in filter(PROVIDERS.fullmatch, request.cookies):
        response.delete_cookie(name, path="/", httponly=True, samesite="lax")


def _is_foreign(request: Request) -> bool:
    """Whether another site's page sends this; browsers say so, in one of two ways."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin"):
        return True
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
