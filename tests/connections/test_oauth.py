"""Authenticating by OAuth against the sandbox: begun, allowed, kept, renewed, withdrawn."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from starlette.applications import Starlette
from starlette.middleware import Middleware

from core import sandbox
from core.access import Person, Role
from core.configuration.connection import Connection, Consent
from core.connections import checks, clients, lists, oauth
from core.destinations.klaviyo import SCOPES
from core.destinations.oauth import Tokens
from core.destinations.register import KINDS
from core.errors import AuthorizationEnded, Denied, Invalid, Rejected
from core.sandbox.serving import background, listen
from core.server import web
from core.settings import Settings
from core.store import Store, accounts, audit, authorizations, connections, rotation
from core.store.tables.connections import Authorization, ConnectionRow, ConnectionState
from core.store.vault import Vault
from tests.conftest import ADA
from tests.programs import Program

ORIGIN = "https://segferry.example"
BACK = f"{ORIGIN}/auth/klaviyo"  # operators have registered it: it never changes
CLIENT_SECRET = "the secret of our app"
REFRESH = ("POST", "/oauth/token", 200)
Get = Callable[..., httpx.Response]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path / "data",
        klaviyo_client_id="segferry",
        klaviyo_client_secret=CLIENT_SECRET,
    )


@pytest.fixture(scope="module")
def the_klaviyo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sandbox.running(tmp_path_factory.mktemp("klaviyo"), delay=0.0, limits=False) as url:
        yield url


@pytest.fixture
def klaviyo(the_klaviyo: str) -> str:
    httpx.post(f"{the_klaviyo}/sandbox/reset").raise_for_status()
    return the_klaviyo


@pytest.fixture
def get(store: Store) -> Iterator[Get]:
    """Asks for the address that browsers come back to from a type of destination."""
    app = Starlette(routes=web.routes(lambda: store), middleware=[Middleware(web.Headers)])
    with listen(0) as socket, background(app, socket) as url:
        yield lambda type="klaviyo", **query: httpx.get(f"{url}/auth/{type}", params=query)


@pytest.fixture
def anna(store: Store) -> Person:
    return somebody(store, "Anna", Role.administrator)


def somebody(store: Store, name: str, role: Role) -> Person:
    with store.begin() as session:
        row = accounts.add(session, ADA, name, role)
    return Person(name, role, row.id, "10.0.0.1")


def decided(url: str, decision: str = "allow", account: str = "XK4p9T") -> dict[str, str]:
    """What the sandbox sends the browser back with, after a person has decided."""
    form = dict(parse_qsl(urlsplit(url).query)) | {"decision": decision, "account": account}
    answer = httpx.post(url.partition("?")[0], data=form)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def arrived(store: Store, back: dict[str, str]) -> None:
    oauth.arrive(store, "klaviyo", back["state"], back.get("code", ""), back.get("error", ""))


def allowed(
    store: Store,
    person: Person,
    klaviyo: str,
    account: str = "XK4p9T",
    optional: Sequence[str] = (),
) -> str:
    """The handle of an authorization that was allowed."""
    handle, url = oauth.begin(store, person, "klaviyo", klaviyo, ORIGIN, optional)
    arrived(store, decided(url, account=account))
    return handle


@pytest.fixture
def connection(store: Store, anna: Person, klaviyo: str) -> ConnectionRow:
    """A connection whose key is refused, and that is authenticated by OAuth."""
    handle = allowed(store, anna, klaviyo)
    assert oauth.found(store, anna, handle)
    with store.begin() as session:
        row = added(session, store, klaviyo)
        oauth.take(session, store, anna, handle, row)
    httpx.post(f"{klaviyo}/sandbox/keys", json={"keys": {}}).raise_for_status()
    return row


def added(session, store: Store, klaviyo: str) -> ConnectionRow:
    spec = Connection(
        name="Klaviyo", api_key="${KEY}", base_url=klaviyo, consent=Consent(agreed_by="Ada")
    )
    return connections.add(session, store.vault, ADA, spec, key="pk_0123456789abcdef")


def again(store: Store) -> ConnectionRow:
    with store.begin() as session:
        return connections.find(session, "Klaviyo")


def due(store: Store, row: ConnectionRow) -> str:
    """The connection's access token, of which four minutes are left."""
    with store.begin() as session:
        found = connections.find(session, row.id)
        tokens = held(store, found)
        soon = datetime.now(UTC) + oauth.AHEAD - timedelta(minutes=1)
        found.oauth = oauth._locked(store.vault, replace(tokens, expires_at=soon))
    return tokens.access


