"""A new user and the demo: run an export, watch it, see how it ended, take the rejects home."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core import sandbox
from core.sandbox import demo
from core.server.sandbox import PORT
from core.settings import Settings
from core.store import open_store
from tests.conftest import ADA
from tests.e2e import runs
from tests.e2e.axe import findings
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.screen import Visits, badge, card, download_rejects, headed, run_export

pytestmark = pytest.mark.browser
FORMULAS = ("=", "+", "-", "@")


@pytest.fixture
def fresh(chromium: str, tmp_path: Path) -> Iterator[tuple[Dashboard, str]]:
    """The demo without a history, and its Klaviyo; where its port is taken, at another."""
    home, klaviyo = tmp_path / "data", f"http://127.0.0.1:{PORT}"
    with ExitStack() as stack:
        options = ["--demo"]
        if not _is_free(PORT):
            options = []
            klaviyo = stack.enter_context(sandbox.running(tmp_path / "klaviyo", delay=3.0))
        # Before the server starts: so its exports have never run, for it adds no history to them.
        store = open_store(Settings(home=home))
        demo.seed(store, ADA, klaviyo, date.today())
        store.close()
        yield stack.enter_context(running(home, *options)), klaviyo


def test_a_new_user_runs_the_newsletter_of_the_demo_and_sees_what_became_of_everybody(
    fresh: tuple[Dashboard, str], visits: Visits, tmp_path: Path
):
    dashboard, klaviyo = fresh
    runs.fault(klaviyo, kind="slow", seconds=1.0)
    page = visits.open(dashboard.url)
    page.get_by_role("link", name="Exports", exact=True).click()
    headed(page, "Exports")
    run_export(page, "Newsletter")
    _watch_it_move(page)
    runs.no_faults(klaviyo)
    newsletter = card(page, "export", "Newsletter")
    expect(badge(newsletter, "Succeeded")).to_be_visible()
    run = _newest(dashboard)
    rejected = sum(run.rejected.values()) + run.refused
    assert run.status == "partial"
    assert runs.accounted_for(run)
    expect(newsletter).to_contain_text(f"{run.valid:,}")
    expect(newsletter).to_contain_text(f"{rejected:,} left out")

    page.get_by_role("link", name="History", exact=True).click()
    headed(page, "History")
    row = card(page, "run", "Newsletter")
    expect(row).to_contain_text(f"{run.accepted:,}")
    row.get_by_role("link", name="Run 1", exact=True).click()
    headed(page, "Newsletter, run 1")
    rows = download_rejects(page, tmp_path)
    assert rows[0] == ["row", "email", "reason", "detail"]
    assert len(rows) == rejected + 1
    assert not [row for row in rows if any(cell.startswith(FORMULAS) for cell in row)]
    assert {row[2] for row in rows[1:]} == {*run.rejected, "refused"}


def _watch_it_move(page: Page) -> None:
    live = page.locator("[class*='st-key-live-']")
    expect(live).to_contain_text(re.compile(r"Batch \d of \d · [\d,]+ of [\d,]+ profiles sent"))
    bar = live.get_by_role("progressbar")
    first = int(bar.get_attribute("aria-valuenow") or 0)
    now = "document.querySelector('[class*=st-key-live-] [role=progressbar]')?.ariaValueNow"
    page.wait_for_function(f"first => {now} > first", arg=first)
    assert findings(page) == []


def _newest(dashboard: Dashboard):
    store = open_store(dashboard.settings)
    try:
        return runs.of(store, "Newsletter")[0]
    finally:
        store.close()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
