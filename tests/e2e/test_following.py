"""Runs that several people watch, that are stopped and repeated, and that outlive the server."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.settings import Settings
from core.store import Store, open_store
from tests.e2e import content, runs
from tests.e2e.content import MANY, MANY_MORE
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.screen import Visits, badge, card, headed, press, run_export

pytestmark = pytest.mark.browser


def test_two_people_see_the_same_progress_and_either_may_cancel_and_retry(
    dashboard: Dashboard, klaviyo: str, store: Store, visits: Visits
):
    _stop_after_one_batch(klaviyo)
    one = visits.open(f"{dashboard.url}/exports")
    other = visits.open(f"{dashboard.url}/exports")
    run_export(one, MANY)
    progress = "Batch 2 of 3 · 50 of 150 profiles sent"
    for page in (one, other):
        expect(_live(page)).to_contain_text(progress)
        expect(card(page, "export", MANY)).to_contain_text("150 profiles")
    one.close()  # whoever started it goes home
    press(_live(other), "Cancel")
    expect(badge(card(other, "export", MANY), "Cancelled")).to_be_visible()
    run = runs.of(store, MANY)[0]
    assert (run.accepted, run.undelivered) == (50, 100)
    assert runs.accounted_for(run)

    runs.no_faults(klaviyo)
    other.goto(f"{dashboard.url}/history?run={run.id}")
    press(other, "Retry 100 undelivered")
    headed(other, f"{MANY}, run {run.id + 1}")
    expect(badge(other, "Succeeded")).to_be_visible()
    assert runs.ended(store, run.id + 1).accepted == 100


def test_closing_the_browser_does_not_stop_a_run(
    dashboard: Dashboard, klaviyo: str, store: Store, visits: Visits
):
    runs.fault(klaviyo, kind="slow", seconds=0.7)
    page = visits.open(f"{dashboard.url}/export?export={MANY_MORE}")
    run_export(page)
    expect(_live(page)).to_contain_text(re.compile(r"Batch \d of 3"))
    page.close()
    run = runs.ended(store, runs.of(store, MANY_MORE)[0].id)
    assert (run.status, run.accepted) == ("succeeded", 150)


def test_a_server_that_is_killed_finishes_its_run_once_it_is_back_and_nobody_looks(
    klaviyo: str, chromium: str, tmp_path: Path
):
    home, before = tmp_path / "data", runs.jobs(klaviyo)
    content.bring(home, klaviyo, tmp_path)
    store = open_store(Settings(home=home))
    runs.fault(klaviyo, kind="slow", seconds=0.5)
    with running(home) as killed:
        run = runs.asked(store, MANY)
        runs.until(store, run.id, lambda found: found.batches_sent >= 1)
        killed.kill()
    halfway = runs.until(store, run.id, lambda _: True)
    assert halfway.finished_at is None
    with running(home):
        run = runs.ended(store, run.id)
    store.close()
    assert (run.status, run.accepted) == ("succeeded", 150)
    assert runs.accounted_for(run)
    assert runs.jobs(klaviyo) - before <= 4  # of the three, only the one in flight is sent twice


def _stop_after_one_batch(klaviyo: str) -> None:
    """The first import takes a while; then Klaviyo asks to wait, which all runs do."""
    runs.fault(klaviyo, kind="slow", seconds=0.5, times=1)
    runs.fault(klaviyo, kind="status", status=429, retry_after=2)


def _live(page: Page):
    return page.locator("[class*='st-key-live-']")
