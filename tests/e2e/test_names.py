"""Names are people's own words: markup in them is shown as it stands and does nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from core.access import Role
from core.server.web import COOKIE
from core.store import Store, exports, look_up, slots
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.schedules import Outcome
from tests.e2e import runs
from tests.e2e.axe import findings
from tests.e2e.content import WORST
from tests.e2e.dashboard import Dashboard, let_in
from tests.e2e.screen import Visits, card, drawn, more

pytestmark = pytest.mark.browser
HARM = """document.querySelectorAll('img[src=x], a[href^="javascript:"]').length
    + document.querySelectorAll('.katex, p em, p code').length + (window.harmed || 0)"""
ROWS = {
    "export": ExportRow,
    "segment": SegmentRow,
    "source": SourceRow,
    "connection": ConnectionRow,
}


@pytest.mark.parametrize(
    "path",
    [
        "/exports",
        "/export?export={export}",
        "/exports?view=edit&export={export}",
        "/exports?view=duplicate&export={export}",
        "/segments",
        "/segments?view=edit&segment={segment}",
        "/sources",
        "/sources?source={source}",
        "/sources?view=edit&source={source}",
        "/connections",
        "/connections?view=edit&connection={connection}",
    ],
)
def test_markup_in_names_is_shown_as_text(
    dashboard: Dashboard, store: Store, tour: Visits, path: str
):
    page = tour.turn(dashboard.url + path.format(**_ids(store)))
    _stands(page)


def test_markup_in_names_is_text_in_runs_and_their_history(
    dashboard: Dashboard, store: Store, tour: Visits
):
    run = runs.ended(store, runs.asked(store, WORST).id)
    for path in ("/", "/history", f"/history?run={run.id}"):
        page = tour.turn(dashboard.url + path)
        _stands(page)


def test_markup_in_names_is_text_in_schedules_and_their_slots(
    dashboard: Dashboard, store: Store, tour: Visits
):
    now = datetime.now(UTC)
    with store.begin() as session:
        row = exports.find(session, WORST)
        for n, outcome in enumerate((Outcome.failed, Outcome.missed, Outcome.skipped)):
            at, key = now - timedelta(hours=n), slots.of_export(row.id)
            slots.claim(session, key, at, outcome, export=row, reason=WORST)
    paths = ("/schedules", f"/schedules?view=exports&export={row.id}", "/history")
    for path in (*paths, f"/export?export={row.id}"):
        page = tour.turn(dashboard.url + path)
        _stands(page)
        assert findings(page) == []


def test_markup_in_a_persons_name_is_text_wherever_they_are_shown(
    dashboard: Dashboard, visits: Visits
):
    token = let_in(dashboard.settings, WORST, Role.administrator)
    page = visits.open(f"{dashboard.url}/team")
    cookie = {"name": COOKIE, "value": token, "url": dashboard.url}
    page.context.add_cookies([cookie])
    for path in ("/team", "/account", "/"):
        page.goto(dashboard.url + path)
        expect(page.get_by_test_id("stSidebar").get_by_text(WORST)).to_be_visible()
        drawn(page)
        assert page.evaluate(HARM) == 0


@pytest.mark.parametrize("kind", ROWS)
def test_markup_in_names_is_text_in_what_is_asked_before_removing(
    dashboard: Dashboard, tour: Visits, kind: str
):
    page = tour.turn(f"{dashboard.url}/{kind}s")
    more(card(page, kind, WORST), "Remove")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(WORST)
    assert page.evaluate(HARM) == 0
    dialog.get_by_role("button", name="Close").first.click()
    expect(dialog).to_have_count(0)


def _stands(page: Page) -> None:
    shown = page.get_by_test_id("stMain").get_by_text(WORST).or_(page.locator(VALUE)).first
    expect(shown).to_be_visible()
    drawn(page)
    assert page.evaluate(HARM) == 0


VALUE = f"input[value='{WORST}']"


def _ids(store: Store) -> dict[str, int]:
    with store.begin() as session:
        return {kind: look_up(session, row, WORST).id for kind, row in ROWS.items()}
