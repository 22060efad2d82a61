"""The server: Streamlit's pages, and with them the engine that carries runs."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from core import settings, web
from core.errors import SegferryError
from core.runner.server import Server
from core.store import Store, open_store


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Runs go on from the start, not from the first browser: after a crash nobody may look."""
    try:
        server = Server.open(_say)
    except SegferryError as error:
        sys.exit(f"segferry: {error}")
    with server:
        _settle_memory()
        yield


def _say(line: str) -> None:
    """Beside Streamlit's own lines in the console."""
    sys.stdout.write(f"\n  {line}\n")
    sys.stdout.flush()


def _settle_memory() -> None:
    """Streamlit collects garbage after each run of a page: what stays needn't be looked at."""
    import altair  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow  # noqa: F401

    gc.collect()
    gc.freeze()


@cache
def _store() -> Store:
    return open_store(settings.read())


app = st.App(
    "pages/router.py",
    lifespan=lifespan,
    routes=web.routes(_store),
    middleware=[
        Middleware(web.Headers),
        Middleware(TrustedHostMiddleware, allowed_hosts=settings.read().hosts, www_redirect=False),
        Middleware(web.Origins),
        Middleware(web.Bodies, store=_store),
    ],
)
