"""A real server, asked from outside the browser: what it refuses, and to whom."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlmodel import select
from starlette.types import Receive, Scope, Send
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core.access import Role
from core.api.problems import MEDIA
from core.errors import StorageUnavailable
from core.server import sign_in, web
from core.store import Store, accounts, open_store, sessions, tokens
from core.store.sessions import Purpose
from core.store.tables.people import SessionRow, TicketRow
from tests.conftest import ADA
from tests.e2e.dashboard import SESSIONS, Dashboard, let_in, running

NAMES = [name for name, _value in web.HEADERS]
SITE = "https://evil.example"


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard behind a proxy on this machine, which is called segferry.example.com."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patched:  # for its start alone
            patched.setenv("SEGFERRY_TRUSTED_PROXY", "127.0.0.1")
            patched.setenv("SEGFERRY_ALLOWED_HOSTS", "127.0.0.1,segferry.example.com")
            home = tmp_path_factory.mktemp("reached") / "data"
            started = stack.enter_context(running(home))
        yield started


@pytest.fixture
def store(dashboard: Dashboard) -> Iterator[Store]:
    opened = open_store(dashboard.settings)
    yield opened
    opened.close()


def ticket(store: Store) -> str:
    """One that opens a session of Ada's."""
    with store.begin() as session:
        account = accounts.find(session, ADA.name)
        return sessions.issue(session, Purpose.sign_in, account.id)


def newest(store: Store) -> SessionRow:
    with store.begin() as session:
        return max(session.exec(select(SessionRow)), key=lambda row: row.created_at)


def ask(dashboard: Dashboard, method: str, path: str, **more: object) -> httpx.Response:
    return httpx.request(method, dashboard.url + path, **more)  # type: ignore[arg-type]


def stream(dashboard: Dashboard, **headers: str) -> int:
    """The status with which a WebSocket is answered."""
    address = dashboard.url.replace("http", "ws") + "/_stcore/stream"
    try:
        with connect(address, additional_headers=headers):
            return 101
    except InvalidStatus as error:
        return error.response.status_code


def test_the_api_is_beside_the_pages_and_takes_no_cookie(dashboard: Dashboard, store: Store):
    session = {web.COOKIE: sign_in.start(store, ticket(store), "127.0.0.1", "a browser")}
    for answer in (
        ask(dashboard, "GET", "/api/runs/1", cookies=session),
        ask(dashboard, "POST", "/api/refresh", cookies=session, content=b"x" * 200_000),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (401, MEDIA)
        assert [name for name in NAMES if name.decode() not in answer.headers] == []
    with store.begin() as opened:
        secret = tokens.add(opened, ADA, "A program", [tokens.REFRESH])
    given = {"headers": {"Authorization": f"Bearer {secret}"}}
    answer = ask(dashboard, "POST", "/api/refresh", content=b"x" * 200_000, **given)
    assert (answer.status_code, answer.headers["content-type"]) == (413, MEDIA)
    assert ask(dashboard, "GET", "/api/openapi.json").json()["openapi"] == "3.1.0"


def test_every_answer_has_the_headers(dashboard: Dashboard):
    page = ask(dashboard, "GET", "/").text
    scripts = re.findall(r'(?:src|href)="\.?/?(static/[^"]+)"', page)
    assert scripts
    paths = ["/", "/history", "/_stcore/health", "/app/static/logo.svg", "/nothing.js"]
    for path in [*paths, *(f"/{script}" for script in scripts)]:
        answer = ask(dashboard, "GET", path)
        assert [name for name in NAMES if name.decode() not in answer.headers] == [], path
        assert answer.headers.get_list("content-security-policy") == [web.POLICY], path
    for answer in (
        ask(dashboard, "POST", web.START, headers={"Origin": SITE}),
        ask(dashboard, "GET", "/", headers={"Host": "evil.example"}),
        ask(dashboard, "POST", "/", content=b"x" * 200_000),
    ):
        assert answer.status_code >= 400
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "segferry.example.com.evil.example", "", "a:b:c"])
def test_a_foreign_host_is_refused(dashboard: Dashboard, host: str):
    for path in ("/", "/_stcore/health", web.START):
        assert ask(dashboard, "GET", path, headers={"Host": host}).status_code == 400
    assert stream_by_hand(dashboard, f"Host: {host}") == 400


def test_an_allowed_host_is_served(dashboard: Dashboard):
    answer = ask(dashboard, "GET", "/", headers={"Host": "segferry.example.com"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": SITE},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "{own}"},
    ],
)
@pytest.mark.parametrize("path", [web.START, web.END])
def test_another_sites_post_is_refused_and_changes_nothing(
    dashboard: Dashboard, store: Store, path: str, headers: dict[str, str]
):
    headers = {name: value.format(own=dashboard.url) for name, value in headers.items()}
    token, held = SESSIONS[dashboard.url], ticket(store)
    cookies = {"Cookie": f"{web.COOKIE}={token}"}
    answer = ask(dashboard, "POST", path, content=held, headers=headers | cookies)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    with store.begin() as session:
        assert sessions.owner(session, token)
        assert sessions.look_at(session, Purpose.sign_in, held)


