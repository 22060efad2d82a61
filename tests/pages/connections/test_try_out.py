"""“Try it in the sandbox” on the Connections page, with and without a server around the pages."""

import re
import socket
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role
from core.server.server import Server
from core.store import Store, connections
from core.store.tables.connections import ConnectionRow
from pages.ui import frame

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    """The server of the pages; its sandbox takes a port that no other test uses."""
    folder = store.settings.home / "sandbox"
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        (folder / "port").write_text(str(probe.getsockname()[1]))
    with Server(frame.store(), lambda _line: None, has_pages=True) as server:
        yield server


def test_one_click_on_the_empty_page_makes_a_connection_that_is_marked(
    page: Page, server: Server, words: Words, store: Store, cells: Words
):
    app = page("connections")
    assert "Nothing leaves this machine" in words(app)
    app.button(key="try-sandbox").click().run()
    assert not app.error
    with store.begin() as session:
        (row,) = connections.everything(session)
    assert (row.base_url, row.account_id) == (server.sandbox(), "XK4p9T")
    assert re.search(r">Klaviyo <span class=\"sf-badge blue\"[^>]*>.*Sandbox<", cells(app))
    assert [toast.value for toast in app.toast] == [
        "The sandbox is ready. Nothing leaves this machine."
    ]
    app.button(key="try-sandbox").click().run()
    assert not app.error
    with store.begin() as session:
        assert len(connections.everything(session)) == 1


def test_without_a_server_the_click_says_how_to_start_one(page: Page, store: Store):
    app = page("connections")
    app.button(key="try-sandbox").click().run()
    assert "“segferry sandbox”" in app.error[0].value
    with store.begin() as session:
        assert connections.everything(session) == []


def test_contributors_are_not_offered_it(
    page: Page, signed_in: Callable[[Role], None], connection: ConnectionRow
):
    signed_in(Role.contributor)
    app = page("connections")
    assert "try-sandbox" not in {button.key for button in app.button}
