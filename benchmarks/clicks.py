"""Clicks and seconds of the two main jobs, from a real browser: python -m benchmarks clicks.

The first is somebody's who has an empty installation and a file; the second an analyst's who comes
back to the demo, changes an export and runs it. A click is also what it takes to get into a field
before typing; typing counts as nothing, for it is the same everywhere.
"""

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from core import sandbox
from core.sandbox import demo
from core.settings import Settings
from core.store import open_store
from tests.conftest import ADA
from tests.e2e.conftest import ARGUMENTS, chromium_path
from tests.e2e.dashboard import free_port, running
from tests.e2e.screen import PATIENCE, Visits, drawn, headed

PEOPLE = "email,first_name,country\n" + "".join(
    f"person{n}@example.com,Anna,{'LV' if n % 3 else 'EE'}\n" for n in range(300)
)
KEY = "pk_clicks_0001"


@dataclass(slots=True)
class Hand:
    """Whoever clicks: each click is written down."""

    page: Page
    clicks: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)

    def press(self, name: str | re.Pattern[str], role: str = "button") -> None:
        """One click on what has this name, once the page is there."""
        self._click(f"{name if isinstance(name, str) else name.pattern}", role, name)

    def write(self, label: str, text: str, role: str = "textbox") -> None:
        """One click into a field, and what is typed there."""
        self._click(f"field {label}", role, label)
        self.page.get_by_role(role, name=label, exact=True).fill(text)  # type: ignore[arg-type]
        self.page.keyboard.press("Enter")

    def choose(self, label: str, option: str | re.Pattern[str]) -> None:
        """Two clicks: the box, and one of its options."""
        self._click(f"box {label}", "combobox", label)
        shown = self.page.get_by_role("option", name=option).first
        name = shown.inner_text()
        shown.click()
        self.clicks.append(f"option {name}")

    def upload(self, name: str, text: str) -> None:
        """One click on Upload; the file chosen in the system's dialog counts as another."""
        drawn(self.page)
        file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        self.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        self.clicks += ["Upload", f"file {name}"]

    def tell(self, job: str) -> None:
        """Prints the count, the seconds, and each click."""
        seconds = time.perf_counter() - self.began
        print(f"{job}: {len(self.clicks)} clicks, {seconds:.0f} s of a hand that never waits")
        print("  " + " · ".join(self.clicks))

    def _click(self, said: str, role: str, name: str | re.Pattern[str]) -> None:
        drawn(self.page)
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.clicks.append(said)


def main() -> None:
    """Prints both, the first with a key and with the sandbox."""
    with _browser() as visits:
        for with_key in (True, False):
            _first_run(visits, with_key)
        _back_again(visits)


def _first_run(visits: Visits, with_key: bool) -> None:
    """From an empty installation, signed in, to the end of the first run."""
    folder = Path(tempfile.mkdtemp())
    (folder / "data" / "sandbox").mkdir(parents=True)
    (folder / "data" / "sandbox" / "port").write_text(str(free_port()))
    with (
        sandbox.running(folder / "klaviyo", delay=0.0) as klaviyo,
        running(folder / "data") as dashboard,
    ):
        hand = Hand(visits.open(dashboard.url))
        if with_key:
            _connect(hand, klaviyo)
        else:
            hand.press("Try it in the sandbox")
            expect(hand.page.get_by_text("The sandbox is ready")).to_be_visible()
        hand.press("Add source")
        _add_source(hand)
        hand.press("Build segment")
        _build_segment(hand)
        hand.press("New export")
        _add_export(hand)
        _send(hand)
        hand.tell(f"empty installation to first run, with {'a key' if with_key else 'the sandbox'}")
        visits.close()


def _connect(hand: Hand, klaviyo: str) -> None:
    hand.press("Add connection")
    headed(hand.page, "Add connection")
    # Klaviyo's own address stands there for everybody else: this one isn't counted.
    address = hand.page.get_by_role("textbox", name="Address", exact=True)
    address.fill(klaviyo)
    address.press("Enter")
    hand.write("Private API key", KEY)
    drawn(hand.page)
    hand.page.get_by_text("I agree", exact=True).click()
    hand.clicks.append("I agree")
    hand.press("Connect")
    expect(hand.page.get_by_role("button", name="Save connection")).to_be_enabled()
    hand.press("Save connection")


def _add_source(hand: Hand) -> None:
    headed(hand.page, "Add source")
    hand.upload("people.csv", PEOPLE)
    hand.press("Save source")


def _build_segment(hand: Hand) -> None:
    headed(hand.page, "New segment")
    hand.write("Name", "Latvia")
    hand.choose("Field of rule 1", re.compile("country"))
    hand.choose("Value of rule 1", re.compile("^LV"))
    expect(hand.page.get_by_text("200 of 300")).to_be_visible()
    hand.press("Save segment")


def _add_export(hand: Hand) -> None:
    headed(hand.page, "New export")
    hand.choose("List", re.compile("VIP"))
    hand.press("Save and run…")


def _back_again(visits: Visits) -> None:
    """An analyst opens the dashboard, changes an export of the demo, and runs it to its end."""
    folder = Path(tempfile.mkdtemp())
    with sandbox.running(folder / "klaviyo", delay=0.0) as klaviyo:
        store = open_store(Settings(home=folder / "data"))
        demo.seed(store, ADA, klaviyo, date.today(), 3_000)
        store.close()
        with running(folder / "data") as dashboard:
            hand = Hand(visits.open(dashboard.url))
            hand.press("Exports", "link")
            headed(hand.page, "Exports")
            hand.press("Newsletter", "link")
            headed(hand.page, "Newsletter")
            hand.press("Edit")
            headed(hand.page, "Edit export")
            hand.write("Profiles in one run, at most", "90000", "spinbutton")
            hand.press("Save and run…")
            _send(hand)
            hand.tell("returning analyst: open, change, run")
            visits.close()


def _send(hand: Hand) -> None:
    dialog = hand.page.get_by_role("dialog")
    send = dialog.get_by_role("button", name=re.compile("^Send "))
    send.click()
    hand.clicks.append("Send …")
    badge = hand.page.locator(".stMarkdownBadge").get_by_text(re.compile("Succeeded|Partial"))
    expect(badge.first).to_be_visible()


@contextmanager
def _browser() -> Iterator[Visits]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield Visits(browser)
        browser.close()


if __name__ == "__main__":
    main()
