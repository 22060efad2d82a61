"""The form of an export: what its columns hold, what is cleared, and what a change will do."""

import pytest
from playwright.sync_api import expect

from core.store import Store, exports
from tests.e2e.axe import look_at
from tests.e2e.content import MANY_MORE
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, chosen, drawn, headed, press

pytestmark = pytest.mark.browser
CLEAR = "Clear in Klaviyo when empty"


def test_an_export_is_changed_by_its_matching_its_mode_and_its_schedule(
    dashboard: Dashboard, store: Store, visits: Visits
):
    with store.begin() as session:
        id = exports.find(session, MANY_MORE).id
    page = visits.open(f"{dashboard.url}/exports?view=edit&export={id}")
    headed(page, "Edit export")
    match = page.locator(".st-key-form-match")
    expect(match).to_contain_text("p•••@example.com · p•••@example.com · p•••@example.com")
    expect(match.get_by_text("0 % empty")).to_have_count(3)

    chosen(page, "First name").focus()
    page.keyboard.press("Tab")  # to the button that takes the column back,
    page.keyboard.press("Tab")  # then to what is done when it is empty
    page.keyboard.press("Space")
    drawn(page)
    expect(match.get_by_role("checkbox", name=CLEAR).last).to_be_checked()
    chosen(page, "External ID").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(match.get_by_role("checkbox", name=CLEAR)).to_have_count(1)

    page.get_by_text("A schedule of its own").click()
    page.get_by_text("Mirror: add, update").click()
    told = page.get_by_role("status").filter(has_text="What this change does")
    expect(told).to_contain_text("Whoever leaves the segments is taken off the list")
    drawn(page)
    look_at(page)
    page.get_by_text("Off: only when somebody runs it").click()
    drawn(page)
    press(page, "Save export")
    headed(page, MANY_MORE)
    with store.begin() as session:
        spec = exports.spec(session, exports.find(session, id))
    assert (spec.mode, spec.clear, spec.match.external_id) == ("mirror", ("first_name",), None)
