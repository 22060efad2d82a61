"""A browser that looks at the dashboard: what it loads and complains about is written down."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

PATIENCE = 60_000  # milliseconds
# Streamlit's own: it looks for its endpoints beside a page that was opened by its address.
KNOWN = re.compile(r"/[^/]+/_stcore/(health|host-config)$")
DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


@dataclass(slots=True)
class Watched:
    """What a page asked for, and what it complained about, since it was opened."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def of(self, page: Page) -> None:
        """Writes down what this page does from now on."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._said(message))

    def outside(self, address: str) -> list[str]:
        """The requests that went anywhere else than to this dashboard."""
        here = urlsplit(address).netloc
        asked = [urlsplit(request) for request in self.requests]
        return [to.geturl() for to in asked if to.scheme not in KEPT_HERE and to.netloc != here]

    def _said(self, message: ConsoleMessage) -> None:
        place = str(message.location.get("url"))
        if message.type == "error" and not KNOWN.search(urlsplit(place).path):
            self.complaints.append(f"{message.text} ({place})")


KEPT_HERE = ("data", "blob", "about")


class Visits:
    """Opens browsers, each with its own session, and keeps an eye on them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._seen: list[tuple[str, Watched]] = []
        self._opened: list[Page] = []

    def open(self, address: str, **options: Any) -> Page:
        """A browser at this address, once the page is there."""
        context = self._browser.new_context(**{"viewport": DESK, **options})
        context.set_default_timeout(PATIENCE)
        page, watched = context.new_page(), Watched()
        watched.of(page)
        self._seen.append((address, watched))
        self._opened.append(page)
        page.goto(address)
        drawn(page)
        return page

    def close(self) -> None:
        """Closes all that are still open."""
        for page in self._opened:
            page.context.close()

    def check(self) -> None:
        """Nothing came from outside, and no browser complained."""
        for address, watched in self._seen:
            assert watched.requests
            assert watched.outside(address) == []
            assert watched.complaints == []


def drawn(page: Page) -> None:
    """Waits until the page's script has come to its end and all its parts are there."""
    whole = page.get_by_test_id("stMain")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(whole.locator("h1, [role=alert]").first).to_be_visible()
    expect(whole.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(whole.get_by_text("encountered an error")).to_have_count(0)


def press(place: Page | Locator, label: str | re.Pattern[str]) -> None:
    """Presses the button with this label."""
    place.get_by_role("button", name=label, exact=True).click()


def write(page: Page, label: str, text: str, role: Any = "textbox") -> None:
    """Fills a field in; Enter hands it over."""
    field = page.get_by_role(role, name=label, exact=True)
    field.fill(text)
    field.press("Enter")


def choose(page: Page, label: str, option: str | re.Pattern[str]) -> None:
    """Takes an option of a box."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def chosen(page: Page, label: str) -> Locator:
    """What a box holds."""
    return page.get_by_role("combobox", name=label, exact=True)


def more(place: Locator, choice: str) -> None:
    """Takes a choice of the menu “More” of a card."""
    press(place, "More")
    place.page.get_by_role("menuitem", name=choice, exact=True).click()


def card(page: Page, kind: str, name: str) -> Locator:
    """The card of a thing in a list, such as the export with this name."""
    cards = page.locator(f"[class*='st-key-{kind}-']")
    return cards.filter(has=page.get_by_role("strong").get_by_text(name, exact=True)).first


def badge(place: Page | Locator, word: str) -> Locator:
    """The badge with this word; beside it stands its icon, whose name is text too."""
    return place.locator(".stMarkdownBadge").filter(has_text=re.compile(rf"\b{word}$")).first


def headed(page: Page, title: str | re.Pattern[str]) -> None:
    """Waits for the page with this title."""
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
    drawn(page)
