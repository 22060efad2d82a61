"""The plan of a run beside what came of it: all numbers add up."""

import polars as pl

from core.runs.planned import planned
from core.store import Store, runs
from core.store.tables.runs import Run, RunStatus
from tests.conftest import applied, people, written
from tests.runs.conftest import asked
from tests.runs.test_history import NOW, run
from tests.runs.test_holds import carried


def check(found: Run, parts: list[Run]) -> None:
    plan = planned(parts)
    assert plan
    assert plan.members == plan.send + plan.unchanged + sum(plan.rejected.values())
    assert plan.add is not None
    assert plan.update is not None
    assert plan.send == plan.add + plan.update
    assert plan.send == plan.accepted + sum(plan.lost.values())


def test_the_numbers_of_a_real_run_add_up(store: Store, klaviyo: str, tmp_path) -> None:
    place = tmp_path / "many.parquet"
    email = {"p2@example.com": "refused1@example.com", "p3@example.com": "no address"}
    for frame in (
        people(6).with_columns(pl.col("email").replace(email)),
        people(5).with_columns(first_name=pl.lit("Other")),
    ):
        frame.write_parquet(place)
        applied(store, written(tmp_path, place, klaviyo, "    mode: mirror"))
        found = carried(store, asked(store))
        with store.begin() as session:
            check(found, runs.siblings(session, found))
    plan = planned([found])
    assert plan
    assert (plan.add, plan.update, plan.leave, plan.removed, plan.stay) == (2, 3, 1, 1, None)
    assert {one.name for one in plan.guards if one.number == 1} >= {"remove"}


def test_who_was_lost_and_who_stays_is_explained() -> None:
    found = run(
        RunStatus.partial,
        **{"members": 20, "valid": 15, "rejected": {"missing_email": 5}, "unchanged": 3},
        **{"added": 8, "updated": 4, "sent": 12, "accepted": 7, "refused": 2, "undelivered": 3},
        **{"leaving": 4, "removed": 0, "batches": 2, "not_sent": 1},
    )
    check(found, [found])
    plan = planned([found])
    assert plan
    assert plan.lost == {"refused": 2, "undelivered": 2, "not_sent": 1}
    assert plan.stay == "this export takes nobody off"


def test_no_guard_passed_a_run_that_ended_before_they_looked() -> None:
    numbers = {"members": 9, "valid": 9, "added": 9, "batches": 1}
    plan = planned([run(RunStatus.cancelled, sent=9, not_sent=9, undelivered=9, **numbers)])
    assert plan
    assert plan.guards == ()
    went = planned([run(RunStatus.succeeded, sent=9, accepted=9, **numbers)])
    assert went
    assert went.guards


def test_the_guard_that_holds_what_an_agent_requested_is_there_too() -> None:
    guard = {"name": "agent", "limit": True, "number": 9, "text": "An agent of Ada requested it."}
    held = {"since": NOW.isoformat(), "why": "An agent", "guards": [guard]}
    over = {"until": NOW.isoformat(), "deed": "confirmed", "by": "Vita", "number": 9}
    numbers = {"members": 9, "valid": 9, "added": 9, "batches": 1, "sent": 9, "accepted": 9}
    plan = planned([run(RunStatus.succeeded, held_data=[held | over], **numbers)])
    assert plan
    (found,) = [one for one in plan.guards if one.held]
    assert (found.name, found.number, found.confirmed_by) == ("agent", 9, "Vita")


def test_a_run_that_is_not_frozen_has_no_plan() -> None:
    assert planned([run(RunStatus.running, finished_at=None)]) is None
