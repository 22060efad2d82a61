"""A run that is taken back: the list is as it was before, for ours, and the ledger knows it."""

import time

import httpx
import polars as pl
import pytest

from core import sandbox
from core.access import Person, Role
from core.errors import Conflict, Denied
from core.preview import plan
from core.runs import previous_values, undo
from core.runs.keeping import files
from core.store import Store, audit, exports, requests, runs
from core.store.audit import Deed
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, PER_BATCH, bulky, on_list, people, slow_imports
from tests.runs.carried import carried, ran
from tests.runs.conftest import (
    HEADERS,
    asked,
    bring,
    ended,
    members,
    somebody_imports,
    somebody_takes_off,
    sums_hold,
    until,
)

MIRROR = "    mode: mirror"


def emails(*numbers: int) -> set[str]:
    return {f"p{n}@example.com" for n in numbers}


def undone(store: Store, run: Run, **options: object) -> Run:
    """The run that takes another one back, at its end."""
    return carried(store, undo.ask(store, ADA, undo.plan(store, ADA, run.id), **options))


def told(store: Store) -> tuple[int, int, int, int]:
    found = plan.preview(store, ADA, "Newsletter")
    return found.add, found.update, found.unchanged, found.leave


def planned(store: Store, run: Run) -> tuple[int, int, int, dict[str, int]]:
    """Who would be taken off, put back, restored, and left alone."""
    found = undo.plan(store, ADA, run.id)
    numbers = found.numbers
    return numbers.leave, numbers.add, numbers.update, dict(found.alone)


def attributes(url: str, email: str) -> dict[str, object]:
    asked_for = {"filter": f'equals(email,"{email}")'}
    (found,) = httpx.get(f"{url}/api/profiles", params=asked_for, headers=HEADERS).json()["data"]
    return dict(found["attributes"])


def renamed(frame: pl.DataFrame, *numbers: int) -> pl.DataFrame:
    """The people, these with another first name."""
    some = pl.col("customer_id").is_in([str(n) for n in numbers])
    return frame.with_columns(
        first_name=pl.when(some).then(pl.lit("Renamed")).otherwise("first_name")
    )


def test_whom_a_run_added_is_taken_off_once_and_the_next_run_would_add_them_again(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(20))
    ran(store)
    bring(store, klaviyo, tmp_path, people(28))
    second = ran(store)
    assert planned(store, second) == (8, 0, 0, {})
    taken = undone(store, second)
    assert (taken.status, taken.kind, taken.undo_of) == (RunStatus.succeeded, "undo", second.id)
    assert (taken.removed, taken.sent, taken.error) == (8, 0, None)
    assert sums_hold(taken)
    assert members(klaviyo) == emails(*range(1, 21))
    assert told(store) == (8, 0, 20, 0)
    with pytest.raises(Conflict, match=f"Run {second.id} was undone by run {taken.id}"):
        undo.plan(store, ADA, second.id)
    with pytest.raises(Conflict, match="itself an undo"):
        undo.plan(store, ADA, taken.id)


def test_a_mirror_is_taken_back_but_for_those_who_left_by_themselves(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(50), MIRROR)
    ran(store)
    somebody_takes_off(klaviyo, "p1@example.com")
    bring(store, klaviyo, tmp_path, renamed(people(53)[5:], 6, 7, 8, 9), MIRROR)
    run = ran(store)
    assert (run.added, run.updated, run.removed) == (3, 4, 4)
    assert planned(store, run) == (3, 4, 4, {})
    somebody_takes_off(klaviyo, "p7@example.com", "p51@example.com")
    taken = undone(store, run)
    assert (taken.removed, taken.added, taken.updated) == (2, 4, 3)
    assert (taken.status, taken.sent, taken.accepted) == (RunStatus.succeeded, 7, 7)
    assert taken.undo == {"alone": {"not_there": 2}, "complete": True}
    assert members(klaviyo) == emails(*range(2, 51)) - emails(7)
    assert attributes(klaviyo, "p8@example.com")["first_name"] == "Name 8"
    assert attributes(klaviyo, "p2@example.com")["first_name"] == "Name 2"  # nothing is emptied
    assert told(store) == (3, 3, 42, 4)


def test_who_was_on_the_list_before_the_product_stays(store: Store, tmp_path):
    ahead = [-3600.0]  # seconds that the clock of the destination is
    with sandbox.running(
        tmp_path / "aside", clock=lambda: time.time() + ahead[0], delay=0.0, limits=False
    ) as url:
        somebody_imports(url, 3)
        ahead[0] = 0.0
        theirs = people(23)[20:].with_columns(
            email=pl.format("other{}@example.com", pl.int_range(3))
        )
        bring(store, url, tmp_path, pl.concat([people(20), theirs]))
        first = ran(store)
        assert planned(store, first) == (23, 0, 0, {})
        taken = undone(store, first, confirmed=23)
        alone = {"joined_elsewhere": 3}
        assert (taken.removed, taken.undo) == (20, {"alone": alone, "complete": True})
        assert members(url) == set(theirs["email"])


