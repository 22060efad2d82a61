"""Single sign-on in a browser, with an OpenID provider of another site that asks who one is."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from core.access import Role
from core.server.web import COOKIE
from core.settings import Settings
from core.store import accounts, audit, open_store
from tests.conftest import ADA
from tests.e2e.dashboard import PATIENCE, Dashboard, free_port, running
from tests.e2e.screen import ORGANISATION, Visits, drawn, press

STYLES = "cdn.jsdelivr.net"  # where the provider's own page asks for its looks; answered here
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "a secret of more than enough letters"
client_id = "segferry"
client_secret = "another secret"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def provider(chromium: str) -> Iterator[str]:
    """The address of an OpenID provider; to browsers “localhost” is another site than 127.0.0.1."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    url, end = f"http://localhost:{port}", time.monotonic() + PATIENCE
    while not _answers(url) and time.monotonic() < end:
        time.sleep(0.05)
    yield url
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def dashboard(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard with that provider, a contributor, somebody disabled, and a domain of guests."""
    home = tmp_path_factory.mktemp("sso") / "data"
    _invite(Settings(home=home))
    (home / "secrets.toml").write_text(SECRETS.format(provider=provider))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEGFERRY_SSO_VIEWERS", "guests.example")
        with running(home) as dashboard:
            yield dashboard


@dataclass(frozen=True, slots=True)
class Comer:
    """A browser that signs in with the organisation, as whom the provider says it is."""

    visits: Visits
    dashboard: Dashboard
    provider: str

    def __call__(self, **claims: object) -> Page:
        """The page that they come back to."""
        beside = (urlsplit(self.provider).netloc, STYLES)
        page = self.visits.open(self.dashboard.url, signed_in=False, beside=beside)
        return self.again(page, **claims)

    def again(self, page: Page, **claims: object) -> Page:
        """The same from a page on which one isn't signed in."""
        httpx.put(f"{self.provider}/users/somebody", json=claims).raise_for_status()
        page.route(f"https://{STYLES}/**", lambda route: route.fulfill(content_type="text/css"))
        page.locator(ORGANISATION).click()
        page.get_by_placeholder("sub").fill("somebody")
        page.unroute_all()  # while a browser asks us it doesn't look for what it has cached
        press(page, "Authorize")
        page.wait_for_url(f"{self.dashboard.url}/")
        return page


@pytest.fixture
def come(visits: Visits, dashboard: Dashboard, provider: str) -> Comer:
    return Comer(visits, dashboard, provider)


def test_a_known_person_gets_in_with_their_role_and_out_without_being_signed_in_again(come: Comer):
    page = come(email="Chris@Example.com", email_verified=True)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Chris")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Contributor")
    drawn(page)
    assert COOKIE in cookies(page)
    assert not [name for name in cookies(page) if name.startswith("_streamlit_user")]
    press(page, "Sign out")
    expect(page.locator(ORGANISATION)).to_be_visible()
    page.reload()
    drawn(page)
    expect(page.locator(ORGANISATION)).to_be_visible()
    assert COOKIE not in cookies(page)


REFUSED = [
    ({"email": "chris@example.com", "email_verified": False}, "doesn't confirm your email"),
    ({"email": "eve@example.com", "email_verified": True}, "Nobody with the address eve@exam"),
    ({"email": "dora@example.com", "email_verified": True}, "Dora may no longer sign in"),
]


def test_all_others_are_refused_with_a_sentence(come: Comer, dashboard: Dashboard):
    page: Page | None = None
    for claims, sentence in REFUSED:
        page = come.again(page, **claims) if page else come(**claims)
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        expect(page.locator(ORGANISATION)).to_be_visible()
        assert COOKIE not in cookies(page)
        assert _last_deed(dashboard) == (audit.Deed.refused, str(claims.get("email")))


def test_people_of_an_allowed_domain_become_viewers_until_they_are_disabled(
    come: Comer, dashboard: Dashboard
):
    page = come(email="grace@guests.example", email_verified=True)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("grace@guests.example")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Viewer")
    drawn(page)
    store = open_store(dashboard.settings)
    with store.begin() as session:
        accounts.disable(session, ADA, accounts.find(session, "grace@guests.example"))
    store.close()
    page.get_by_role("link", name="Exports").click()
    expect(page.locator(ORGANISATION)).to_be_visible()


def cookies(page: Page) -> list[str]:
    """The names of what the browser keeps."""
    return [str(cookie.get("name")) for cookie in page.context.cookies()]


def _invite(settings: Settings) -> None:
    store = open_store(settings)
    with store.begin() as session:
        accounts.add(session, ADA, "Chris", Role.contributor, email="chris@example.com")
        dora = accounts.add(session, ADA, "Dora", Role.contributor, email="dora@example.com")
        accounts.disable(session, ADA, dora)
    store.close()


def _last_deed(dashboard: Dashboard) -> tuple[str, str]:
    store = open_store(dashboard.settings)
    with store.begin() as session:
        (row,) = audit.entries(session, ADA, limit=1)
    store.close()
    return row.action, row.by


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False
