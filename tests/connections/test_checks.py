"""How connections are looked at, pinned, shared, given another key, and taken away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from core.access import Person, Role, may_use
from core.configuration.connection import Connection
from core.connections import checks, lists
from core.destinations.klaviyo.settings import OPTIONAL_SCOPES, SCOPES
from core.errors import (
    Conflict,
    Denied,
    DestinationFailed,
    Forbidden,
    Invalid,
    NotAccepted,
    WrongAccount,
)
from core.runs import removal
from core.runs.engine.host import Host
from core.store import Store, accounts, audit, billing, connections, exports, readings, runs
from core.store.requests import retry
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.store.tables.people import AuditRow
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, written
from tests.runs.conftest import asked, ended, until

KEY = "pk_0123456789abcdef"


@pytest.fixture(autouse=True)
def configured(store: Store, klaviyo: str, profiles, tmp_path) -> None:
    applied(store, written(tmp_path, profiles, klaviyo))


def row_of(store: Store) -> ConnectionRow:
    with store.begin() as session:
        return connections.find(session, "Klaviyo")


def changed(store: Store, key: str | None = None, **values: object) -> None:
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        spec = connections.spec(session, row, key or KEY)
        spec = Connection.model_validate(spec.model_dump() | values)
        connections.change(session, store.vault, ADA, row, spec, key=key)


def keys(url: str, order: dict[str, list[str] | None]) -> None:
    httpx.post(f"{url}/sandbox/keys", json={"keys": order}).raise_for_status()


def test_a_look_finds_whose_account_it_is_and_keeps_that(store: Store):
    account = checks.check(store, ADA, row_of(store))
    row = row_of(store)
    assert (account.name, row.account_id, row.test_account) == ("Baltic Outfitters", "XK4p9T", True)
    assert (row.state, row.problem, row.time_zone) == (ConnectionState.ok, None, "Europe/Riga")


@pytest.mark.parametrize(
    ("scopes", "error", "state"),
    [
        (None, NotAccepted, ConnectionState.broken),
        (["accounts:read"], Forbidden, ConnectionState.degraded),
        (["accounts:read", "lists:read"], Forbidden, ConnectionState.degraded),
        (["lists:read", "profiles:read"], Forbidden, ConnectionState.degraded),
    ],
)
def test_what_is_wrong_is_kept_with_its_sentence(
    store: Store, klaviyo: str, scopes: list[str] | None, error: type, state: ConnectionState
):
    keys(klaviyo, {KEY: scopes} if scopes else {"pk_another": None})
    with pytest.raises(error) as caught:
        checks.check(store, ADA, row_of(store))
    row = row_of(store)
    assert (row.state, row.problem) == (state, str(caught.value))


def test_a_missing_scope_is_told_with_the_exports_that_it_stops(store: Store, klaviyo: str):
    keys(klaviyo, {KEY: ["accounts:read", "lists:read"]})
    with pytest.raises(Forbidden, match=r"lacks profiles:read.*That stops 1 export: Newsletter\."):
        checks.check(store, ADA, row_of(store))


def test_a_change_of_state_is_in_the_audit_once(store: Store, klaviyo: str):
    checks.check(store, ADA, row_of(store))
    checks.check(store, ADA, row_of(store))
    keys(klaviyo, {"pk_another": None})
    with pytest.raises(NotAccepted):
        checks.check(store, ADA, row_of(store))
    with store.begin() as session:
        told = [row.what for row in audit.entries(session, ADA, by=connections.WATCH.name)]
    assert told == ["Klaviyo: ok → broken", "Klaviyo: unchecked → ok"]


def test_an_outage_does_not_break_a_connection(store: Store, klaviyo: str):
    checks.check(store, ADA, row_of(store))
    fault = {"kind": "status", "endpoint": "*", "status": 503, "times": None}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    with pytest.raises(DestinationFailed):
        checks.check(store, ADA, row_of(store))
    assert row_of(store).state == ConnectionState.degraded


def test_a_key_of_another_account_is_refused_and_the_pin_stays(store: Store):
    checks.check(store, ADA, row_of(store))
    changed(store, "pk_other_account_1")
    with pytest.raises(WrongAccount, match="pinned to Baltic Outfitters"):
        checks.check(store, ADA, row_of(store))
    assert row_of(store).account_id == "XK4p9T"


def test_another_number_of_active_profiles_counts_from_when_it_was_entered(store: Store):
    changed(store, billing={"plan": 500, "active": 412})
    first = row_of(store).active_at
    assert first is not None
    changed(store, billing={"plan": 500, "active": 412})
    changed(store, billing={"plan": 1_000, "active": 412})
    assert (row_of(store).plan_profiles, row_of(store).active_at) == (1_000, first)
    changed(store, billing={"plan": 1_000, "active": 430})
    later = row_of(store).active_at
    assert later is not None
    assert later > first
    with store.begin() as session:
        told = audit.entries(session, ADA, deed=audit.Deed.changed)
    assert [(row.kind, row.what) for row in told] == [("connection", "Klaviyo")] * 3


def test_another_address_ends_the_pin(store: Store):
    checks.check(store, ADA, row_of(store))
    changed(store, base_url="http://127.0.0.1:9")
    assert row_of(store).account_id is None


def test_two_keys_hold_during_a_change_over(store: Store, klaviyo: str):
    changed(store, "pk_the_new_one_0002")
    row = row_of(store)
    assert (row.secret_ending, row.former_ending) == ("…0002", "…cdef")
    keys(klaviyo, {KEY: None})  # Klaviyo doesn't know the new one yet
    assert checks.check(store, ADA, row).id == "XK4p9T"
    keys(klaviyo, {"pk_the_new_one_0002": None})
    assert checks.check(store, ADA, row).id == "XK4p9T"
    with store.begin() as session:
        connections.forget_former(session, ADA, connections.find(session, "Klaviyo"))
    keys(klaviyo, {KEY: None})
    with pytest.raises(NotAccepted):
        checks.check(store, ADA, row_of(store))


def test_each_connection_is_looked_at_once_a_day(store: Store, klaviyo: str):
    def requests() -> int:
        return int(httpx.get(f"{klaviyo}/sandbox/requests").text.count("/api/accounts"))

    httpx.delete(f"{klaviyo}/sandbox/requests")
    checks.check_due(store)
    once = requests()
    checks.check_due(store)
    assert once
    assert requests() == once
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.checked_at = datetime.now(UTC) - timedelta(hours=25)
        session.add(row)
    checks.check_due(store)
    assert requests() > once


def test_chosen_people_may_use_a_connection_and_others_may_not(store: Store):
    with store.begin() as session:
        conny = accounts.add(session, ADA, "Conny", Role.contributor)
        other = accounts.add(session, ADA, "Kaspars", Role.contributor)
        viewer = accounts.add(session, ADA, "Vita", Role.viewer)
    changed(store, shared_with=("Conny", "Vita"))
    row = row_of(store)
    told = {
        one.name: may_use(Person(one.name, Role(one.role), one.id), row)
        for one in (conny, other, viewer)
    }
    assert told == {"Conny": True, "Kaspars": False, "Vita": False}


def test_somebody_who_is_unknown_can_not_be_chosen(store: Store):
    with pytest.raises(Invalid, match="There is no person “Nobody”"):
        changed(store, shared_with=("Nobody",))


def test_removing_overwrites_the_secret_in_the_file(store: Store):
    locked = row_of(store).secret.encode()

    def found() -> list[str]:
        files = store.settings.home.glob("segferry.sqlite*")
        return [file.name for file in files if locked in file.read_bytes()]

    assert found()
    assert removal.ask(store, ADA, row_of(store).id, {})
    assert found() == []
    with store.begin() as session:
        (export,) = exports.everything(session)
    assert export.connection_id is None


def test_exports_are_moved_only_where_that_is_possible_and_then_with_the_removal(store: Store):
    with store.begin() as session:
        fates = {exports.find(session, "Newsletter").id: connections.MOVE}
        id = connections.find(session, "Klaviyo").id
        connections.find(session, "Klaviyo").account_id = "XK4p9T"
    with pytest.raises(Conflict, match="only be moved"):
        removal.ask(store, ADA, id, fates, to=77)
    with store.begin() as session:
        assert connections.find(session, "Klaviyo").removal is None
        key = store.vault.unlock(row_of(store).secret)
        spec = connections.spec(session, row_of(store), key)
        named = spec.model_copy(update={"name": "Second key"})
        other = connections.add(session, store.vault, ADA, named, key=key)
        other.account_id = "XK4p9T"
    assert removal.ask(store, ADA, id, fates, to=other.id)
    with store.begin() as session:
        assert [row.name for row in connections.everything(session)] == ["Second key"]
        assert exports.find(session, "Newsletter").connection_id == other.id


def test_whoever_else_looks_after_removals_takes_nothing_away_twice(store: Store):
    """The server does as soon as something is written, so at the same moment as the page."""
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        fates = {export.id: connections.REMOVE for export in exports.everything(session)}
    with ThreadPoolExecutor(4) as threads:
        others = [threads.submit(_until_gone, store) for _ in range(3)]
        assert removal.ask(store, ADA, row.id, fates)
        for other in others:
            other.result()
    with store.begin() as session:
        assert not exports.everything(session)
        deeds = [(row.action, row.kind) for row in session.exec(select(AuditRow))]
    assert deeds.count((audit.Deed.removed, "connection")) == 1


def _until_gone(store: Store) -> None:
    while True:
        removal.finish_all(store)
        with store.begin() as session:
            if not connections.everything(session):
                return


def test_removing_stops_what_runs_softly_and_then_takes_the_connection_away(
    store: Store, klaviyo: str
):
    fault = {"kind": "slow", "endpoint": "*", "seconds": 0.3, "times": None}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    with Host(store):
        run = asked(store)
        until(store, run, lambda found: found.status == RunStatus.running)
        with store.begin() as session:
            fates = {exports.find(session, "Newsletter").id: "remove"}
        assert not removal.ask(store, ADA, row_of(store).id, fates)
        with store.begin() as session, pytest.raises(Conflict, match="has not ended"):
            retry(session, ADA, runs.find(session, run.id))
        ended(store, run)
    removal.finish_all(store)
    with store.begin() as session:
        assert not connections.everything(session)
        assert not exports.everything(session)
        assert runs.find(session, run.id).status in (RunStatus.cancelled, RunStatus.partial)


@pytest.mark.parametrize(
    "deed",
    [
        lambda s, who, row: connections.forget_former(s, who, row),
        lambda s, who, row: connections.set_export_user(s, who, row),
        lambda s, who, row: connections.remove(s, who, row),
    ],
)
def test_contributors_change_nothing_about_a_connection(store: Store, deed: Callable):
    from core.errors import Denied

    who = Person("Conny", Role.contributor, 7)
    with pytest.raises(Denied), store.begin() as session:
        deed(session, who, connections.find(session, "Klaviyo"))


def lists_of(url: str) -> set[str]:
    found = httpx.get(f"{url}/sandbox/state").raise_for_status().json()["lists"]
    return {one["name"] for one in found}


def test_a_list_is_made_in_the_account_and_stands_in_the_audit(store: Store, klaviyo: str):
    made = lists.create_list(store, ADA, row_of(store), "Līgo", double_opt_in=False)
    assert made in lists.lists(store, ADA, row_of(store))
    with store.begin() as session:
        newest = audit.entries(session, ADA)[0]
    assert (newest.by, newest.action, newest.kind) == ("Ada", "added", "list")
    assert newest.what == f"Līgo ({made.id}, Klaviyo)"


@pytest.mark.parametrize("role", [Role.viewer, Role.contributor])
def test_who_may_not_use_the_connection_makes_no_list(store: Store, klaviyo: str, role: Role):
    with pytest.raises(Denied):
        lists.create_list(store, Person("Eve", role, 7), row_of(store), "No", double_opt_in=True)
    assert "No" not in lists_of(klaviyo)


def test_no_list_is_made_in_another_account_than_the_pinned_one(store: Store, klaviyo: str):
    checks.check(store, ADA, row_of(store))
    changed(store, "pk_other_account_1")
    with pytest.raises(WrongAccount):
        lists.create_list(store, ADA, row_of(store), "Astray", double_opt_in=True)
    assert "Astray" not in lists_of(klaviyo)


def test_a_key_that_may_not_write_lists_is_told_its_scope(store: Store, klaviyo: str):
    keys(klaviyo, {KEY: ["lists:read", "lists:write"]})  # it may not even read the account
    assert lists.create_list(store, ADA, row_of(store), "Made", double_opt_in=True).id
    keys(klaviyo, {KEY: ["accounts:read", "lists:read"]})
    with pytest.raises(Forbidden, match="lacks a scope: lists:write"):
        lists.create_list(store, ADA, row_of(store), "Not made", double_opt_in=True)
    assert "Not made" not in lists_of(klaviyo)


def reading_of(store: Store, what: str) -> dict[str, Any]:
    with store.begin() as session:
        last = readings.find(session, connections.find(session, "Klaviyo").id, what)
        return last.data if last else {}


def test_a_check_reads_the_plan_and_the_daily_one_also_what_depends_on_the_lists(store: Store):
    checks.check(store, ADA, row_of(store))
    with store.begin() as session:
        bill = billing.of(session, row_of(store))
    assert bill
    assert (bill.read, bill.plan) == (True, 1_000_000)
    assert not reading_of(store, readings.of_list("Y6nRLr"))
    with store.begin() as session:
        connections.find(session, "Klaviyo").checked_at = None
    checks.check_due(store)
    found = reading_of(store, readings.of_list("Y6nRLr"))
    assert [one["name"] for one in found["campaigns"]] == ["Winter sale"]


def test_without_the_optional_scopes_a_connection_works_and_says_what_it_can_not_read(
    store: Store, klaviyo: str
):
    keys(klaviyo, {KEY: list(SCOPES)})
    look = checks.try_key(store, ADA, "klaviyo", klaviyo, KEY)
    assert (look.missing, set(look.optional)) == ((), set(OPTIONAL_SCOPES))
    checks.check(store, ADA, row_of(store))
    assert row_of(store).state == ConnectionState.ok
    with store.begin() as session:
        assert billing.missing(session, row_of(store)) == ("usage:read",)
        assert billing.of(session, row_of(store)) is None
