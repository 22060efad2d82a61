"""The builder of segments in a browser, over 1,000,000 rows: from Enter to the new number."""

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from benchmarks import stage
from benchmarks.dashboard import chromium, print_seconds
from core.audience import looks
from core.configuration.configuration import Configuration
from core.server.web import COOKIE
from core.store import apply, open_store, sources
from tests.conftest import ADA
from tests.e2e.dashboard import SESSIONS, Dashboard, running
from tests.e2e.screen import choose, press

ROWS, TIMES = 1_000_000, 20
LEAST = 400  # of what somebody has spent, at first


def main() -> None:
    """Prints how long it takes with one rule, and beside a rule over text."""
    folder = Path(tempfile.mkdtemp())
    stage.write_people(folder / "people.parquet", ROWS, ROWS)
    with running(folder / "data") as dashboard, chromium() as browser:
        _add_source(dashboard, folder / "people.parquet")
        with browser.new_context() as context:
            cookie = {"name": COOKIE, "value": SESSIONS[dashboard.url], "url": dashboard.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            page.goto(f"{dashboard.url}/segments?view=new")
            choose(page, "Field of rule 1", "spent")
            choose(page, "Operator of rule 1", "is more than")
            took = [_seconds(page, LEAST + n) for n in range(TIMES)]
            print_seconds(f"builder with {ROWS:,} rows, Enter to number (target 1 s)", took)
            press(page, "Add rule")
            choose(page, "Field of rule 2", "city")
            choose(page, "Operator of rule 2", "is not empty")
            took = [_seconds(page, LEAST + TIMES + n) for n in range(TIMES)]
            print_seconds("beside a rule over text", took)


def _add_source(dashboard: Dashboard, path: Path) -> None:
    store = open_store(dashboard.settings)
    found = Configuration.model_validate({"sources": [{"name": "People", "path": str(path)}]})
    apply.apply(store, ADA, apply.prepare(store, found, {}))
    with store.begin() as session:
        row = sources.find(session, "People")
    looks.read(store, ADA, row)
    store.close()


def _seconds(page: Page, least: int) -> float:
    """From the number that is typed to the number of people who have spent more than it."""
    field = page.get_by_role("spinbutton", name="Value of rule 1", exact=True)
    field.fill(str(least))
    found = f"{ROWS - 10 - least * 1000:,} of {ROWS:,}"
    began = time.perf_counter()
    field.press("Enter")
    expect(page.get_by_text(found, exact=True).first).to_be_visible(timeout=60_000)
    took = time.perf_counter() - began
    page.wait_for_timeout(200)
    return took
