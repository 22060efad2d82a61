"""Fixtures of the browser tests: dashboards as processes of their own, a Klaviyo, a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from core import sandbox
from core.store import Store, open_store
from tests.e2e import content, runs
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.screen import PATIENCE, Tour, Visits

HERE = Path(__file__).parent
REQUIRED = os.environ.get("SEGFERRY_BROWSER_REQUIRED") == "1"
# The shell is Chromium without windows: it starts and loads pages in two thirds of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
NAMES += ("google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A fifth of a page's time: one process less to talk to, and garbage is collected less often.
    "--in-process-gpu",
    "--js-flags=--min-semi-space-size=64,--max-semi-space-size=128",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are one line of the report, not one each."""
    mine = [item for item in items if item.path.parent == HERE]
    if not mine or chromium_path() or REQUIRED:
        return
    reason = f"{len(mine)} browser tests: no Chrome or Chromium is installed"
    mine[0].add_marker(pytest.mark.skip(reason=reason))
    items[:] = [item for item in items if item not in mine[1:]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    if found := chromium_path():
        return found
    pytest.fail("No Chrome or Chromium is installed, and SEGFERRY_BROWSER_REQUIRED is set.")


def chromium_path() -> str | None:
    """The browser that is installed here, if one is."""
    return next(filter(None, map(shutil.which, NAMES)), None)


# Of this folder, not of the session: while Playwright lives, nothing else may run an event loop,
# and a dashboard that nobody looks at still takes time of others.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """A real browser."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def all_visits(browser: Browser) -> Visits:
    """Its sessions, those of earlier tests among them."""
    return Visits(browser)


@pytest.fixture
def visits(all_visits: Visits) -> Iterator[Visits]:
    """Opens browser sessions. After each test: nothing came from outside, nobody complained."""
    yield all_visits
    try:
        all_visits.check()
    finally:
        all_visits.close()


@pytest.fixture(scope="package")
def whole_tour(browser: Browser) -> Iterator[Tour]:
    """A session a dashboard that goes from page to page."""
    tour = Tour(Visits(browser))
    yield tour
    tour.end()


@pytest.fixture
def tour(whole_tour: Tour) -> Iterator[Tour]:
    """Looks at pages without loading each anew. After each test: as `visits`."""
    yield whole_tour
    whole_tour.check()


@pytest.fixture(scope="package")
def the_klaviyo(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a local Klaviyo that finishes jobs at once and knows no limits."""
    folder = tmp_path_factory.mktemp("klaviyo")
    with sandbox.running(folder, delay=0.0, limits=False) as url:
        yield url


@pytest.fixture
def klaviyo(the_klaviyo: str) -> Iterator[str]:
    """The same, without faults afterwards."""
    yield the_klaviyo
    runs.no_faults(the_klaviyo)


@pytest.fixture(scope="package")
def dashboard(the_klaviyo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard with the things of `content`: run 1 was partial, 2 failed, 3 is of WORST."""
    folder = tmp_path_factory.mktemp("filled")
    content.bring(folder / "data", the_klaviyo, folder)
    with running(folder / "data") as dashboard:
        store = open_store(dashboard.settings)
        for name in (content.LETTER, content.FAILED, content.WORST):
            runs.ended(store, runs.asked(store, name).id)
        store.close()
        yield dashboard


@pytest.fixture(scope="package")
def empty(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard that holds nothing; it stays so."""
    with running(tmp_path_factory.mktemp("empty") / "data") as dashboard:
        yield dashboard


@pytest.fixture
def store(dashboard: Dashboard) -> Iterator[Store]:
    """The store that the dashboard uses, for a look behind the screen."""
    opened = open_store(dashboard.settings)
    yield opened
    opened.close()