def held(store: Store, row: ConnectionRow) -> Tokens:
    return oauth._tokens(oauth._read(store.vault, row.oauth or ""))


def calls(klaviyo: str) -> dict[tuple[str, str, int], int]:
    rows = httpx.get(f"{klaviyo}/sandbox/requests").json()["requests"]
    return {(row["method"], row["path"], row["status"]): row["count"] for row in rows}


def withdrawn(klaviyo: str) -> None:
    httpx.delete(f"{klaviyo}/sandbox/tokens").raise_for_status()


def test_it_is_offered_once_client_id_and_secret_are_set(settings: Settings):
    assert oauth.is_set_up(settings, "klaviyo")
    assert not oauth.is_set_up(replace(settings, klaviyo_client_secret=""), "klaviyo")
    assert CLIENT_SECRET not in repr(settings)


def test_where_it_is_not_set_up_nothing_begins(store: Store, anna: Person, klaviyo: str):
    bare = replace(store, settings=replace(store.settings, klaviyo_client_id=""))
    both = "SEGFERRY_KLAVIYO_CLIENT_ID and SEGFERRY_KLAVIYO_CLIENT_SECRET are needed"
    with pytest.raises(Invalid, match=both):
        oauth.begin(bare, anna, "klaviyo", klaviyo, ORIGIN)


@pytest.mark.parametrize("type", [type for type, kind in KINDS.items() if kind.oauth is None])
def test_a_type_without_oauth_begins_nothing_and_has_no_address(
    store: Store, anna: Person, klaviyo: str, get: Get, type: str
):
    with pytest.raises(Invalid, match=r"can't be authenticated with OAuth"):
        oauth.begin(store, anna, type, klaviyo, ORIGIN)
    assert get(type).status_code == 404


def test_a_code_goes_to_no_other_type_than_it_came_from(store: Store, anna: Person, klaviyo: str):
    handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    back = decided(url)
    with pytest.raises(Invalid, match="expired"):
        oauth.arrive(store, "listmonk", back["state"], back["code"])
    assert REFRESH not in calls(klaviyo)
    assert oauth.found(store, anna, handle) is None


def test_an_authorization_is_not_taken_by_another_type(store: Store, anna: Person, klaviyo: str):
    handle = allowed(store, anna, klaviyo)
    assert oauth.found(store, anna, handle)
    with store.begin() as session:
        row = added(session, store, klaviyo)
        row.type = "listmonk"
        with pytest.raises(Invalid, match="expired"):
            oauth.take(session, store, anna, handle, row)


def test_the_address_carries_what_klaviyo_asks_for(store: Store, anna: Person):
    handle, url = oauth.begin(store, anna, "klaviyo", "https://a.klaviyo.com", ORIGIN)
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith("https://www.klaviyo.com/oauth/authorize?")
    assert query["response_type"] == "code"
    assert query["client_id"] == "segferry"
    assert query["redirect_uri"] == BACK
    assert query["scope"].split() == [*SCOPES]
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == len(query["state"]) == 43
    assert query["state"] not in handle


def requested(url: str) -> list[str]:
    return parse_qs(urlsplit(url).query)["scope"][0].split()


def test_only_optional_scopes_that_were_chosen_are_requested_in_their_order(
    store: Store, anna: Person
):
    begun = [
        oauth.begin(store, anna, "klaviyo", "https://a.klaviyo.com", ORIGIN, optional)
        for optional in ((), ("usage:read", "flows:read"), tuple(oauth.offered("klaviyo")))
    ]
    first, second, every = (requested(url) for _handle, url in begun)
    assert first == [*SCOPES]
    assert second == [*SCOPES, "flows:read", "usage:read"]
    assert every[-1] == "data-privacy:write"
    with pytest.raises(Invalid, match="subscriptions:write"):
        oauth.begin(store, anna, "klaviyo", "x", ORIGIN, ("subscriptions:write",))


