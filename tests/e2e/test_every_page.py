"""Every page in its main states, opened by its address: complete, reachable, and all from here."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import look_at
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, drawn
from tests.e2e.screens import EMPTY, FILLED, Screen

pytestmark = pytest.mark.browser


def test_pages_with_nothing_to_show_are_whole_and_accessible(empty: Dashboard, tour: Visits):
    for screen in EMPTY:
        _look(empty, tour, screen)


@pytest.mark.parametrize("screen", FILLED, ids=lambda screen: screen.name)
def test_a_page_is_whole_and_accessible(dashboard: Dashboard, tour: Visits, screen: Screen):
    _look(dashboard, tour, screen)


def _look(dashboard: Dashboard, tour: Visits, screen: Screen) -> None:
    """By its address; then in the dark, then on a telephone. `tour` checks what it loads."""
    page = tour.turn(f"{dashboard.url}{screen.path}")
    expect(page.get_by_test_id("stMain")).to_contain_text(screen.shows)
    drawn(page)
    assert urlsplit(page.url).path == urlsplit(screen.path).path
    look_at(page)
