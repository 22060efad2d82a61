"""More profiles than a run may take: told before, refused in a run, split when asked to."""

import pytest
from playwright.sync_api import expect

from core.store import Store
from tests.conftest import on_list
from tests.e2e import runs
from tests.e2e.content import LIMIT, LIMITED, LIMITED_LIST, VALID
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, badge, card, headed, press, run_export

pytestmark = pytest.mark.browser


def test_an_export_over_its_limit_says_so_fails_with_the_number_and_can_be_split(
    dashboard: Dashboard, klaviyo: str, store: Store, visits: Visits
):
    page = visits.open(f"{dashboard.url}/exports")
    over = card(page, "export", LIMITED)
    press(over, f"Run {LIMITED}")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("25 profiles, limit 10: 15 above it.")
    expect(dialog.get_by_role("button", name="Send")).to_have_count(0)
    page.locator(".st-key-run-no").get_by_role("button").click()
    failed = runs.ended(store, runs.asked(store, LIMITED).id)  # as a schedule would run it
    assert (failed.status, failed.valid, failed.accepted) == ("failed", VALID, 0)
    page.reload()
    expect(badge(over, "Over limit")).to_be_visible()

    over.get_by_role("link", name=LIMITED, exact=True).click()
    headed(page, LIMITED)
    expect(page.get_by_text("15 profiles over the limit", exact=True)).to_be_visible()
    press(page, "Split into 3 runs")
    expect(dialog).to_contain_text(f"several runs of at most {LIMIT} profiles")
    press(dialog, "Split into 3 runs")
    run_export(page)
    expect(page.locator(".st-key-runs")).to_contain_text("in 3 parts")

    *parts, _failed = runs.of(store, LIMITED)
    parts = [runs.ended(store, part.id) for part in reversed(parts)]
    assert [part.part for part in parts] == [1, 2, 3]
    assert [part.valid for part in parts] == [10, 10, 5]
    assert sum(part.accepted for part in parts) == VALID
    assert on_list(klaviyo, LIMITED_LIST) == VALID