def test_what_was_granted_is_remembered_and_is_all_that_can_be_seen(
    store: Store, anna: Person, klaviyo: str, connection: ConnectionRow
):
    assert oauth.granted(store, connection) == ()
    chosen = ("data-privacy:write", "campaigns:read")
    handle = allowed(store, anna, klaviyo, optional=chosen)
    assert oauth.found(store, anna, handle)
    with store.begin() as session:
        oauth.take(session, store, anna, handle, connections.find(session, "Klaviyo"))
        newest = audit.entries(session, ADA, limit=1)[0]
    assert newest.what == "Klaviyo (campaigns:read, data-privacy:write)"
    assert oauth.granted(store, again(store)) == ("campaigns:read", "data-privacy:write")
    with clients.open_at_once(store, again(store)) as destination:
        assert destination.dependents("Y6nRLr").unseen.keys() == {"flows", "segments"}
        destination.erase("nobody@example.lv")
    before = due(store, again(store))
    assert oauth.access(store, connection.id) != before
    assert oauth.granted(store, again(store)) == ("campaigns:read", "data-privacy:write")


def test_of_an_older_authorization_nobody_knows_what_it_may(
    store: Store, connection: ConnectionRow
):
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        kept = oauth._read(store.vault, row.oauth or "")
        del kept["scopes"]
        row.oauth = store.vault.lock(json.dumps(kept))
    assert oauth.granted(store, again(store)) is None
    assert oauth.access(store, connection.id) == kept["access"]


def test_once_allowed_the_account_is_found_and_klaviyo_is_asked_once(
    store: Store, anna: Person, klaviyo: str
):
    handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    assert oauth.found(store, anna, handle) is None
    arrived(store, decided(url))
    for _n in range(3):
        found = oauth.found(store, anna, handle)
        assert found
        assert (found.id, found.name) == ("XK4p9T", "Baltic Outfitters")
    assert calls(klaviyo)["GET", "/api/accounts", 200] == 1


def test_only_who_began_it_sees_or_takes_it(store: Store, anna: Person, klaviyo: str):
    handle = allowed(store, anna, klaviyo)
    assert oauth.found(store, anna, handle)
    boris = somebody(store, "Boris", Role.administrator)
    with pytest.raises(Invalid, match="expired"):
        oauth.found(store, boris, handle)
    oauth.drop(store, boris, handle)
    with pytest.raises(Invalid, match="expired"), store.begin() as session:
        oauth.take(session, store, boris, handle, added(session, store, klaviyo))
    assert oauth.found(store, anna, handle)


@pytest.mark.parametrize("role", [Role.viewer, Role.contributor])
def test_only_administrators_authenticate(store: Store, anna: Person, klaviyo: str, role: Role):
    handle, person = allowed(store, anna, klaviyo), somebody(store, "Vita", role)
    with pytest.raises(Denied):
        oauth.begin(store, person, "klaviyo", klaviyo, ORIGIN)
    with pytest.raises(Denied):
        oauth.found(store, replace(person, id=anna.id), handle)


def test_a_state_that_is_forged_or_used_or_too_old_brings_nothing(
    store: Store, anna: Person, klaviyo: str
):
    handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    back = decided(url)
    for forged in ("", "forged", handle):
        with pytest.raises(Invalid, match="expired"):
            arrived(store, back | {"state": forged})
    arrived(store, back)
    with pytest.raises(Invalid, match="expired"):
        arrived(store, back)
    assert oauth.found(store, anna, handle)
    _handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    with store.begin() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(sa.update(Authorization).values(expires_at=past))
    with pytest.raises(Invalid, match="ten minutes"):
        arrived(store, decided(url))


def test_of_two_who_come_back_at_once_one_is_let_in(store: Store, anna: Person, klaviyo: str):
    handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    back = decided(url)

    def come(_n: int) -> bool:
        try:
            arrived(store, back)
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(come, range(4))) == [False, False, False, True]
    assert oauth.found(store, anna, handle)


def test_it_holds_ten_minutes_and_then_an_hour_and_is_swept(
    store: Store, anna: Person, klaviyo: str
):
    _handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    assert ends_in(store) == pytest.approx(600, abs=30)
    arrived(store, decided(url))
    assert ends_in(store) == pytest.approx(3600, abs=30)
    with store.begin() as session:
        session.execute(sa.update(Authorization).values(expires_at=datetime.now(UTC)))
    oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    with store.begin() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Authorization)) == 1


def ends_in(store: Store) -> float:
    with store.begin() as session:
        (row,) = session.scalars(sa.select(Authorization)).all()
    return (row.expires_at - datetime.now(UTC)).total_seconds()


