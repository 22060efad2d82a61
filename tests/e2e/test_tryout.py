"""Trying things out in one click; what it made works on after a restart."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import findings
from tests.e2e.dashboard import free_port, running
from tests.e2e.screen import Visits, badge, card, headed, press

pytestmark = pytest.mark.browser


def test_one_click_makes_a_sandbox_that_still_answers_after_a_restart(
    chromium: str, visits: Visits, tmp_path: Path
):
    home = tmp_path / "data"
    (home / "sandbox").mkdir(parents=True)
    (home / "sandbox" / "port").write_text(str(free_port()))  # that no other test uses
    with running(home) as dashboard:
        page = visits.open(f"{dashboard.url}/connections")
        press(page, "Try it in the sandbox")
        expect(page.get_by_text("The sandbox is ready")).to_be_visible()
        expect(badge(card(page, "connection", "Sandbox"), "Sandbox")).to_be_visible()
        assert findings(page) == []
        page.close()
    with running(home) as dashboard:
        page = visits.open(f"{dashboard.url}/connections")
        headed(page, "Connections")
        sandbox = card(page, "connection", "Sandbox")
        press(sandbox, "Test Sandbox")
        expect(page.get_by_text("“Sandbox” reaches the account Baltic Outfitters")).to_be_visible()
        expect(badge(sandbox, "Sandbox")).to_be_visible()
        page.close()
