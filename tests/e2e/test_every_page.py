"""Every page in its main states, opened by its address: complete, reachable, and all from here."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import PHONE, Visits, drawn
from tests.e2e.screens import EMPTY, FILLED, Screen

pytestmark = pytest.mark.browser
# Streamlit's own: the sections of its menu, the small charts of figures, tables on a telephone.
KNOWN = {"list", "listitem", "svg-img-alt", "scrollable-region-focusable"}
FIND = """rules => axe.run({resultTypes: ["violations"], ...rules}).then(({violations}) =>
    violations.map(({id, nodes}) => [id, ...nodes.map(({html}) => html)]))"""
WIDTHS = "['html', '[data-testid=stMain]'].map(e => document.querySelector(e).scrollWidth)"


@pytest.mark.parametrize("screen", EMPTY, ids=lambda screen: screen.name)
def test_a_page_with_nothing_to_show_is_whole_and_accessible(
    empty: Dashboard, visits: Visits, screen: Screen
):
    _look(empty, visits, screen)


@pytest.mark.parametrize("screen", FILLED, ids=lambda screen: screen.name)
def test_a_page_is_whole_and_accessible(dashboard: Dashboard, visits: Visits, screen: Screen):
    _look(dashboard, visits, screen)


def _look(dashboard: Dashboard, visits: Visits, screen: Screen) -> None:
    """By its address; then in the dark, then on a telephone. `visits` checks what it loads."""
    page = visits.open(f"{dashboard.url}{screen.path}")
    expect(page.get_by_test_id("stMain")).to_contain_text(screen.shows)
    drawn(page)
    assert urlsplit(page.url).path == urlsplit(screen.path).path
    page.evaluate(AXE_SCRIPT)
    assert _findings(page) == []
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(3, 6, 8)")
    assert _findings(page, runOnly=["color-contrast"]) == []
    page.set_viewport_size(PHONE)
    drawn(page)
    assert _findings(page) == []
    assert max(page.evaluate(WIDTHS)) <= PHONE["width"]


def _findings(page: Page, **rules: object) -> list[list[str]]:
    return [found for found in page.evaluate(FIND, rules) if found[0] not in KNOWN]
