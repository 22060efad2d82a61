"""The page that Streamlit's scripts begin in has our style and script from its first byte on."""

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from core.server import web
from core.server.index import Styled

STYLE, SCRIPT = "p{color:red}", "document.title"
PAGE = f"<html><head><title>Ä</title></head><body>{'x' * 2_000}</body></html>"


def _answer(request: Request) -> Response:
    if request.url.path == "/data":
        return JSONResponse({"text": "</head>"})
    return HTMLResponse(PAGE, headers={"etag": '"1"'})


def ask(path: str, accept: str) -> httpx.Response:
    """The answer of an application that compresses what it answers, as Streamlit does."""
    routes = [Route("/data", _answer), Route("/{path:path}", _answer)]
    styled = Middleware(
        Styled, style=STYLE, script=SCRIPT, pages=["", "exports"], no_page=web.no_page
    )
    middleware = [styled, Middleware(GZipMiddleware)]
    transport = httpx.ASGITransport(Starlette(routes=routes, middleware=middleware))

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path, headers={"accept": accept, "accept-encoding": "gzip"})

    return asyncio.run(asked())


def test_a_page_has_the_style_the_script_and_its_true_length():
    found = ask("/", "text/html,*/*")
    added = f"<style>{STYLE}</style><script>{SCRIPT}</script>"
    assert found.text == PAGE.replace("</head>", f"{added}</head>")
    assert found.headers["content-length"] == str(len(found.content))
    assert "etag" not in found.headers  # it was that of another page


def test_nothing_else_is_changed():
    assert ask("/data", "*/*").json() == {"text": "</head>"}
    raw = ask("/", "*/*")
    assert raw.headers["content-encoding"] == "gzip"
    assert raw.text == PAGE


def test_below_and_beside_the_pages_is_no_page_and_a_link_leads_to_the_first_one():
    beside = [(path, "./") for path in ("/abc", "/Exports", "/exports;", "/export", "/%C4%B7")]
    for path, up in (("/a/b", "../"), ("/exports/new/one", "../../"), *beside):
        found = ask(path, "text/html")
        assert found.status_code == 404
        assert "There is no page here" in found.text
        assert f'<a href="{up}">Overview</a>' in found.text
        assert found.headers["content-length"] == str(len(found.content))
        assert SCRIPT not in found.text
    assert ask("/exports/", "text/html").status_code == 200
