"""Takes the pictures of README and docs: `make pictures` writes docs/*.png.

The demo in the light theme, after a week of runs that are made now and dated back: the Exports page
with a run under way, that run once it has ended, and the preview of a mirror whose source has
changed since its last run, so that people join, change, stay and leave.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from playwright.sync_api import Page, expect, sync_playwright

from core import sandbox
from core.configuration.export import Mode
from core.sandbox import demo
from core.settings import Settings
from core.store import Store, exports, open_store, progress, runs
from core.store.tables.runs import Run
from tests.conftest import ADA
from tests.e2e import runs as behind
from tests.e2e.conftest import ARGUMENTS, NAMES
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.screen import PATIENCE, Visits, drawn

DOCS = Path(__file__).parents[2] / "docs"
NEWSLETTER, LOYALTY, ALL = "Newsletter", "Loyalty, Latvia", "All contactable people"
# Days ago, and the export that ran
WEEK = ((6, NEWSLETTER), (5, LOYALTY), (4, NEWSLETTER), (3, LOYALTY), (2, NEWSLETTER))
WEEK = (*WEEK, (1, ALL), (1, LOYALTY), (0, LOYALTY))
SHOWN = "Batch 4 of"
DESK, NARROW = 1440, 1280  # pixels wide


def main() -> None:
    """Makes the demo, its week and the pictures."""
    os.environ["LOGNAME"] = ADA.name  # who runs the dashboard is who looks at it
    with TemporaryDirectory() as folder:
        home = Path(folder) / "data"
        with sandbox.running(Path(folder) / "klaviyo", delay=0.0, limits=False) as klaviyo:
            store = open_store(Settings(home=home))
            demo.seed(store, ADA, klaviyo, date.today())
            _as_mirror(store, LOYALTY)
            with running(home) as dashboard, _browser() as visits:
                _week(store)
                _under_way_and_ended(store, klaviyo, dashboard, visits)
                _changed(home / "demo" / "profiles.parquet")
                page = visits.open(f"{dashboard.url}/export?export={LOYALTY}")
                _taken(page, "preview", NARROW, 1_480)
            store.close()


def _as_mirror(store: Store, name: str) -> None:
    """Whoever leaves the segments is taken off the list."""
    with store.begin() as session:
        row = exports.find(session, name)
        spec = exports.spec(session, row).model_copy(update={"mode": Mode.mirror})
        exports.change(session, ADA, row, spec)


def _week(store: Store) -> None:
    for days, name in WEEK:
        run = behind.ended(store, behind.asked(store, name, send_all=True).id)
        _set_back(store, run, days)


def _set_back(store: Store, run: Run, days: int) -> None:
    """As if it had been asked for so many days ago, at six in the morning."""
    morning = datetime.now(UTC).replace(hour=6, minute=0, second=4)
    passed = run.created_at - min(morning, run.created_at) + timedelta(days=days)
    moments = ("created_at", "started_at", "finished_at")
    with store.begin() as session:
        then = {name: getattr(run, name) - passed for name in moments}
        progress.record(session, runs.find(session, run.id or 0), then)


def _under_way_and_ended(store: Store, klaviyo: str, dashboard: Dashboard, visits: Visits) -> None:
    behind.fault(klaviyo, kind="slow", seconds=2.0)
    run = behind.asked(store, NEWSLETTER, send_all=True)
    behind.until(store, run.id, lambda run: run.batches > 0)  # else the page shows no profiles yet
    page = visits.open(f"{dashboard.url}/exports")
    expect(page.locator("[class*='st-key-live-']")).to_contain_text(SHOWN)
    _taken(page, "exports", DESK, 860)
    behind.no_faults(klaviyo)
    behind.ended(store, run.id)
    page = visits.open(f"{dashboard.url}/history?run={run.id}")
    _taken(page, "run", DESK, 860)


def _changed(profiles: Path) -> None:
    """A day later: some people have moved away, some ordered again, some spent enough to join."""
    n = pl.int_range(pl.len())
    day = pl.read_parquet(profiles).with_columns(
        country=pl.when(n % 40 == 7).then(pl.lit("EE")).otherwise("country"),
        orders=pl.when(n % 12 == 5).then(pl.col("orders") + 1).otherwise("orders"),
        lifetime_value=pl.when(n % 25 == 3)
        .then(pl.col("lifetime_value") + 120)
        .otherwise("lifetime_value"),
    )
    day.write_parquet(profiles)


@contextmanager
def _browser() -> Iterator[Visits]:
    expect.set_options(timeout=PATIENCE)
    browser_path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        visits = Visits(browser)
        yield visits
        visits.close()
        browser.close()


def _taken(page: Page, name: str, width: int, height: int) -> None:
    """The page as docs/<name>.png, so many pixels of it."""
    page.set_viewport_size({"width": width, "height": height})
    drawn(page)
    page.screenshot(path=DOCS / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
