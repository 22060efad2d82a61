"""A browser that looks at the dashboard: what it loads and complains about is written down."""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
)

from core.server.web import COOKIE
from tests.e2e.dashboard import SESSIONS

PATIENCE = 60_000  # milliseconds
RUN = re.compile(r"^(Run|Review first run)…$")
# Follows a link to an address of the dashboard, until its script begins.
FOLLOW = """path => new Promise(done => {
    const app = document.querySelector("[data-testid=stApp]");
    const begun = new MutationObserver(() => { begun.disconnect(); done(true); });
    begun.observe(app, {attributeFilter: ["data-test-script-state"]});
    setTimeout(done, 5_000, false);
    history.pushState({}, "", path);
    dispatchEvent(new PopStateEvent("popstate")); })"""
ORGANISATION = ".st-key-sso button"  # by which one signs in with single sign-on
DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


@dataclass(slots=True)
class Watched:
    """What a page asked for beyond its dashboard, and what it complained about."""

    here: str = ""  # host and port of the dashboard
    beside: tuple[str, ...] = ()  # of others that it may send its browser to
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def of(self, page: Page) -> None:
        """Writes down what this page does from now on."""
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._said(message))
        page.on("requestfailed", lambda request: self._failed(request))

    def _asked(self, url: str) -> None:
        to = urlsplit(url)
        if to.scheme not in ("data", "blob") and to.netloc not in (self.here, *self.beside):
            self.outside.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        """Whatever its level, of our pages: a console in which nothing stands shows what is new."""
        url = str(message.location.get("url"))
        if urlsplit(url).netloc not in self.beside:
            self.complaints.append(f"{message.text} ({url})")

    def _failed(self, request: Request) -> None:
        """But for those that end because another page is opened."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure}: {request.url}")


class Visits:
    """Opens browser sessions and keeps an eye on them; one that was closed is used once more.

    A new one would load and compile all scripts again, which takes as long as three pages do. For
    the same reason a test closes pages, not their contexts.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._opened: list[tuple[Page, Watched]] = []
        self._unused: list[tuple[Page, Watched]] = []

    def open(self, address: str, signed_in: bool = True, beside: tuple[str, ...] = ()) -> Page:
        """A session of its own at this address, once the page is there; it may go to `beside`."""
        page, watched = self._unused.pop() if self._unused else self._new()
        watched.here, watched.beside = urlsplit(address).netloc, beside
        watched.outside, watched.complaints = [], []
        self._opened.append((page, watched))
        if signed_in:
            _bring_session(page.context, address)
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        page.goto(address)
        drawn(page)
        return page

    def close(self) -> None:
        """Ends all sessions: nothing of them is left, but for what the browser has cached."""
        while self._opened:
            page, watched = self._opened.pop()
            if page.is_closed():
                page = _watched(page.context, watched)
            _forget(page, f"http://{watched.here}")
            self._unused.append((page, watched))

    def check(self) -> None:
        """Nothing came from outside, and no browser complained."""
        found = [(watched.outside, watched.complaints) for _page, watched in self._opened]
        unclean = [one for one in found if any(one)]
        assert not unclean, unclean

    def _new(self) -> tuple[Page, Watched]:
        context = self._browser.new_context(reduced_motion="reduce")  # each motion takes time
        context.set_default_timeout(PATIENCE)
        watched = Watched()
        return _watched(context, watched), watched


def _watched(context: BrowserContext, watched: Watched) -> Page:
    page = context.new_page()
    watched.of(page)
    return page


def _forget(page: Page, origin: str) -> None:
    for other in page.context.pages:
        if other != page:
            other.close()
    if page.url.startswith(origin):
        page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    page.context.clear_cookies()
    storage = page.context.new_cdp_session(page)
    order = {"origin": origin, "storageTypes": "local_storage"}
    storage.send("Storage.clearDataForOrigin", order)
    storage.detach()


def _bring_session(context: BrowserContext, address: str) -> None:
    """The cookie of somebody who has signed in; how that is done has tests of its own."""
    url = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    cookie = {"name": COOKIE, "value": SESSIONS[url], "url": url, "sameSite": "Strict"}
    context.add_cookies([{**cookie, "httpOnly": True}])


class Tour:
    """Goes from page to page of a dashboard in one session, as its links do.

    To load the scripts of each page anew takes longer than the page. Only for looking: what is
    changed stays changed.
    """

    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self._pages: dict[str, Page] = {}  # by their dashboard

    def to(self, address: str) -> Page:
        """The page at this address, once it is there."""
        url = urlsplit(address)
        if page := self._pages.get(url.netloc):
            page.set_viewport_size(DESK)
            page.emulate_media(color_scheme="light")
            if not _followed(page, url):
                page.goto(address)
            drawn(page)
        else:
            self._pages[url.netloc] = page = self._visits.open(address)
        return page

    def check(self) -> None:
        """As `Visits`; what a browser complained of once, or stood at, is not of the next test."""
        try:
            self._visits.check()
        except AssertionError:
            self.end()
            raise

    def end(self) -> None:
        """Ends all sessions."""
        self._pages.clear()
        self._visits.close()


def _followed(page: Page, url: SplitResult) -> bool:
    """Goes there as a link does; Streamlit follows none to the page that is already open."""
    if urlsplit(page.url).path == url.path:
        return False
    return bool(page.evaluate(FOLLOW, url._replace(scheme="", netloc="").geturl()))


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
    place.get_by_role("button", name=re.compile("^More")).click()
    place.page.get_by_role("menuitem", name=choice, exact=True).click()


def card(page: Page, kind: str, name: str) -> Locator:
    """The card or the row of a thing in a list, such as the export with this name."""
    cards = page.locator(f"[class*='st-key-{kind}-'], [class*='st-key-row-{kind}-']")
    strong = page.get_by_role("strong").get_by_text(name, exact=True)
    return cards.filter(has=strong.or_(page.get_by_role("link", name=name, exact=True))).first


def run_export(page: Page, name: str | None = None) -> None:
    """Opens the plan of an export, from its row or on its own page, and sends it."""
    press(card(page, "export", name), f"Run {name}") if name else press(page, RUN)
    page.locator(".st-key-run-yes").get_by_role("button").click()


def badge(place: Page | Locator, word: str) -> Locator:
    """The badge with this word; beside it stands its icon, whose name is text too."""
    badges = place.locator(".stMarkdownBadge, .sf-badge")
    return badges.filter(has_text=re.compile(rf"(\b|_|[a-z]){word}( ·|$)")).first


def download_rejects(page: Page, folder: Path) -> list[list[str]]:
    """The rows of the file of rejected profiles, from the page of a run."""
    with page.expect_download() as download:
        press(page, "Download profiles not exported (CSV)")
    download.value.save_as(folder / "rejects.csv")
    with (folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def headed(page: Page, title: str | re.Pattern[str]) -> None:
    """Waits for the page with this title."""
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
    drawn(page)
