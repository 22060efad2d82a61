"""Coming in, in a browser: set-up, sign-in, links; and being out again, in every open tab."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from core.access import Role
from core.server.web import COOKIE
from core.store import accounts, open_store
from tests.conftest import ADA
from tests.e2e.axe import findings
from tests.e2e.dashboard import PASSWORD, Dashboard, running
from tests.e2e.screen import ORGANISATION, Visits, badge, card, headed, more, press

pytestmark = pytest.mark.browser
CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){2}")


@pytest.fixture
def new(chromium: str, tmp_path: Path) -> Iterator[tuple[Dashboard, Path]]:
    """A dashboard as it was unpacked, and what its console says."""
    with running(tmp_path / "data", inhabited=False) as dashboard:
        yield dashboard, (tmp_path / "data").with_suffix(".log")


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label, exact=True).fill(text)


def sign_in(page: Page, name: str, password: str) -> None:
    fill(page, "Name", name)
    fill(page, "Password", password)
    press(page, "Sign in")


def test_the_first_administrator_is_made_with_the_code_from_the_console(
    new: tuple[Dashboard, Path], visits: Visits
):
    dashboard, log = new
    page = visits.open(f"{dashboard.url}/history", signed_in=False)
    headed(page, "First administrator")
    assert findings(page) == []
    code = CODE.findall(log.read_text())[-1]
    for label, text in (("Your name", "Anna"), ("Password", PASSWORD)):
        fill(page, label, text)
    fill(page, "Password again", PASSWORD)
    fill(page, "One-time code", "AAAA-AAAA-AAAA")
    press(page, "Create administrator")
    expect(page.get_by_text("The one-time code is wrong")).to_be_visible()
    fill(page, "One-time code", code)
    press(page, "Create administrator")
    headed(page, "History")  # the address that was asked for
    expect(page.get_by_text("Anna")).to_be_visible()


def test_who_signs_in_lands_where_they_wanted_and_who_signs_out_is_out_in_every_tab(
    dashboard: Dashboard, visits: Visits
):
    _know(dashboard, "Kaspars", Role.contributor)
    page = visits.open(f"{dashboard.url}/segments", signed_in=False)
    headed(page, "Sign in")
    expect(page.locator(ORGANISATION)).to_have_count(0)  # for there is no provider
    assert findings(page) == []
    sign_in(page, "Kaspars", "not my password")
    expect(page.get_by_text("Wrong name or password")).to_be_visible()
    sign_in(page, "kaspars", PASSWORD)
    headed(page, "Segments")
    (cookie,) = [c for c in page.context.cookies() if c["name"] == COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("document.cookie").find(COOKIE) == -1
    expect(page.get_by_role("link", name="Team", exact=True)).to_have_count(0)

    tab = page.context.new_page()
    tab.goto(f"{dashboard.url}/exports")
    headed(tab, "Exports")
    press(page, "Sign out")
    headed(page, "Sign in")
    tab.get_by_role("link", name="History", exact=True).click()
    headed(tab, "Sign in")
    replayed = visits.open(dashboard.url, signed_in=False)
    replayed.context.add_cookies([{"name": COOKIE, "value": cookie["value"], "url": dashboard.url}])
    replayed.goto(f"{dashboard.url}/exports")
    headed(replayed, "Sign in")


def test_an_invited_person_chooses_a_password_and_is_disabled_again(
    dashboard: Dashboard, visits: Visits
):
    page = visits.open(f"{dashboard.url}/team")
    press(page, "Invite")
    fill(page, "Name", "Jānis")
    press(page, "Create invite link")
    link = page.locator("code").inner_text()
    assert findings(page) == []
    theirs = visits.open(link, signed_in=False)
    headed(theirs, "Welcome, Jānis")
    fill(theirs, "Password", PASSWORD)
    fill(theirs, "Password again", PASSWORD)
    press(theirs, "Set password and sign in")
    expect(theirs.get_by_text("Viewer")).to_be_visible()
    assert "invitation" not in theirs.url

    page.reload()
    headed(page, "Team")
    more(card(page, "person", "Jānis"), "Disable")
    press(page.get_by_role("dialog"), "Disable")
    expect(badge(card(page, "person", "Jānis"), "Disabled")).to_be_visible()
    theirs.get_by_role("link", name="History", exact=True).click()
    headed(theirs, "Sign in")


def test_every_answer_keeps_other_sites_out(dashboard: Dashboard):
    for path in ("/", "/history", "/app/static/logo.svg", "/_stcore/health"):
        headers = httpx.get(dashboard.url + path).headers
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/auth/start", "/auth/end"])
@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}]
)
def test_another_sites_page_can_neither_sign_in_nor_out(dashboard: Dashboard, path, headers):
    assert httpx.post(dashboard.url + path, headers=headers, content="x").status_code == 403


def _know(dashboard: Dashboard, name: str, role: Role) -> None:
    store = open_store(dashboard.settings)
    with store.begin() as session:
        if accounts.look_up(session, name) is None:
            accounts.add(session, ADA, name, role, password=PASSWORD)
    store.close()
