"""Removing things: asked first, with what goes by name and number; keeping changes nothing."""

import pytest
from playwright.sync_api import expect

from core.store import Store, connections, exports, look_up
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from tests.e2e.axe import findings
from tests.e2e.content import GOING, LETTER, UNUSED
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, badge, card, drawn, more, press

pytestmark = pytest.mark.browser
OLD, CLOSED = GOING


def test_a_connection_in_use_is_kept_or_goes_and_leaves_its_exports_detached(
    dashboard: Dashboard, store: Store, visits: Visits
):
    page = visits.open(f"{dashboard.url}/connections")
    more(card(page, "connection", OLD), "Remove")
    dialog = page.get_by_role("dialog", name=f"Remove “{OLD}”?")
    dialog.get_by_text("Decide for each export").click()
    happens = "2 exports are detached."
    for text in ("2 exports use it.", *GOING[OLD], "Its key is deleted", happens):
        expect(dialog).to_contain_text(text)
    assert findings(page) == []
    press(dialog, "Cancel")
    expect(dialog).to_have_count(0)
    assert _has(store, ConnectionRow, OLD)

    more(card(page, "connection", OLD), "Remove")
    press(dialog, "Remove connection")
    expect(page.get_by_text("The connection is removed.")).to_be_visible()
    assert not _has(store, ConnectionRow, OLD)
    page.goto(f"{dashboard.url}/exports")
    for name in GOING[OLD]:
        detached = card(page, "export", name)
        expect(badge(detached, "No connection")).to_be_visible()
        expect(detached.get_by_role("button", name=f"Run {name}", exact=True)).to_be_disabled()


def test_a_connection_in_use_goes_with_its_exports_when_that_is_chosen(
    dashboard: Dashboard, store: Store, visits: Visits
):
    page = visits.open(f"{dashboard.url}/connections")
    more(card(page, "connection", CLOSED), "Remove")
    dialog = page.get_by_role("dialog", name=f"Remove “{CLOSED}”?")
    dialog.get_by_text("Remove it, too").click()
    expect(dialog).to_contain_text("1 export is removed.")
    press(dialog, "Remove connection and 1 export")
    expect(page.get_by_text("The connection is removed.")).to_be_visible()
    with store.begin() as session:
        left = {row.name for row in exports.everything(session)}
        assert CLOSED not in {row.name for row in connections.everything(session)}
    assert not left & set(GOING[CLOSED])
    assert LETTER in left


def test_an_export_says_what_stays_and_is_kept(dashboard: Dashboard, visits: Visits):
    page = visits.open(f"{dashboard.url}/exports")
    more(card(page, "export", LETTER), "Remove")
    dialog = page.get_by_role("dialog", name="Remove the export?")
    for text in (
        LETTER,
        "are removed for good",
        "Its 1 run stays in the history",
        "stay as they are",
    ):
        expect(dialog).to_contain_text(text)
    press(dialog, "Cancel")
    expect(dialog).to_have_count(0)
    expect(card(page, "export", LETTER)).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "row", "used", "needed"),
    [
        ("segment", SegmentRow, "Everybody", LETTER),
        ("source", SourceRow, "Few", "Everybody"),
    ],
)
def test_what_is_in_use_says_by_what_and_all_else_is_removed_only_once_that_is_confirmed(
    dashboard: Dashboard, store: Store, visits: Visits, kind: str, row: type, used: str, needed: str
):
    page = visits.open(f"{dashboard.url}/{kind}s")
    more(card(page, kind, used), "Remove")
    dialog = page.get_by_role("dialog", name=f"Remove “{used}”?")
    expect(dialog.get_by_role("link", name=needed, exact=True)).to_be_visible()
    expect(dialog.get_by_role("button", name="Remove")).to_have_count(0)
    dialog.get_by_role("button", name="Close").last.click()
    expect(dialog).to_have_count(0)

    more(card(page, kind, UNUSED), "Remove")
    dialog = page.get_by_role("dialog", name=f"Remove “{UNUSED}”?")
    press(dialog, "Cancel")
    expect(dialog).to_have_count(0)
    assert _has(store, row, UNUSED)
    more(card(page, kind, UNUSED), "Remove")
    press(dialog, f"Remove {kind}")
    expect(page.get_by_text(f"“{UNUSED}” is removed.")).to_be_visible()
    drawn(page)
    assert not _has(store, row, UNUSED)


def _has(store: Store, kind: type, name: str) -> bool:
    with store.begin() as session:
        return look_up(session, kind, name) is not None
