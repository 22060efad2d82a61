"""Every page in its main states, at its address: complete, reachable, and all from here.

Names are people's own words: markup in them is shown as it stands and does nothing.
"""

from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from core.access import Role
from core.server.web import COOKIE
from core.store import Store, look_up
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from tests.e2e.axe import look_at
from tests.e2e.content import WORST
from tests.e2e.dashboard import Dashboard, let_in
from tests.e2e.screen import Tour, Visits, card, drawn, more
from tests.e2e.screens import EMPTY, FILLED, Screen

pytestmark = pytest.mark.browser
HARM = """document.querySelectorAll('img[src=x], a[href^="javascript:"]').length
    + document.querySelectorAll('.katex, p em, p code').length + (window.harmed || 0)"""
VALUE = f"input[value='{WORST}']"
LAPTOP = {"width": 1280, "height": 800}
CUT = """[...document.querySelectorAll('[data-testid=stMetric] *, [data-testid=stCheckbox] *')]
    .filter(part => getComputedStyle(part).textOverflow == 'ellipsis')
    .filter(part => part.scrollWidth > part.clientWidth).map(part => part.textContent)"""
UNFOLD = "document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())"
PATHS = {urlsplit(screen.path).path for screen in EMPTY + FILLED}
ROWS = {
    "export": ExportRow,
    "segment": SegmentRow,
    "source": SourceRow,
    "connection": ConnectionRow,
}


@pytest.mark.parametrize("screen", EMPTY, ids=lambda screen: screen.name)
def test_a_page_with_nothing_to_show_is_whole_and_accessible(
    empty: Dashboard, tour: Tour, screen: Screen
):
    _look(tour.to(empty.url + screen.path), screen)


@pytest.mark.parametrize("screen", FILLED, ids=lambda screen: screen.name)
def test_a_page_is_whole_and_accessible_and_markup_in_names_is_text(
    dashboard: Dashboard, store: Store, tour: Tour, screen: Screen
):
    page = tour.to(dashboard.url + screen.path.format(**_ids(store)))
    if screen.worst:
        shown = (
            page.get_by_test_id("stMain")
            .get_by_text(WORST)
            .or_(page.locator(VALUE))
            .filter(visible=True)
            .first
        )
        expect(shown).to_be_visible()
    _look(page, screen)


def _look(page: Page, screen: Screen) -> None:
    """By its address; then on a telephone. `tour` checks what it loads."""
    expect(page.get_by_test_id("stMain")).to_contain_text(screen.shows)
    drawn(page)
    assert urlsplit(page.url).path == urlsplit(screen.path).path
    assert page.evaluate(HARM) == 0
    look_at(page, screen.dark)


def test_every_address_is_answered_with_the_scripts_that_draw_its_page(dashboard: Dashboard):
    for path in PATHS:
        answer = httpx.get(dashboard.url + path).raise_for_status()
        assert '<div id="root"></div>' in answer.text


@pytest.mark.parametrize("path", ["/history?run=1", "/exports?view=edit&export={export}"])
def test_on_a_laptop_no_words_of_figures_and_boxes_are_cut(
    dashboard: Dashboard, store: Store, visits: Visits, path: str
):
    page = visits.open(dashboard.url + path.format(**_ids(store)))
    page.set_viewport_size(LAPTOP)
    page.evaluate(UNFOLD)
    drawn(page)
    looked_at = page.get_by_test_id("stMetric").or_(page.get_by_test_id("stCheckbox"))
    expect(looked_at.last).to_be_visible()
    assert page.evaluate(CUT) == []


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
    dashboard: Dashboard, tour: Tour, kind: str
):
    page = tour.to(f"{dashboard.url}/{kind}s")
    more(card(page, kind, WORST), "Remove")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(WORST)
    assert page.evaluate(HARM) == 0
    dialog.get_by_role("button", name="Close").first.click()
    expect(dialog).to_have_count(0)


def _ids(store: Store) -> dict[str, int]:
    with store.begin() as session:
        return {kind: look_up(session, row, WORST).id for kind, row in ROWS.items()}
