"""Backups that are downloaded: from the disk, for whoever of the team may configure."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.backup import backups
from core.errors import Denied, SegferryError
from core.server import sign_in
from core.server.callers import caller
from core.store import Store
from core.texts import _

PATH = "/backup/{name}"


def route(store: Callable[[], Store], cookie: str) -> Route:
    """Its address; `cookie` has the session of who asks."""
    return Route(PATH, partial(_download, store, cookie), methods=["GET"])


async def _download(store: Callable[[], Store], cookie: str, request: Request) -> Response:
    name, token = request.path_params["name"], request.cookies.get(cookie)
    try:
        path = await run_in_threadpool(_fetched, store(), token, caller(request), name)
    except Denied as error:
        return PlainTextResponse(str(error), 403)
    except SegferryError as error:
        return PlainTextResponse(str(error), 404)
    headers = {"cache-control": "no-store"}
    return FileResponse(path, media_type="application/zip", filename=path.name, headers=headers)


def _fetched(store: Store, token: str | None, address: str, name: str) -> Path:
    person = sign_in.who(store, token, address)
    if person is None:
        raise Denied(_("You are signed out. Sign in, then download it again."))
    return backups.fetched(store, person, name)
