"""The sandbox as a Starlette application: the API, OAuth, the controls, the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.destinations.addresses import is_loopback
from core.sandbox import control, oauth, page
from core.sandbox.api.table import matching
from core.sandbox.gate import handled
from core.sandbox.wire import answer
from core.sandbox.world import World

FOREIGN = "This address is for programs of this machine and the sandbox's own pages."
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


def build(world: World) -> Starlette:
    """The application around a world, which it enters at its start and leaves at its end."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with world:
            yield

    async def api(request: Request) -> Response:
        endpoint, path = matching(request.url.path).get(request.method, (None, {}))
        return await answer(
            world, request, endpoint, partial(handled, world, request, endpoint, path)
        )

    return Starlette(
        routes=[
            *(Route(path, partial(show, world), methods=["GET"]) for path, show in page.PAGES),
            *(
                Route(path, partial(act, world), methods=[method])
                for method, path, act in (*oauth.ACTIONS, *control.ACTIONS)
            ),
            Route("/{path:path}", api, methods=METHODS),
        ],
        middleware=[Middleware(OwnPages)],
        lifespan=lifespan,
    )


class OwnPages:
    """Refuses what a page of another site sends: a browser on this machine reaches all of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what programs and the sandbox's own pages send, and links that are opened."""
        if scope["type"] == "http" and _is_foreign(Request(scope)):
            await PlainTextResponse(FOREIGN, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_foreign(request: Request) -> bool:
    """Whether a page elsewhere does more than to open a link here, which OAuth has to."""
    if not is_loopback(f"http://{request.headers.get('host', '')}"):
        return True  # a name that somebody has made to mean this machine
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return True
    opened = request.headers.get("sec-fetch-mode") == "navigate" and request.method == "GET"
    return site in ("cross-site", "same-site") and not opened