def test_what_the_run_was_the_first_to_send_is_cleared_only_if_asked_for(
    store: Store, klaviyo: str, tmp_path
):
    nothing = pl.when(pl.int_range(20) > 9).then("spent")
    bring(store, klaviyo, tmp_path, people(20).with_columns(spent=nothing))
    ran(store)
    bring(store, klaviyo, tmp_path, renamed(people(20), 1))
    second = ran(store)
    undone(store, second)
    found = attributes(klaviyo, "p1@example.com")
    assert (found["first_name"], found["properties"]) == ("Name 1", {"spent": 100})
    undone(store, ran(store), clears=True)
    found = attributes(klaviyo, "p1@example.com")
    assert (found["first_name"], found["properties"]) == ("Name 1", {})
    assert attributes(klaviyo, "p11@example.com")["properties"] == {"spent": 1100}


def test_what_a_person_saw_is_what_is_done_or_it_waits_for_them(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(40))
    first = ran(store)
    shown = undo.plan(store, ADA, first.id)
    bring(store, klaviyo, tmp_path, renamed(people(40), 1, 2))
    second = ran(store)
    named = undo.plan(store, ADA, first.id).as_data()["left_alone_people"]
    assert {(one["email"], one["reason"], one["run"]) for one in named} == {
        (email, "changed_since", second.id) for email in emails(1, 2)
    }
    held = carried(store, undo.ask(store, ADA, shown, seen=True))
    assert (held.status, held.asking) == (RunStatus.held, 38)
    assert "now 38 people would be taken off" in (held.hold or "")
    assert undo.ask(store, ADA, shown).id == held.id  # a double click is one undo
    with pytest.raises(Conflict, match="has not ended"):
        asked(store)
    with store.begin() as session:
        requests.confirm(session, ADA, runs.find(session, held.id), 38)
    assert carried(store, held).status == RunStatus.succeeded
    assert members(klaviyo) == emails(1, 2)


def test_it_is_guarded_needs_a_right_is_in_the_audit_and_pauses_the_schedule(
    store: Store, klaviyo: str, tmp_path
):
    schedule = "    schedule: {days: daily, times: ['06:00'], time_zone: Europe/Riga}"
    bring(store, klaviyo, tmp_path, people(30), schedule)
    first = ran(store)
    viewer = Person("Vera", Role.viewer, 7)
    shown = undo.plan(store, viewer, first.id)
    assert shown.scheduled
    assert set(shown.people["email"]) == {"p•••@example.com"}
    with pytest.raises(Denied):
        undo.ask(store, viewer, shown)
    held = undone(store, first)
    assert (held.status, held.asking, held.leaving, on_list(klaviyo)) == ("held", 30, 30, 30)
    with store.begin() as session:
        (row,) = audit.entries(session, ADA, deed=Deed.undone)
        assert exports.paused(exports.find(session, "Newsletter"))
    assert (row.by, row.kind, row.what) == ("Ada", "run", f"{first.id} of Newsletter")
    with store.begin() as session:
        requests.ask_stop(session, ADA, runs.find(session, held.id))
        again = requests.retry(session, ADA, runs.find(session, held.id))
    again = carried(store, again)
    assert (again.kind, again.undo_of, again.retry_of) == ("undo", first.id, held.id)
    assert (again.status, again.asking, on_list(klaviyo)) == ("held", 30, 30)


def test_an_export_that_only_updates_restores_and_takes_nobody_off(
    store: Store, klaviyo: str, tmp_path
):
    somebody_imports(klaviyo, 1)
    bring(store, klaviyo, tmp_path, people(5), "    mode: update")
    first = ran(store)
    bring(store, klaviyo, tmp_path, renamed(people(5), 2), "    mode: update")
    taken = undone(store, ran(store))
    assert (taken.status, taken.accepted, taken.removed) == (RunStatus.succeeded, 1, 0)
    assert attributes(klaviyo, "p2@example.com")["first_name"] == "Name 2"
    assert planned(store, first) == (0, 0, 0, {"profile_stays": 5})  # the second is as before
    assert on_list(klaviyo) == 1


def test_previous_values_are_restored_once_the_files_of_runs_are_gone_if_they_are_kept(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(12), "    keep_previous: true")
    first = ran(store)
    found = previous_values.cost(store, first.export_id)
    assert (found.people, found.now > 0, found.most > 500) == (12, True, True)
    bring(store, klaviyo, tmp_path, renamed(people(12), 3), "    keep_previous: true")
    second = ran(store)
    assert previous_values.of_run(store, first) == 0
    assert previous_values.of_run(store, second) > 0
    files.remove_frozen(store.settings, [first])
    assert planned(store, second) == (0, 0, 1, {})
    assert undone(store, second).accepted == 1
    assert attributes(klaviyo, "p3@example.com")["first_name"] == "Name 3"
    files.remove_frozen(store.settings, [second])
    bring(store, klaviyo, tmp_path, people(12))
    third = ran(store)  # which keeps them no more
    assert previous_values.cost(store, third.export_id).now == 0


@pytest.mark.usefixtures("engine")  # to be stopped while it sends
def test_a_run_that_was_stopped_is_undone_as_far_as_it_arrived(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, bulky(3))
    slow_imports(klaviyo, 0.3)
    run = until(store, asked(store), lambda found: found.batches_sent >= 1)
    with store.begin() as session:
        requests.ask_stop(session, ADA, run)
    run = until(store, ended(store, run), lambda found: not found.is_settling)
    arrived = on_list(klaviyo)
    assert 0 < arrived < 3 * PER_BATCH
    taken = ended(store, undo.ask(store, ADA, undo.plan(store, ADA, run.id), seen=True))
    assert (taken.removed, on_list(klaviyo)) == (arrived, 0)
