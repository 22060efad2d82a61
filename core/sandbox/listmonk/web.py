"""The local listmonk as a Starlette application: the API and the controls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.sandbox.listmonk import control
from core.sandbox.listmonk.gate import handled
from core.sandbox.listmonk.table import matching
from core.sandbox.listmonk.world import World
from core.sandbox.wire import answer

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


def build(world: World) -> Starlette:
    """The application around a world, which it leaves at its end."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with world:
            yield

    async def api(request: Request) -> Response:
        endpoint, path = matching(request.url.path).get(request.method, (None, {}))
        handle = partial(handled, world, request, endpoint, path)
        return await answer(world, request, endpoint, handle)

    return Starlette(
        routes=[
            *(
                Route(path, partial(act, world), methods=[method])
                for method, path, act in control.ACTIONS
            ),
            Route("/{path:path}", api, methods=METHODS),
        ],
        lifespan=lifespan,
    )
