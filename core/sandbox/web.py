"""The sandbox as a Starlette application: the API, OAuth, the controls, the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.sandbox import control, oauth, page
from core.sandbox.api.table import matching
from core.sandbox.gate import handled
from core.sandbox.wire import answer
from core.sandbox.world import World

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
        lifespan=lifespan,
    )
