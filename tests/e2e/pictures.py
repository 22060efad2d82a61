"""Takes the pictures of README and docs: `make pictures` writes docs/*.png, one of each page.

The demo in the light theme, with its month of history, and a run of today that is under way and
then ends. PICTURES has a line for each page: add one, and it is taken, too.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from core import sandbox
from core.configuration.schedule import Schedule
from core.sandbox import demo
from core.server.demo import bringing, making
from core.settings import Settings
from core.store import Store, exports, open_store
from tests.conftest import ADA
from tests.e2e import runs as behind
from tests.e2e.conftest import ARGUMENTS, NAMES
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.screen import PATIENCE, Visits, drawn

DOCS = Path(__file__).parents[2] / "docs"
NEWSLETTER, LOYALTY = "Newsletter", "Loyalty, Latvia"
DAILY = {"days": "daily", "times": ["05:00"], "time_zone": "Europe/Riga"}
SHOWN = "Batch "
DESK, NARROW = 1440, 1280  # pixels wide


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: docs/<name>.png, what is at the address, how large, and what shows it is whole."""

    name: str
    path: str
    height: int = 860
    width: int = DESK
    shows: str | None = None


PICTURES = (
    Picture("overview", "/", 900, shows="Last outcomes"),
    Picture("preview", f"/export?export={LOYALTY}", 1_480, NARROW, "Sample profiles"),
    Picture("history", "/history", 980, shows="Day by day"),
    Picture("segments", "/segments", 560),
    Picture("segment", "/segment?segment=Opted+in,+active+90+days", 1_200, NARROW, "Top values"),
    Picture("sources", "/sources", 420),
    Picture("lineage", "/lineage", 900),
    Picture("schedules", "/schedules", 700),
    Picture("connections", "/connections", 460),
    Picture("team", "/team", 620),
    Picture("audit", "/audit", 700),
    Picture("settings", "/settings", 690, shows="Time zone"),
)


def main() -> None:
    """Makes the demo and the pictures; those of the names that it is called with, else all."""
    wanted = set(sys.argv[1:])
    os.environ["LOGNAME"] = ADA.name  # who runs the dashboard is who looks at it
    with TemporaryDirectory() as folder:
        home = Path(folder) / "data"
        with sandbox.running(home / "sandbox", delay=0.0, limits=False) as klaviyo:
            store = open_store(Settings(home=home))
            _filled(store, klaviyo, Path(folder) / "aside")
            with running(home) as dashboard, _browser() as visits:
                for picture in PICTURES:
                    if not wanted or picture.name in wanted:
                        _take(visits, dashboard, picture)
                if not wanted or wanted & {"exports", "run"}:
                    _under_way_and_ended(store, klaviyo, dashboard, visits)
            store.close()


def _filled(store: Store, klaviyo: str, folder: Path) -> None:
    """The demo with its month, its people, and an export that runs each day."""
    demo.seed(store, ADA, klaviyo, date.today())
    demo.sign_ins(store, ADA)
    making.make(store, folder, date.today(), lambda _share, _doing: None)
    aside = making.store_in(folder, store)
    bringing.bring(store, ADA, aside, making.sandbox_in(folder))
    aside.close()
    with store.begin() as session:
        row = exports.find(session, LOYALTY)
        exports.reschedule(session, ADA, row, Schedule.model_validate(DAILY))


def _take(visits: Visits, dashboard: Dashboard, picture: Picture) -> None:
    page = visits.open(f"{dashboard.url}{picture.path}")
    if picture.shows:
        expect(page.get_by_text(picture.shows).first).to_be_visible()
    _taken(page, picture.name, picture.width, picture.height)
    visits.close()


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
