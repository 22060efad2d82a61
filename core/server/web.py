"""What the server answers beside the pages: the start of a session, and what it refuses to all."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from html import escape
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.access import Person, Role
from core.connections import oauth
from core.destinations.register import KINDS, kind_of
from core.errors import Denied, SegferryError, StorageFailed
from core.server import backups, measures, sign_in, uploads
from core.server.callers import caller
from core.store import Store
from core.store.sessions import LASTS
from core.texts import _

COOKIE = "segferry_session"
BROWSER = "segferry_browser"  # that somebody has signed in there before; it opens nothing
START, END = "/auth/start", "/auth/end"
# In which Streamlit keeps what the provider of single sign-on said: the name of its cookies.
PROVIDERS = re.compile(r"_streamlit_user(_tokens)?(_\d+)?")
UPLOADS = "/_stcore/upload_file/"  # Streamlit's, behind which files would stay in memory
INSIDE = "/_stcore/"  # Streamlit's, of which pages need these; `stream`, no HTTP, is their socket
OPEN = ("/_stcore/health", "/_stcore/host-config")
CLOSED = ("/component/", "/auth/logout")
KNOWN = timedelta(days=400)  # for which a browser is remembered
API = "/api/"  # of `core.api`, which bounds bodies by itself and says so in its own way
MOST_BYTES = 200  # of a ticket
MOST_BODY = 100_000  # bytes of anything else that isn't an upload
FOREIGN = "This address is for Segferry's own pages."
TOO_LARGE = "This is more than Segferry takes here."
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)
MESSAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Segferry</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;
margin:4rem auto;padding:0 1rem}</style><main><h1>%s</h1><p>%s</p></main></html>"""
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


class Origins:
    """Refuses a WebSocket that another site's page opens."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what isn't foreign."""
        if scope["type"] == "websocket" and _is_foreign(HTTPConnection(scope)):
            await PlainTextResponse(FOREIGN, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class Outages:
    """Answers with a sentence while the database is away."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes all on; what has been begun ends as it does."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except StorageFailed as error:
            if begun or scope["type"] != "http":
                raise
            await PlainTextResponse(str(error), 503)(scope, receive, send)


class Closed:
    """Answers for what of Streamlit nobody here needs: its figures, its interface for agents.

    Health and `host-config` stay open: the page to sign in asks for them before anybody can have
    signed in. What they say is the same in every installation.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all else."""
        if scope["type"] == "http" and _is_closed(scope["path"]):
            await PlainTextResponse("Not found.", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_closed(path: str) -> bool:
    if path.startswith(INSIDE):
        return path not in OPEN and not path.startswith(UPLOADS)
    return path.startswith(CLOSED)


class Bodies:
    """Refuses bodies that nothing here needs: large ones, and uploads of who can't add sources."""

    def __init__(self, app: ASGIApp, store: Callable[[], Store]) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may be sent, counting while it comes."""
        if scope["type"] != "http" or scope["path"].startswith(API):
            await self._app(scope, receive, send)
        elif scope["path"].startswith(UPLOADS):
            await self._upload(scope, receive, send)
        elif _length(scope) > MOST_BODY:
            await PlainTextResponse(TOO_LARGE, 413)(scope, receive, send)
        else:
            await self._app(scope, _counted(receive), send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only who is signed in and may add sources, in our own pages."""
        request = Request(scope, receive)
        person = await run_in_threadpool(self._uploading, request)
        if _is_foreign(request) or person is None:
            text = "Only contributors who are signed in upload files."
            await PlainTextResponse(text, 403)(scope, receive, send)
            return
        settings, owner = self._store().settings, person.id or 0
        if request.method == "PUT":
            await uploads.receive_file(request, send, self._app, settings, owner)
        else:
            await self._app(scope, _counted(receive), send)
            if request.method == "DELETE":
                await run_in_threadpool(uploads.forget, request, settings, owner)

    def _uploading(self, request: Request) -> Person | None:
        """Who sends the request, if they may upload."""
        person = sign_in.who(self._store(), request.cookies.get(COOKIE))
        return person if person and person.role >= Role.contributor else None


def routes(store: Callable[[], Store]) -> list[Route]:
    """The addresses; `store` opens this installation's."""
    return [
        *measures.routes(store),
        backups.route(store, COOKIE),
        Route(START, partial(_start, store), methods=["POST"]),
        Route(END, partial(_end, store), methods=["POST"]),
        *(
            Route(oauth.return_path(type), partial(_back, store, type), methods=["GET"])
            for type, kind in KINDS.items()
            if kind.oauth
        ),
    ]


async def _start(store: Callable[[], Store], request: Request) -> Response:
    """A ticket becomes a session, with a token that only the cookie holds."""
    if _is_foreign(request):
        return PlainTextResponse(FOREIGN, 403)
    ticket = await _ticket(request)
    agent, address = request.headers.get("user-agent", ""), caller(request)
    try:
        token = await run_in_threadpool(sign_in.start, store(), ticket, address, agent)
    except Denied as error:
        return PlainTextResponse(str(error), 403)
    mark = await run_in_threadpool(sign_in.browser_mark, store(), token)
    return _with_cookies(request, token, mark)


async def _end(store: Callable[[], Store], request: Request) -> Response:
    """The session of the cookie ends, and the cookie is deleted."""
    if _is_foreign(request):
        return PlainTextResponse(FOREIGN, 403)
    token = request.cookies.get(COOKIE)
    await run_in_threadpool(sign_in.leave, store(), token, caller(request))
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def _back(store: Callable[[], Store], type: str, request: Request) -> Response:
    """Somebody returns from a destination: without our cookie, which is SameSite=Strict.

    What counts is the state, which only their browser knows.
    """
    state, code, error = (request.query_params.get(k, "") for k in ("state", "code", "error"))
    try:
        await run_in_threadpool(oauth.arrive, store(), type, state, code, error)
    except SegferryError as failed:
        return _message(_("This didn't work"), str(failed), 400)
    title = _("Authenticated with {destination}").format(destination=kind_of(type).title)
    return _message(title, _("You can close this tab and continue where you were."))


def no_page(up: str) -> bytes:
    """What is answered where no page can be, with a link to the first one, at `up`."""
    text = _("Check the address, or go to the {overview}.").format(
        overview=f'<a href="{escape(up)}">{escape(_("Overview"))}</a>'
    )
    return (MESSAGE % (escape(_("There is no page here")), text)).encode()


def _message(title: str, text: str, status: int = 200) -> Response:
    """A page of a few words, which no cache keeps: its address holds a code."""
    page = MESSAGE % (escape(title), escape(text))
    return HTMLResponse(page, status, {"cache-control": "no-store"})


def _length(scope: Scope) -> int:
    length = Request(scope).headers.get("content-length", "0")
    return int(length) if length.isdecimal() else 0


def _counted(receive: Receive) -> Receive:
    """For a body that comes without its length, or with a wrong one."""
    taken = 0

    async def received() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BODY:
            raise HTTPException(413, TOO_LARGE)
        return message

    return received


async def _ticket(request: Request) -> str:
    """The body; more than a ticket can be is not read."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return ""
    return body.decode("ascii", "replace")


def _with_cookies(request: Request, token: str, mark: str | None) -> Response:
    response = Response(status_code=204)
    for name, value, lasts in ((BROWSER, mark or "", KNOWN), (COOKIE, token, LASTS)):
        response.set_cookie(
            name,
            value,
            max_age=int(lasts.total_seconds()),
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


def _is_foreign(request: HTTPConnection) -> bool:
    """Whether another site's page sends this; browsers say so, in one of two ways."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin"):
        return True
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")