@pytest.mark.parametrize("path", [web.START, web.END])
def test_a_link_of_another_site_does_nothing(dashboard: Dashboard, store: Store, path: str):
    token = SESSIONS[dashboard.url]
    answer = ask(dashboard, "GET", path, headers={"Cookie": f"{web.COOKIE}={token}"})
    assert web.COOKIE not in answer.headers.get("set-cookie", "")
    with store.begin() as session:
        assert sessions.owner(session, token)


def test_a_websocket_of_another_site_is_refused(dashboard: Dashboard):
    assert stream(dashboard) == 101
    assert stream(dashboard, Origin=dashboard.url) == 101
    for origin in (SITE, "null", "http://127.0.0.1:1", "http://localhost:8501"):
        assert stream(dashboard, Origin=origin) == 403


def test_a_ticket_opens_one_session_once(dashboard: Dashboard, store: Store):
    held = ticket(store)
    answer = ask(dashboard, "POST", web.START, content=held)
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert "Secure" not in cookie  # over plain HTTP the browser would drop it
    again = ask(dashboard, "POST", web.START, content=held)
    assert (again.status_code, "set-cookie" in again.headers) == (403, False)


@pytest.mark.parametrize("forged", ["", "a" * 43, "ä" * 20, "' or 1=1 --", "x" * 1000])
def test_a_forged_ticket_is_refused(dashboard: Dashboard, forged: str):
    answer = ask(dashboard, "POST", web.START, content=forged.encode())
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_an_expired_ticket_is_refused(dashboard: Dashboard, store: Store):
    held = ticket(store)
    with store.begin() as session:
        for row in session.exec(select(TicketRow)):
            row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    answer = ask(dashboard, "POST", web.START, content=held)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_a_token_that_somebody_else_chose_never_becomes_a_session(
    dashboard: Dashboard, store: Store
):
    chosen = "chosen-by-somebody-else"
    headers = {"Cookie": f"{web.COOKIE}={chosen}"}
    answer = ask(dashboard, "POST", web.START, content=ticket(store), headers=headers)
    assert answer.status_code == 204
    assert chosen not in answer.headers["set-cookie"]
    with store.begin() as session:
        assert sessions.owner(session, chosen) is None


def test_what_the_proxy_tells_of_the_browser_is_believed(dashboard: Dashboard, store: Store):
    headers = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7", "X-Forwarded-Proto": "https"}
    answer = ask(dashboard, "POST", web.START, content=ticket(store), headers=headers)
    assert "Secure" in answer.headers["set-cookie"]
    assert newest(store).address == "203.0.113.7"  # before it stands what anybody can write


def test_what_anybody_else_tells_is_not_believed(tmp_path: Path):
    with running(tmp_path / "data") as direct:
        store = open_store(direct.settings)
        headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        answer = ask(direct, "POST", web.START, content=ticket(store), headers=headers)
        assert answer.status_code == 204
        assert "Secure" not in answer.headers["set-cookie"]
        assert newest(store).address == "127.0.0.1"
        store.close()
        assert ask(direct, "GET", "/", headers={"Host": "a.example"}).status_code == 400
        assert ask(direct, "GET", "/", headers={"Host": "localhost:1"}).status_code == 200


def test_another_address_is_listened_on_when_the_names_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SEGFERRY_ALLOWED_HOSTS", "127.0.0.2")
    with running(tmp_path / "data", address="127.0.0.2") as dashboard:
        assert ask(dashboard, "GET", "/").status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(dashboard.url.replace("127.0.0.2", "127.0.0.1"))


@pytest.mark.parametrize("path", ["/", web.START, web.END, "/_stcore/health", "/nothing"])
def test_too_large_a_body_is_refused(dashboard: Dashboard, path: str):
    assert ask(dashboard, "POST", path, content=b"x" * 200_000).status_code == 413


def test_a_large_body_without_a_length_is_not_read_to_its_end(dashboard: Dashboard):
    pieces = (b"x" * 10_000 for _ in range(1_000))
    assert ask(dashboard, "POST", web.START, content=pieces).status_code in (403, 413)


@pytest.mark.parametrize("role", [None, Role.viewer])
def test_nobody_uploads_who_cant_add_sources(dashboard: Dashboard, role: Role | None):
    token = let_in(dashboard.settings, f"Up {role.name}", role) if role else "none"
    answer = ask(
        dashboard,
        "PUT",
        f"{web.UPLOADS}some-session/some-file",
        files={"file": b"email\n"},
        headers={"Cookie": f"{web.COOKIE}={token}"},
    )
    assert answer.status_code == 403
    assert "contributors" in answer.text


def test_a_contributor_passes_on_to_the_upload_itself(dashboard: Dashboard):
    token = let_in(dashboard.settings, "Up contributor", Role.contributor)
    answer = ask(
        dashboard,
        "PUT",
        f"{web.UPLOADS}some-session/some-file",
        files={"file": b"email\n"},
        headers={"Cookie": f"{web.COOKIE}={token}"},
    )
    assert "contributors" not in answer.text  # refused by Streamlit, whose session it isn't


