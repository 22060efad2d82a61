"""A session that ends while its page is open: the next click in a fragment is refused."""

import pytest
from playwright.sync_api import expect

from core.access import Role
from core.store import Store, accounts, segments, sessions
from tests.e2e import dashboard as dashboards
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, press

pytestmark = pytest.mark.browser
SIGNED_OUT = "You are signed out. Reload the page to sign in."


@pytest.fixture
def zane(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> str:
    """The browser is a contributor's."""
    token = dashboards.let_in(dashboard.settings, "Zane", Role.contributor)
    monkeypatch.setitem(dashboards.SESSIONS, dashboard.url, token)
    return token


def test_a_fragment_does_nothing_once_the_session_has_ended(
    dashboard: Dashboard, zane: str, store: Store, visits: Visits
):
    with store.begin() as session:
        before = segments.find(session, "Everybody")
    page = visits.open(f"{dashboard.url}/segments?view=edit&segment={before.id}")
    press(page, "Add rule")
    expect(page.get_by_role("combobox", name="Field")).to_have_count(2)
    with store.begin() as session:
        sessions.end(session, zane)
    press(page, "Add rule")
    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()
    expect(page.get_by_role("combobox", name="Field")).to_have_count(0)


def test_the_ticking_progress_stops_telling_once_the_person_is_disabled(
    dashboard: Dashboard, zane: str, store: Store, visits: Visits
):
    page = visits.open(f"{dashboard.url}/exports")
    with store.begin() as session:
        accounts.disable(session, dashboards.ADA, accounts.find(session, "Zane"))
    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()  # by itself, at the next tick
    with store.begin() as session:
        accounts.enable(session, dashboards.ADA, accounts.find(session, "Zane"))
