"""What is wrong in a form comes into view, and what was typed outlives a reload and Back."""

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import look_at
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, badge, drawn, headed, press, write

pytestmark = pytest.mark.browser
LOW = {"width": 1440, "height": 500}


def test_a_key_that_is_not_accepted_is_seen_and_the_rest_of_the_form_is_kept(
    dashboard: Dashboard, klaviyo: str, visits: Visits
):
    page = visits.open(f"{dashboard.url}/connections?view=add")
    page.set_viewport_size(LOW)
    page.locator(".st-key-connection-klaviyo-base_url input").fill(klaviyo)
    write(page, "Display name", "Baltics")
    page.locator(".st-key-connection-key input").fill("not_a_key")
    page.get_by_text("I agree").click()
    press(page, "Connect")
    expect(page.get_by_text("Klaviyo doesn't accept the private key")).to_be_in_viewport()
    expect(badge(page.locator(".st-key-step-3"), "Failed")).to_be_visible()

    page.reload()
    drawn(page)
    expect(page.get_by_text("You began this")).to_be_visible()
    look_at(page)
    page.set_viewport_size(LOW)
    page.get_by_role("link", name="Sources").click()
    headed(page, "Sources")
    page.go_back()
    press(page, "Continue")
    expect(page.get_by_role("textbox", name="Display name", exact=True)).to_have_value("Baltics")
    expect(page.locator(".st-key-connection-key input")).to_have_value("")
    press(page, "Cancel")
    headed(page, "Connections")
