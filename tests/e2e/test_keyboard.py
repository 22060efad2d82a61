"""Pages without a mouse: a form, the keys of all pages, and where the focus is."""

import pytest
from playwright.sync_api import Page, expect

from core.store import Store, connections
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, drawn, headed

pytestmark = pytest.mark.browser
FOCUSED = """() => { const e = document.activeElement;
    const told = e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || "";
    return told.trim().split("\\n").pop() }"""
# Whether what has the focus, its label or its box has a ring, and how that contrasts with the page.
RING = """() => {
  const light = (color) => color.match(/\\d+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const one = document.activeElement, hidden = one.matches("[type=checkbox], [type=radio]");
  const around = one.tagName == "INPUT" ? one.parentElement : one;
  const style = getComputedStyle(hidden ? one.closest("label") : around);
  const app = getComputedStyle(document.querySelector("[data-testid=stApp]"));
  const [high, low] = [light(style.outlineColor), light(app.backgroundColor)].sort((a, b) => b - a);
  const seen = style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2;
  return [one.outerHTML.slice(0, 200), seen ? (high + 0.05) / (low + 0.05) : 0]; }"""
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


def test_keys_search_add_and_help_but_never_where_somebody_types(
    dashboard: Dashboard, visits: Visits
):
    page = visits.open(f"{dashboard.url}/exports")
    search = page.get_by_role("searchbox", name="Find an export")
    expect(search).to_be_visible()
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("n/?")
    expect(search).to_have_value("n/?")
    search.fill("")
    search.blur()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Go to the search of the page")
    page.keyboard.press("n")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("n")
    headed(page, "New export")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_has_the_focus_has_a_ring(dashboard: Dashboard, visits: Visits, theme: str):
    page = visits.open(f"{dashboard.url}/exports?view=new")
    page.emulate_media(color_scheme=theme)
    drawn(page)
    expect(page.get_by_role("button", name="Save export")).to_be_visible()
    stops = 0
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        html, contrast = page.evaluate(RING)
        if html.startswith("<body"):
            break  # the last one was left
        assert contrast >= 3, html
        stops += 1
    assert stops > 25
