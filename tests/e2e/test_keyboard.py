"""A form without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from core.store import Store, connections
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, headed

pytestmark = pytest.mark.browser
FOCUSED = """() => { const e = document.activeElement;
    const told = e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || "";
    return told.trim().split("\\n").pop() }"""
FARTHEST = 60  # presses of Tab


def test_a_connection_is_added_with_the_keyboard_alone(
    dashboard: Dashboard, klaviyo: str, store: Store, visits: Visits
):
    page = visits.open(f"{dashboard.url}/connections")
    _go(page, "Add connection")
    page.keyboard.press("Enter")
    headed(page, "Add connection")
    _type(page, "Display name", "By keyboard")
    _type(page, "Address", klaviyo)
    _type(page, "Private API key", "pk_by_keyboard_0001")
    _go(page, "I agree")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="I agree")).to_be_checked()
    _go(page, "Connect")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Save connection")).to_be_enabled()
    _go(page, "Save connection")
    page.keyboard.press("Enter")
    headed(page, "Connections")
    with store.begin() as session:
        assert connections.find(session, "By keyboard").secret_ending.endswith("0001")


def _type(page: Page, label: str, text: str) -> None:
    _go(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _go(page: Page, label: str) -> None:
    """Tab, until what has the focus bears the label."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == label:
            return
    pytest.fail(f"Tab doesn't lead to “{label}”.")