def test_a_person_who_denies_it_is_told_so_in_both_tabs(store: Store, anna: Person, klaviyo: str):
    handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    with pytest.raises(Rejected, match="denied"):
        arrived(store, decided(url, "deny"))
    with pytest.raises(Rejected, match="denied"):
        oauth.found(store, anna, handle)


def test_what_klaviyo_says_in_the_address_is_shown_only_if_it_looks_like_its_codes(
    store: Store, anna: Person, klaviyo: str
):
    for error, told in (("invalid_scope", True), ("<b>Pay me</b> 1,000", False)):
        _handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
        with pytest.raises(Rejected, match="redirect address") as caught:
            arrived(store, {"state": decided(url)["state"], "error": error})
        assert (error in str(caught.value)) is told


def test_a_code_of_another_sign_in_is_refused_by_pkce(store: Store, anna: Person, klaviyo: str):
    _first, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    second, other = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    stolen = decided(url)["code"]
    with pytest.raises(AuthorizationEnded, match="Authenticate again"):
        arrived(store, {"state": decided(other)["state"], "code": stolen})
    with pytest.raises(Rejected, match="Authenticate again"):
        oauth.found(store, anna, second)


def test_a_taken_authorization_opens_the_account_instead_of_the_key(
    store: Store, connection: ConnectionRow
):
    assert checks.check(store, ADA, connection).name == "Baltic Outfitters"
    assert len(lists.lists(store, ADA, connection)) == 14
    with store.begin() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Authorization)) == 0


def test_it_is_taken_once_and_only_after_the_account_was_found(
    store: Store, anna: Person, klaviyo: str
):
    handle = allowed(store, anna, klaviyo)
    with store.begin() as session:
        row = added(session, store, klaviyo)
        with pytest.raises(Invalid, match="expired"):
            oauth.take(session, store, anna, handle, row)
    assert oauth.found(store, anna, handle)
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        assert oauth.take(session, store, anna, handle, row).id == "XK4p9T"
        session.flush()
        with pytest.raises(Invalid, match="expired"):
            oauth.take(session, store, anna, handle, row)


def test_another_account_than_the_connections_is_refused(store: Store, anna: Person, klaviyo: str):
    handle = allowed(store, anna, klaviyo, account="Qw7rZb")
    assert oauth.found(store, anna, handle)
    with store.begin() as session:
        row = added(session, store, klaviyo)
        row.account_id, row.account_name = "XK4p9T", "Baltic Outfitters"
        with pytest.raises(Invalid, match=r"“Amber Coast Books” .* is for “Baltic Outfitters”"):
            oauth.take(session, store, anna, handle, row)
        assert row.oauth is None


def test_a_token_goes_to_no_other_address_than_it_came_from(
    store: Store, anna: Person, klaviyo: str, connection: ConnectionRow
):
    handle = allowed(store, anna, klaviyo)
    assert oauth.found(store, anna, handle)
    elsewhere = Connection(
        name="Klaviyo", api_key="${KEY}", base_url="https://x.example", consent={"agreed_by": "A"}
    )
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        connections.change(session, store.vault, ADA, row, elsewhere)
        assert row.oauth is None
        with pytest.raises(Invalid, match="expired"):
            oauth.take(session, store, anna, handle, row)


def test_a_token_goes_to_no_other_type_either(
    store: Store, klaviyo: str, connection: ConnectionRow
):
    other = Connection(
        name="Klaviyo",
        type="listmonk",
        api_key="${KEY}",
        base_url=klaviyo,
        consent=Consent(agreed_by="Ada"),
    )
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.account_id = "XK4p9T"
        connections.change(session, store.vault, ADA, row, other)
        assert (row.type, row.oauth, row.account_id) == ("listmonk", None, None)


def test_a_token_that_holds_is_given_as_it_is(
    store: Store, klaviyo: str, connection: ConnectionRow
):
    before = calls(klaviyo).get(REFRESH, 0)
    assert oauth.access(store, connection.id) == held(store, connection).access
    assert calls(klaviyo).get(REFRESH, 0) == before


def test_a_token_is_renewed_before_it_ends(store: Store, klaviyo: str, connection: ConnectionRow):
    old, before = due(store, connection), calls(klaviyo)[REFRESH]
    new = oauth.access(store, connection.id)
    assert new != old
    assert oauth.access(store, connection.id) == new
    assert calls(klaviyo)[REFRESH] == before + 1


