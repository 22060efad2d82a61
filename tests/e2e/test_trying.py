"""An export tried on one person, and what Klaviyo knows, in a real browser."""

import pytest
from playwright.sync_api import expect

from core.store import Store
from tests.e2e import content, runs
from tests.e2e.axe import look_at
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, drawn, headed, press, write

pytestmark = pytest.mark.browser
MEMBER = "p7@example.com"


def test_an_export_is_tried_on_one_person_once_klaviyo_was_asked(
    dashboard: Dashboard, klaviyo: str, store: Store, visits: Visits
):
    page = visits.open(f"{dashboard.url}/export?export={content.LIMITED}")
    headed(page, content.LIMITED)
    press(page, "Ask Klaviyo")
    expect(page.locator(".st-key-knowing")).to_contain_text("people to be added.")
    card = page.locator(".st-key-try")
    write(page, "Email address of a member", "nobody@example.com")
    expect(card).to_contain_text("No member of the segments has the address")
    write(page, "Email address of a member", MEMBER)
    expect(card).to_contain_text("as it would be sent")
    drawn(page)
    press(card, "Send only this one")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"One profile, {MEMBER}, is written")
    press(dialog, "Send only this one")
    expect(card).to_contain_text("The profile in Klaviyo now")
    expect(card).to_contain_text("On the list")
    assert MEMBER in runs.profiles(klaviyo, content.LIMITED_LIST)
    run = runs.of(store, content.LIMITED)[0]
    assert (run.sent, run.accepted) == (1, 1)
    drawn(page)
    look_at(page)
