"""Takes the picture of the README: `python -m tests.e2e.picture` writes docs/exports.png.

The Exports page of the demo in daylight, 1440 pixels wide, with a run under way and a week of runs
behind it; those are made now, and their dates are set back.
"""

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import expect, sync_playwright

from core import sandbox
from core.sandbox import demo
from core.settings import Settings
from core.store import Store, open_store, progress, runs
from core.store.tables.runs import Run
from tests.conftest import ADA
from tests.e2e import runs as behind
from tests.e2e.conftest import ARGUMENTS, NAMES
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.screen import PATIENCE, Visits, drawn

PICTURE = Path(__file__).parents[2] / "docs" / "exports.png"
NEWSLETTER, LOYALTY, ALL = "Newsletter", "Loyalty, Latvia", "All contactable people"
# Days ago, and the export that ran
WEEK = ((6, NEWSLETTER), (5, LOYALTY), (4, NEWSLETTER), (3, LOYALTY), (2, NEWSLETTER))
WEEK = (*WEEK, (1, ALL), (1, LOYALTY), (0, LOYALTY))
SHOWN = "Batch 4 of"
SIZE = {"width": 1440, "height": 860}  # pixels


def main() -> None:
    """Makes the demo, its week and the picture."""
    os.environ["LOGNAME"] = ADA.name  # who runs the dashboard is who looks at it
    with TemporaryDirectory() as folder:
        home = Path(folder) / "data"
        with sandbox.running(Path(folder) / "klaviyo", delay=0.0, limits=False) as klaviyo:
            store = open_store(Settings(home=home))
            demo.seed(store, ADA, klaviyo, date.today())
            with running(home) as dashboard:
                for days, name in WEEK:
                    _set_back(
                        store,
                        behind.ended(store, behind.asked(store, name, send_all=True).id),
                        days,
                    )
                behind.fault(klaviyo, kind="slow", seconds=2.0)
                behind.asked(store, NEWSLETTER, send_all=True)
                _take(dashboard)
            store.close()


def _set_back(store: Store, run: Run, days: int) -> None:
    """As if it had been asked for so many days ago, at six in the morning."""
    morning = datetime.now(UTC).replace(hour=6, minute=0, second=4)
    passed = run.created_at - min(morning, run.created_at) + timedelta(days=days)
    moments = ("created_at", "started_at", "finished_at")
    with store.begin() as session:
        then = {name: getattr(run, name) - passed for name in moments}
        progress.record(session, runs.find(session, run.id or 0), then)


def _take(dashboard: Dashboard) -> None:
    expect.set_options(timeout=PATIENCE)
    browser_path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        visits = Visits(browser)
        page = visits.open(f"{dashboard.url}/exports")
        expect(page.locator("[class*='st-key-live-']")).to_contain_text(SHOWN)
        page.set_viewport_size(SIZE)
        drawn(page)
        page.screenshot(path=PICTURE, animations="disabled")
        visits.close()
        browser.close()


if __name__ == "__main__":
    main()