def test_many_threads_make_one_refresh(store: Store, klaviyo: str, connection: ConnectionRow):
    old, before = due(store, connection), calls(klaviyo)[REFRESH]
    with ThreadPoolExecutor(8) as threads:
        given = set(threads.map(lambda _n: oauth.access(store, connection.id), range(16)))
    assert len(given - {old}) == len(given) == 1
    assert calls(klaviyo)[REFRESH] == before + 1
    with ThreadPoolExecutor(8) as threads:
        (first,) = given
        again = set(threads.map(lambda _n: oauth.access(store, connection.id, first), range(16)))
    assert len(again - given) == len(again) == 1
    assert calls(klaviyo)[REFRESH] == before + 2


def test_two_processes_make_one_refresh(store: Store, klaviyo: str, connection: ConnectionRow):
    due(store, connection)
    before = calls(klaviyo)[REFRESH]
    code = (
        "import sys; from pathlib import Path; from core.connections import oauth; "
        "from core.settings import Settings; from core.store import open_store; "
        "store = open_store(Settings(home=Path(sys.argv[1]), klaviyo_client_id='segferry', "
        "klaviyo_client_secret=sys.argv[2])); print('ready', flush=True); "
        "print(oauth.access(store, 1))"
    )
    with ExitStack() as pipes:
        printed = []
        for _n in range(2):
            ours, theirs = os.pipe()
            printed.append(pipes.enter_context(open(ours)))
            with open(theirs, "wb") as log:
                Program([store.settings.home, CLIENT_SECRET], {}, log, code=code)
        with store.refreshing():
            assert [one.readline() for one in printed] == ["ready\n"] * 2
        given = {one.read().strip() for one in printed}
    assert given == {held(store, again(store)).access}
    assert calls(klaviyo)[REFRESH] == before + 1


def test_a_refused_token_is_renewed_and_the_request_repeated(
    store: Store, klaviyo: str, connection: ConnectionRow
):
    old, before = held(store, connection).access, calls(klaviyo)[REFRESH]
    fault = {"kind": "status", "status": 401, "endpoint": "GET /api/lists", "times": 1}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    with clients.open_connection(store, connection) as destination:
        assert len(list(destination.lists())) == 14
        assert destination.requests == 3  # two pages, one of them twice
    assert held(store, again(store)).access != old
    assert calls(klaviyo)[REFRESH] == before + 1


def test_once_klaviyo_withdrew_it_the_connection_has_to_reconnect(
    store: Store, anna: Person, klaviyo: str, connection: ConnectionRow
):
    withdrawn(klaviyo)
    with (
        clients.open_connection(store, connection) as destination,
        pytest.raises(AuthorizationEnded, match=r"withdrew .* authenticate again"),
    ):
        destination.list_facts("Y6nRLr")
    row = again(store)
    assert row.state == ConnectionState.reconnect
    assert "authenticate again" in (row.problem or "")
    handle = allowed(store, anna, klaviyo)
    assert oauth.found(store, anna, handle)
    with store.begin() as session:
        oauth.take(session, store, anna, handle, connections.find(session, "Klaviyo"))
    assert again(store).state == ConnectionState.unchecked
    assert checks.check(store, ADA, again(store)).id == "XK4p9T"


def test_a_new_authorization_is_not_undone_by_the_end_of_the_old_one(
    store: Store, anna: Person, klaviyo: str, connection: ConnectionRow
):
    handle = allowed(store, anna, klaviyo)
    assert oauth.found(store, anna, handle)
    with store.begin() as session:
        oauth.take(session, store, anna, handle, connections.find(session, "Klaviyo"))
    with store.begin() as session:
        connections.reconnect(session, connection, "over")
        connections.renew(session, connection, "old tokens")
    assert again(store).state == ConnectionState.unchecked
    assert oauth.access(store, connection.id)


def test_revoking_ends_it_at_klaviyo_and_a_failure_is_a_sentence(
    store: Store, klaviyo: str, connection: ConnectionRow
):
    tokens = held(store, connection)
    assert oauth.revoke(store, connection) is None
    headers = {"authorization": f"Bearer {tokens.access}", "revision": "2026-10-15"}
    assert httpx.get(f"{klaviyo}/api/accounts", headers=headers).status_code == 401
    with pytest.raises(AuthorizationEnded):
        oauth.access(store, connection.id, tokens.access)
    connection.base_url = "http://127.0.0.1:9"
    assert "remove the app there. 127.0.0.1:9 refuses" in (oauth.revoke(store, connection) or "")
    connection.oauth = None
    assert oauth.revoke(store, connection) is None


