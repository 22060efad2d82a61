"""Authenticating with Klaviyo in a browser: out to the authorize page, and back to the form."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from core.connections import oauth
from core.store import connections, open_store
from tests.e2e.axe import findings
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.screen import Visits, drawn, press, write

pytestmark = pytest.mark.browser
NAME, SECRET = "Allowed at Klaviyo", "the secret of our app"
LINK = ".st-key-connection-oauth a"


@pytest.fixture(scope="module")
def dashboard(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard whose operator has an app at Klaviyo."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEGFERRY_KLAVIYO_CLIENT_ID", "segferry")
        patch.setenv("SEGFERRY_KLAVIYO_CLIENT_SECRET", SECRET)
        with running(tmp_path_factory.mktemp("oauth") / "data") as dashboard:
            yield dashboard


@pytest.fixture
def form(visits: Visits, dashboard: Dashboard, klaviyo: str) -> Page:
    """The form of a new connection to the sandbox, filled in but for the last step."""
    beside = (urlsplit(klaviyo).netloc,)
    page = visits.open(f"{dashboard.url}/connections?view=add", beside=beside)
    write(page, "Address", klaviyo)
    write(page, "Display name", NAME)
    write(page, "Private API key", "pk_e2e_oauth_0001")
    page.get_by_text("I agree", exact=True).click()
    press(page, "Connect")
    expect(page.get_by_text("Account Baltic Outfitters")).to_be_visible()
    return page


def gone_to_klaviyo(page: Page, klaviyo: str) -> Page:
    """The other tab, at the authorize page."""
    expect(page.locator(LINK)).to_have_attribute(
        "href", re.compile(rf"^{re.escape(klaviyo)}/oauth/")
    )
    with page.expect_popup() as opened:
        page.locator(LINK).click()
    there = opened.value
    expect(there.get_by_role("heading", name="segferry wants to use this account")).to_be_visible()
    return there


def test_a_connection_is_authenticated_in_another_tab_and_saved(
    form: Page, dashboard: Dashboard, klaviyo: str
):
    there = gone_to_klaviyo(form, klaviyo)
    expect(there.get_by_text("profiles:write")).to_be_visible()
    assert findings(there) == []
    there.get_by_role("button", name="Allow").click()
    expect(there.get_by_text("You can close this tab")).to_be_visible()
    assert urlsplit(there.url).netloc == urlsplit(dashboard.url).netloc
    assert findings(there) == []
    there.close()
    expect(form.get_by_text("Authenticated for the account Baltic Outfitters")).to_be_visible()
    expect(form.get_by_role("textbox", name="Display name", exact=True)).to_have_value(NAME)
    drawn(form)
    assert findings(form) == []
    press(form, "Save connection")
    expect(form.get_by_text("is saved")).to_be_visible()
    store = open_store(dashboard.settings)
    with store.begin() as session:
        row = connections.find(session, NAME)
    token = oauth.access(store, row.id)
    store.close()
    log = dashboard.settings.home.with_suffix(".log").read_text()
    assert not [secret for secret in (token, SECRET, "state=", "code=") if secret in log]


def test_whoever_denies_it_is_told_so_and_may_try_again(form: Page, klaviyo: str):
    there = gone_to_klaviyo(form, klaviyo)
    there.get_by_role("button", name="Deny").click()
    expect(there.get_by_text("Access was denied at Klaviyo")).to_be_visible()
    there.close()
    expect(form.get_by_text("Access was denied at Klaviyo")).to_be_visible()
    press(form, "Try again")
    there = gone_to_klaviyo(form, klaviyo)
    there.get_by_role("button", name="Allow").click()
    expect(form.get_by_text("Authenticated for the account Baltic Outfitters")).to_be_visible()
