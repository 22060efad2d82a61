"""Runs that can't begin are held: nothing is sent, and they go on once the reason is gone."""

import httpx
import pytest

from core.access import Person, Role
from core.connections import checks
from core.runs.engine.worker import HELD, Worker
from core.store import Store, accounts, connections, exports, requests, runs, segments
from core.store.tables.connections import ConnectionState
from core.store.tables.people import AccountRow
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people, second_export, written
from tests.runs.carried import ran
from tests.runs.conftest import asked, members

SCOPES = ("accounts:read", "lists:read", "lists:write", "profiles:read", "profiles:write")


@pytest.fixture(autouse=True)
def fifty(store: Store, klaviyo: str, tmp_path) -> None:
    """Fifty people, exported by “Newsletter” and by “Second” through the same connection."""
    people(50).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, second_export("VpX3qT")))


def keys(url: str, *scopes: str, good: str = "pk_0123456789abcdef") -> None:
    """Only this key is good, with these scopes."""
    order = {"keys": {good: list(scopes or SCOPES)}}
    httpx.post(f"{url}/sandbox/keys", json=order).raise_for_status()


def rekeyed(store: Store, key: str) -> None:
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        connections.change(
            session, store.vault, ADA, row, connections.spec(session, row, key), key=key
        )


def state(store: Store) -> ConnectionState:
    with store.begin() as session:
        return connections.find(session, "Klaviyo").state


def test_a_key_that_klaviyo_refuses_holds_the_run_until_there_is_a_good_one(
    store: Store, klaviyo: str
):
    before = members(klaviyo)
    keys(klaviyo, good="pk_a_new_one_0002")
    held = ran(store)
    assert (held.status, held.sent, held.finished_at) == (RunStatus.held, 0, None)
    assert "doesn't accept the private key" in (held.hold or "")
    assert state(store) == ConnectionState.broken
    rekeyed(store, "pk_a_new_one_0002")
    again = ran(store)
    assert (again.id, again.status, again.accepted) == (held.id, RunStatus.succeeded, 50)
    assert again.hold is None
    assert state(store) == ConnectionState.ok
    httpx.post(f"{klaviyo}/sandbox/keys", json={"keys": None})
    assert len(members(klaviyo) - before) == 50


def test_a_held_run_leaves_the_account_to_others_and_can_be_discarded(store: Store):
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.state, row.missing, row.problem = ConnectionState.degraded, ["lists:write"], "No scope."
        session.add(row)
    held = ran(store)
    assert (held.status, held.hold) == (RunStatus.held, "No scope.")
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.state, row.missing = ConnectionState.ok, []
        session.add(row)
    assert ran(store, "Second").status == RunStatus.succeeded
    with store.begin() as session:
        requests.ask_stop(session, ADA, runs.find(session, held.id))
    with store.begin() as session:
        assert runs.find(session, held.id).status == RunStatus.cancelled


def test_a_key_of_another_account_sends_nothing(store: Store, klaviyo: str):
    assert ran(store).status == RunStatus.succeeded
    rekeyed(store, "pk_other_account_1")
    held = ran(store)
    assert (held.status, held.sent) == (RunStatus.held, 0)
    assert "now belongs to the account Amber Coast Books (Qw7rZb)" in (held.hold or "")
    assert "pinned to Baltic Outfitters (XK4p9T)" in (held.hold or "")


def test_a_scope_that_only_writing_shows_to_be_missing_fails_once_and_then_holds(
    store: Store, klaviyo: str
):
    keys(klaviyo, *(scope for scope in SCOPES if scope != "lists:write"))
    first = ran(store)
    assert (first.status, first.sent, first.undelivered) == (RunStatus.failed, 50, 50)
    assert state(store) == ConnectionState.degraded
    again = ran(store)
    assert again.status == RunStatus.held
    assert "lists:write" in (again.hold or "")


def test_exports_of_a_disabled_export_user_are_held_and_say_so(store: Store):
    with store.begin() as session:
        conny = accounts.add(session, ADA, "Conny", Role.administrator, password="a long walk 12")
        person = Person("Conny", Role.administrator, conny.id)
        connections.set_export_user(session, person, connections.find(session, "Klaviyo"))
    assert ran(store).export_user == "Conny"
    disable(store, conny)
    held = ran(store)
    assert held.status == RunStatus.held
    assert "Conny is the export user of “Klaviyo” and may no longer sign in" in (held.hold or "")
    with store.begin() as session:
        accounts.enable(session, ADA, accounts.find(session, "Conny"))
    assert ran(store).status == RunStatus.succeeded


def disable(store: Store, row: AccountRow) -> None:
    with store.begin() as session:
        accounts.add(session, ADA, "Another", Role.administrator, password="a long walk 12")
        accounts.disable(session, ADA, accounts.find(session, row.id))


def test_a_crash_right_after_the_hold_sends_nothing_either(store: Store, klaviyo: str):
    keys(klaviyo, good="pk_another_0003")
    run, worker = asked(store), Worker(store)
    assert worker.prepare(run.id) == HELD
    assert worker.prepare(run.id) == HELD  # the engine didn't get to record the first answer
    worker.leave()
    with store.begin() as session:
        assert runs.find(session, run.id).status == RunStatus.held


def test_the_other_parts_of_a_held_split_wait_too(store: Store, klaviyo: str):
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        spec = exports.spec(session, row).model_copy(update={"limit": 20, "over_limit": "split"})
        exports.change(session, ADA, row, spec)
    keys(klaviyo, good="pk_another_0003")
    held = ran(store)
    assert held.status == RunStatus.held
    rekeyed(store, "pk_another_0003")
    with store.begin() as session:
        parts = runs.siblings(session, held)
    assert [part.status for part in parts] == ["held", "queued", "queued"]
    last = ran(store)
    assert last.status == RunStatus.succeeded


def test_what_was_found_lately_is_not_asked_again(store: Store, klaviyo: str):
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
    checks.check(store, ADA, row)
    httpx.delete(f"{klaviyo}/sandbox/requests")
    assert ran(store).status == RunStatus.succeeded
    asked_for = httpx.get(f"{klaviyo}/sandbox/requests").text
    assert "/api/profile-bulk-import-jobs" in asked_for
    assert "/api/accounts" not in asked_for


def test_an_export_over_a_segment_that_is_switched_off_is_held_until_it_is_on_again(store: Store):
    _switch(store, active=False)
    held = ran(store)
    assert (held.status, held.sent) == (RunStatus.held, 0)
    assert "is inactive. Activate it and try again" in (held.hold or "")
    _switch(store, active=True)
    again = ran(store)
    assert (again.id, again.status, again.accepted) == (held.id, RunStatus.succeeded, 50)


def _switch(store: Store, *, active: bool) -> None:
    with store.begin() as session:
        for row in segments.everything(session):
            spec = segments.spec(session, row).model_copy(update={"active": active})
            segments.change(session, ADA, row, spec)


def test_a_source_that_has_become_empty_holds_the_run(store: Store, tmp_path):
    assert ran(store).accepted == 50
    people(50).clear().write_parquet(tmp_path / "many.parquet")
    held = ran(store)
    assert (held.status, held.members, held.sent) == (RunStatus.held, 0, 0)
    assert "The segments have 0 people now; the last run found 50" in (held.hold or "")
