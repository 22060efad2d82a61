"""The server: Streamlit's pages, and with them the engine that carries runs."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from core import settings
from core.api import app as api
from core.errors import SegferryError
from core.server import web
from core.server.downloads import Downloads
from core.server.index import Styled
from core.server.server import Server
from pages.router import PAGES
from pages.ui import frame, menu

SETTLE_EVERY = 60.0  # seconds
STATIC = Path(__file__).parent / "pages" / "static"
STYLE = (STATIC / "layout.css").read_text(encoding="utf-8")
SCRIPTS = ("server", "links", "keys")
SCRIPT = "".join((STATIC / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Runs go on from the start, not from the first browser: after a crash nobody may look."""
    try:
        server = Server.open(frame.store(), _say)
    except SegferryError as error:
        sys.exit(f"segferry: {error}")
    with server:
        settling = asyncio.create_task(_settle_again_and_again())
        yield
        settling.cancel()


def _say(line: str) -> None:
    """Beside Streamlit's own lines in the console."""
    sys.stdout.write(f"\n  {line}\n")
    sys.stdout.flush()


async def _settle_again_and_again() -> None:
    """Streamlit collects garbage after each run of a page: what stays needn't be looked at.

    Not only at the start, for the engine, the pages and people's sessions come later; but only
    where garbage was collected since, for an idle dashboard has nothing new to settle.
    """
    import altair  # noqa: F401
    import pyarrow  # noqa: F401

    settled = -1
    while True:
        if _collections() != settled:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            settled = _collections()
        await asyncio.sleep(SETTLE_EVERY)


def _collections() -> int:
    """How often all generations were collected so far."""
    return int(gc.get_stats()[-1]["collections"])


app = st.App(
    "pages/router.py",
    lifespan=lifespan,
    routes=[*web.routes(frame.store), *api.routes(frame.store)],
    middleware=[
        Middleware(web.Headers),
        Middleware(web.Outages),
        Middleware(
            Styled, style=STYLE, script=SCRIPT, pages=menu.addresses(PAGES), no_page=web.no_page
        ),
        Middleware(TrustedHostMiddleware, allowed_hosts=settings.read().hosts, www_redirect=False),
        Middleware(web.Origins),
        Middleware(web.Closed),
        Middleware(Downloads, store=frame.store, cookie=web.COOKIE),
        Middleware(web.Bodies, store=frame.store),
    ],
)
