"""Files that pages offer, as Streamlit serves them behind our middleware: who may load them."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.web.server.starlette.starlette_routes import create_media_routes

from core.access import Role
from core.server.downloads import Downloads, type_for
from core.server.web import COOKIE
from core.store import Store, accounts, sessions
from tests.conftest import ADA
from tests.in_process import InProcess

CONTENT = b"email\nilze@example.lv\n"
FILES = MemoryMediaFileStorage("/media")


@pytest.fixture
def token(store: Store) -> str:
    return session_of(store, "Ada")


@pytest.fixture
def browser(store: Store) -> InProcess:
    """One without cookies."""
    app = Starlette(
        routes=create_media_routes(FILES, ""),
        middleware=[Middleware(Downloads, store=lambda: store, cookie=COOKIE)],
    )
    return InProcess(app)


def session_of(store: Store, name: str) -> str:
    with store.begin() as session:
        account = accounts.look_up(session, name) or accounts.add(session, ADA, name, Role.viewer)
        return sessions.begin(session, account, "127.0.0.1", "test")


def offered(type: str, kind: MediaFileKind = MediaFileKind.DOWNLOADABLE) -> str:
    """The address of a file of this type."""
    return FILES.get_url(FILES.load_and_get_id(CONTENT, type, kind, "members.csv"))


def as_session(token: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={token}"}


def test_a_download_is_for_the_session_that_asked_for_it(browser: InProcess, token: str):
    answer = browser.get(offered(type_for(token)), headers=as_session(token))
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "members.csv" in answer.headers["content-disposition"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("more", [{}, {"Range": "bytes=0-4"}])
def test_nobody_else_gets_it(
    browser: InProcess, store: Store, token: str, method: str, more: dict[str, str]
):
    address = offered(type_for(token))
    for other in ({}, as_session("forged"), as_session(session_of(store, "Vita"))):
        answer = browser.request(method, address, headers=other | more)
        assert answer.status_code == 403
        assert b"ilze" not in answer.content
        assert "content-disposition" not in answer.headers
    another = session_of(store, "Ada")  # the same person in another browser
    assert browser.get(address, headers=as_session(another) | more).status_code == 403


def test_a_download_ends_with_its_session(browser: InProcess, store: Store, token: str):
    address = offered(type_for(token))
    with store.begin() as session:
        sessions.end(session, token)
    assert browser.get(address, headers=as_session(token)).status_code == 403


@pytest.mark.parametrize("type", ["text/csv", "application/octet-stream", "image/svg+xml"])
def test_a_download_that_names_no_session_is_for_nobody(browser: InProcess, token: str, type: str):
    assert browser.get(offered(type), headers=as_session(token)).status_code == 403


def test_pictures_of_the_way_in_are_for_everybody(browser: InProcess):
    address = offered("image/png", MediaFileKind.MEDIA)
    assert browser.get(address).status_code == 200
    assert browser.get("/media/nothing").status_code == 404