def stream_by_hand(dashboard: Dashboard, *lines: str) -> int:
    """The status of a WebSocket asked for with just these headers."""
    host, port = dashboard.url.removeprefix("http://").split(":")
    asked = ["GET /_stcore/stream HTTP/1.1", *lines, "Upgrade: websocket", "Connection: Upgrade"]
    asked += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", ""]
    with socket.create_connection((host, int(port)), timeout=20) as link:
        link.sendall("\r\n".join(asked).encode())
        return int(link.recv(1000).split()[1])


# What Streamlit's server answers, to whoever asks: with a page (the same shell for each address of
# the menu), a file of the program, or not at all.
ANSWERS = {
    "GET /_stcore/health": (200, "ok"),
    "HEAD /_stcore/health": (200, ""),
    "POST /_stcore/health": (405, None),
    "GET /_stcore/host-config": (200, None),
    "GET /_stcore/metrics": (404, "Not found."),
    "OPTIONS /_stcore/metrics": (404, "Not found."),
    "GET /%5Fstcore/%6Detrics": (404, "Not found."),
    "GET /_stcore/version": (404, "Not found."),
    "GET /_stcore/script-health-check": (404, "Not found."),
    "GET /_stcore/agent/openapi.json": (404, "Not found."),
    "POST /_stcore/agent/mcp": (404, "Not found."),
    "POST /_stcore/agent/interact": (404, "Not found."),
    "GET /_stcore/bidi-components/x/y.js": (404, "Not found."),
    "OPTIONS /_stcore/bidi-components/x/y.js": (404, "Not found."),
    "GET /_stcore/stream": (404, "Not found."),
    "GET /_stcore/allowed-message-origins": (404, "Not found."),
    "GET /_stcore/": (404, "Not found."),
    "GET /_stcore/health/": (404, "Not found."),
    "GET /_stcore//metrics": (404, "Not found."),
    "PUT /_stcore/upload_file/session/file": (403, None),
    "DELETE /_stcore/upload_file/session/file": (403, None),
    "OPTIONS /_stcore/upload_file/session/file": (403, None),
    "GET /component/x/index.html": (404, "Not found."),
    "OPTIONS /component/x/index.html": (404, "Not found."),
    "GET /media/x.csv": (404, "File not found"),
    "OPTIONS /media/x.csv": (403, None),
    "GET /app/static/logo.svg": (200, None),
    "GET /app/static/": (404, None),
    "GET /app/static/..%2Fapp.py": (400, None),
    "GET /favicon.png": (200, None),
    "GET /manifest.json": (200, None),
    "GET /static/": (301, ""),
    "GET /auth/login": (302, ""),  # without single sign-on: to the page to sign in
    "GET /oauth2callback": (302, ""),
    "GET /auth/logout": (404, "Not found."),
    "GET /history": (200, "shell"),
    "GET /x/_stcore/metrics": (200, "shell"),
}


@pytest.fixture(scope="module")
def visitors(dashboard: Dashboard) -> Iterator[list[httpx.Client]]:
    """Nobody, a viewer, and somebody who has signed out."""
    viewer, out = (let_in(dashboard.settings, name, Role.viewer) for name in ("Vita", "Otto"))
    with ExitStack() as stack:
        cookies = [{}, *({web.COOKIE: token} for token in (viewer, out))]
        opened = [httpx.Client(base_url=dashboard.url, cookies=held) for held in cookies]
        visitors = [stack.enter_context(client) for client in opened]
        assert visitors[2].post(web.END).status_code == 303
        visitors[2].cookies.set(web.COOKIE, out)  # whoever kept it
        yield visitors


@pytest.mark.parametrize("asked", ANSWERS)
def test_streamlits_addresses_answer_alike_to_everybody(visitors: list[httpx.Client], asked: str):
    status, text = ANSWERS[asked]
    answers = [visitor.request(*asked.split()) for visitor in visitors]
    assert [answer.status_code for answer in answers] == [status] * 3
    assert len({answer.text for answer in answers}) == 1
    if text is not None:
        said = "shell" if "<!doctype html>" in answers[0].text.lower() else answers[0].text
        assert said == text


def test_what_the_page_to_sign_in_asks_for_says_nothing_of_the_installation(dashboard: Dashboard):
    assert ask(dashboard, "GET", "/_stcore/host-config").json() == {
        "allowedOrigins": [],
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": False,
        "resourceCrossOriginMode": None,
    }


def test_pages_may_connect_to_their_own_server_only():
    (rule,) = (part for part in web.POLICY.split("; ") if part.startswith("connect-src"))
    assert rule == "connect-src 'self'"


def test_what_needs_the_database_answers_with_a_sentence_while_it_is_away():
    async def away(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise StorageUnavailable("The database can't be used.")

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(web.Outages(away))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post(web.START)

    answer = asyncio.run(asked())
    assert (answer.status_code, answer.text) == (503, "The database can't be used.")
