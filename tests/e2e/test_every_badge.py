"""Every badge there is, legible by day and in the dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pages.ui.kit import STATUS
from tests.e2e.axe import findings, in_the_dark
from tests.e2e.dashboard import free_port, until_it_answers
from tests.e2e.screen import drawn
from tests.programs import Program

pytestmark = pytest.mark.browser
SERVE = """
from streamlit.web.cli import main
main(["run", "tests/e2e/badges.py", "--server.port", "{port}"])
"""


@pytest.fixture
def badges(chromium: str, tmp_path: Path) -> Iterator[str]:
    """The address of a page with all of them, in the colours of the dashboard."""
    log, port = tmp_path / "badges.log", free_port()
    with log.open("wb") as file:
        process = Program([], {}, file, code=SERVE.format(port=port))
        try:
            until_it_answers(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def test_every_badge_is_legible_by_day_and_in_the_dark(badges: str, browser: Browser):
    page = browser.new_page()
    page.goto(badges)
    drawn(page)
    expect(page.locator(".stMarkdownBadge")).to_have_count(2 * len(STATUS))
    assert findings(page, runOnly=["color-contrast"]) == []
    in_the_dark(page)
    page.close()
