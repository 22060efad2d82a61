"""A connection is marked wherever it is used: live, a test account, or the sandbox."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.store import Store, connections, exports
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from pages.runs.marks import mark

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
KLAVIYO = "https://a.klaviyo.com"
LIVE, TEST = ":gray-badge[:material/public: Live]", ":blue-badge[:material/labs: Test account]"
SANDBOX = ":blue-badge[:material/science: Sandbox]"


@pytest.mark.parametrize(
    ("base_url", "test_account", "shown"),
    [
        (KLAVIYO, False, LIVE),
        (KLAVIYO, None, LIVE),
        (KLAVIYO, True, TEST),
        ("https://klaviyo.example", False, f"{LIVE} klaviyo.example"),
        ("https://klaviyo.example:8443", True, rf"{TEST} klaviyo.example\::gray[]8443"),
        ("http://127.0.0.1:8765", True, SANDBOX),
        ("http://localhost:8765", None, SANDBOX),
        ("http://[::1]:8765", None, SANDBOX),
    ],
)
def test_the_marking_follows_from_where_it_goes(base_url, test_account, shown):
    row = ConnectionRow(type="klaviyo", base_url=base_url, test_account=test_account)
    assert mark(row) == shown


@pytest.fixture
def everywhere(page: Page, export: ExportRow, ran: Callable[..., Run]) -> Callable[[], list]:
    """The pages on which the connection of the export is used."""
    run = ran(RunStatus.succeeded)
    places = [("exports", {}), ("preview", {"export": export.id}), ("history", {"run": run.id})]
    return lambda: [page(name, **query) for name, query in places]


def test_the_sandbox_is_marked_in_the_list_the_preview_and_the_run(everywhere, words: Words):
    rows, *others = everywhere()
    assert "Newsletter account, Sandbox<" in rows.get("html")[0].proto.body
    assert [SANDBOX in words(app) for app in others] == [True] * 2


def test_a_live_account_and_a_host_of_ones_own_are_marked_there_too(
    everywhere, words: Words, connection: ConnectionRow, store: Store
):
    with store.begin() as session:
        row = connections.find(session, connection.id)
        row.base_url = "https://klaviyo.example"
    rows, *others = everywhere()
    assert "Newsletter account, Live klaviyo.example<" in rows.get("html")[0].proto.body
    assert [f"{LIVE} klaviyo.example" in words(app) for app in others] == [True] * 2


def test_the_form_of_an_export_marks_what_is_chosen(page: Page, export: ExportRow, words: Words):
    assert SANDBOX in words(page("exports", view="edit", export=export.id))


def test_a_detached_export_has_no_marking_but_its_run_keeps_it(
    everywhere, words: Words, export: ExportRow, store: Store, ada
):
    with store.begin() as session:
        exports.detach(session, ada, exports.find(session, export.id))
    assert [SANDBOX in words(app) for app in everywhere()] == [False, False, True]


def test_the_list_opens_at_the_destination_but_not_in_the_sandbox(
    everywhere, page: Page, connection: ConnectionRow, store: Store
):
    _rows, preview, _run = everywhere()
    assert not preview.get("link_button")
    with store.begin() as session:
        connections.find(session, connection.id).base_url = KLAVIYO
    (link,) = page("preview", export=1).get("link_button")
    assert (link.proto.label, link.proto.url) == (
        "Open list in Klaviyo",
        "https://www.klaviyo.com/list/Y6nRLr",
    )
    (menu,) = page("exports").get("menu_button")
    assert "Open list in Klaviyo" in menu.proto.options
