"""Whether everybody can read and use a page, as far as axe can tell."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.e2e.screen import PHONE, drawn

# Streamlit's own, each only where it is: the sections of its menu, tables on a telephone, the place
# to drop a file, the passing word that something was done.
KNOWN = {
    "list": "stSidebarNavItems",
    "listitem": "<li",
    "scrollable-region-focusable": "",
    "presentation-role-conflict": "stFileUploaderDropzone",
    "aria-dialog-name": "stToast",
}
WIDTHS = "['html', '[data-testid=stMain]'].map(e => document.querySelector(e).scrollWidth)"
# Without what nobody reads here: where a part is, and how long a sound plays, for there is none.
FIND = """rules => axe.run(
    {resultTypes: ["violations"], selectors: false, preload: false, ...rules}
    ).then(({violations}) => violations.map(({id, nodes}) => [id, ...nodes.map(({html}) => html)]))
"""


def findings(page: Page, **rules: object) -> list[tuple[str, str]]:
    """What axe finds beside what is known: the rule, and the beginning of the part."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(FIND, rules)
    told = [(rule, html[:300]) for rule, *parts in found for html in parts]
    return [(rule, html) for rule, html in told if KNOWN.get(rule, "<none>") not in html]


def look_at(page: Page, dark: bool = False) -> None:
    """Accessible at a desk and on a telephone, where nothing sticks out; legible in the dark, too.

    The colours of a telephone are those of the desk, and would take most of the time.
    """
    assert findings(page) == []
    if dark:
        in_the_dark(page)
    page.set_viewport_size(PHONE)
    drawn(page)
    assert findings(page, rules={"color-contrast": {"enabled": False}}) == []
    assert max(page.evaluate(WIDTHS)) <= PHONE["width"]


def in_the_dark(page: Page) -> None:
    """Legible when the browser prefers dark colours."""
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(3, 6, 8)")
    assert findings(page, runOnly=["color-contrast"]) == []