def test_what_nobody_takes_is_given_up_at_klaviyo_too(store: Store, anna: Person, klaviyo: str):
    handle = allowed(store, anna, klaviyo)
    oauth.drop(store, anna, handle)
    assert calls(klaviyo)["POST", "/oauth/revoke", 200] == 1
    with pytest.raises(Invalid):
        oauth.found(store, anna, handle)
    oauth.drop(store, anna, handle)
    assert calls(klaviyo)["POST", "/oauth/revoke", 200] == 1


def test_a_new_key_of_the_vault_reads_everything_again(
    store: Store, anna: Person, klaviyo: str, connection: ConnectionRow
):
    with store.begin() as session:
        connections.find(session, "Klaviyo").former_secret = store.vault.lock("pk_former")
    waiting, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    back, ready = decided(url), allowed(store, anna, klaviyo)
    new = Vault(Fernet.generate_key())
    with store.begin() as session:
        assert rotation.relock(session, ADA, store.vault, new) == 5
    renewed = replace(store, vault=new)
    assert checks.check(renewed, ADA, again(renewed)).id == "XK4p9T"
    assert new.unlock(again(renewed).former_secret or "") == "pk_former"
    assert oauth.found(renewed, anna, ready)
    arrived(renewed, back)
    assert oauth.found(renewed, anna, waiting)


def test_an_authorization_that_the_old_key_cant_read_is_dropped(
    store: Store, anna: Person, klaviyo: str
):
    oauth.begin(
        replace(store, vault=Vault(Fernet.generate_key())), anna, "klaviyo", klaviyo, ORIGIN
    )
    with store.begin() as session:
        assert authorizations.relock(session, store.vault, Vault(Fernet.generate_key())) == 0
    with store.begin() as session:
        assert session.scalars(sa.select(Authorization)).all() == []


def test_no_secret_stands_in_a_file_or_a_print(store: Store, anna: Person, klaviyo: str):
    handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    back = decided(url)
    with store.begin() as session:
        (row,) = session.scalars(sa.select(Authorization)).all()
        verifier = store.vault.unlock(row.verifier)
    arrived(store, back)
    assert oauth.found(store, anna, handle)
    with store.begin() as session:
        row = added(session, store, klaviyo)
        oauth.take(session, store, anna, handle, row)
    tokens = held(store, row)
    secrets = [verifier, back["state"], back["code"], tokens.access, tokens.refresh, CLIENT_SECRET]
    files = [p for p in store.settings.home.rglob("*") if p.is_file() and p.name != "secret.key"]
    places = [path.read_bytes() for path in files]
    app = oauth._app(store.settings, "klaviyo", klaviyo)
    told = (row, tokens, app, store, clients.credentials(store, row))
    places += [repr(one).encode() for one in told]
    places += [httpx.get(f"{klaviyo}/sandbox/requests").content]
    assert [s for s in secrets for place in places if s.encode() in place] == []


def test_the_browser_that_comes_back_needs_no_cookie_and_gets_a_plain_page(
    store: Store, anna: Person, klaviyo: str, get: Get
):
    handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    answer = get(**decided(url))
    assert answer.status_code == 200
    assert "Authenticated with Klaviyo" in answer.text
    assert "You can close this tab" in answer.text
    assert "<script" not in answer.text
    assert answer.headers["content-security-policy"] == web.POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert oauth.found(store, anna, handle)


def test_what_went_wrong_is_a_sentence_without_markup_of_others(
    store: Store, anna: Person, klaviyo: str, get: Get
):
    for query in ({}, {"state": "<b>forged", "code": "x"}, {"state": "x", "error": "<script>"}):
        answer = get(**query)
        assert answer.status_code == 400
        assert "This authentication has expired" in answer.text
        assert "forged" not in answer.text
    _handle, url = oauth.begin(store, anna, "klaviyo", klaviyo, ORIGIN)
    answer = get(**decided(url, "deny"))
    assert (answer.status_code, "was denied" in answer.text) == (400, True)
