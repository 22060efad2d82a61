"""Approval by a second person: who proposes a change, or starts a run, does not decide about it."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.access import Person, Role
from core.alerts import watch
from core.configuration.export import Export
from core.errors import Conflict, Denied, Invalid
from core.store import (
    Store,
    accounts,
    alerts,
    approvals,
    audit,
    exports,
    progress,
    requests,
    runs,
    second_person,
)
from core.store.database import now
from core.store.tables.exports import ExportRow, ProposalRow
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, applied, written

NOWHERE = "http://127.0.0.1:1"
COMMAND_LINE = Person("root", Role.administrator)


@pytest.fixture
def people(store: Store, tmp_path: Path, profiles: Path) -> tuple[Person, Person]:
    """Anna and Bo, administrators in their browsers; the export wants a second person."""
    applied(store, written(tmp_path, profiles, NOWHERE, "    approval: true"))
    with store.begin() as session:
        ids = [accounts.add(session, ADA, name, Role.administrator).id for name in ("Anna", "Bo")]
    anna, bo = (
        Person(name, Role.administrator, id, "192.0.2.1")
        for name, id in zip(("Anna", "Bo"), ids, strict=True)
    )
    return anna, bo


def export(session) -> ExportRow:
    return exports.find(session, "Newsletter")


def spec(store: Store, **changes: object) -> Export:
    with store.begin() as session:
        return exports.spec(session, export(session)).model_copy(update=changes)


def proposed(store: Store, person: Person, **changes: object) -> ProposalRow:
    wanted = spec(store, **changes)
    with store.begin() as session:
        return approvals.propose(session, person, export(session), wanted)


def deeds(store: Store) -> list[tuple[str, str, str]]:
    with store.begin() as session:
        return [(row.by, row.action, row.what) for row in reversed(audit.entries(session, ADA))]


def test_a_change_waits_and_runs_keep_to_the_old_settings(store: Store, people):
    anna, bo = people
    wanted = spec(store, limit=7)
    with store.begin() as session, pytest.raises(Conflict, match="need a second person"):
        exports.change(session, anna, export(session), wanted)
    found = proposed(store, anna, limit=7)
    with store.begin() as session:
        run = requests.request(session, anna, export(session))
    assert run.order.export.limit == 100_000
    with pytest.raises(Denied, match="Anna proposed this change"), store.begin() as session:
        approvals.approve(session, anna, session.get_one(ProposalRow, found.id))
    with store.begin() as session:
        approvals.approve(session, bo, session.get_one(ProposalRow, found.id))
    assert spec(store).limit == 7
    with pytest.raises(Conflict, match="Bo has already decided"), store.begin() as session:
        approvals.approve(session, bo, session.get_one(ProposalRow, found.id))
    said = deeds(store)
    assert ("Anna", "proposed", "Newsletter") in said
    assert ("Bo", "approved", "Newsletter, proposed by Anna") in said
    assert ("Bo", "changed", "Newsletter") in said


def test_what_is_rejected_or_withdrawn_changes_nothing(store: Store, people):
    for person in people:
        found = proposed(store, people[0], limit=7)
        with store.begin() as session:
            approvals.reject(session, person, session.get_one(ProposalRow, found.id))
    assert spec(store).limit == 100_000
    with store.begin() as session:
        assert approvals.waiting(session) == []


def test_switching_it_off_is_a_change_like_any_other(store: Store, people):
    anna, bo = people
    found = proposed(store, anna, approval=False)
    with store.begin() as session:
        assert second_person.is_needed(export(session))
        approvals.approve(session, bo, session.get_one(ProposalRow, found.id))
    wanted = spec(store, limit=9)
    with store.begin() as session:
        assert exports.change(session, anna, export(session), wanted)


def test_a_schedule_is_no_way_around_it_and_pausing_needs_nobody(store: Store, people):
    anna, _bo = people
    with pytest.raises(Conflict, match="second person"), store.begin() as session:
        exports.reschedule(session, anna, export(session), "refresh")
    with store.begin() as session:
        assert exports.pause(session, anna, export(session), True)


def test_what_was_changed_meanwhile_is_not_written_over(store: Store, people):
    anna, bo = people
    found, other = proposed(store, anna, limit=7), spec(store, limit=5, paused=True)
    with store.begin() as session:
        exports.change(session, COMMAND_LINE, export(session), other)
    with pytest.raises(Conflict, match="was changed since"), store.begin() as session:
        approvals.approve(session, bo, session.get_one(ProposalRow, found.id))
    later = proposed(store, anna, limit=8)
    with store.begin() as session:
        exports.pause(session, bo, export(session), False)
        approvals.approve(session, bo, session.get_one(ProposalRow, later.id))
    assert (spec(store).limit, spec(store).paused) == (8, False)


def test_one_change_waits_at_a_time_and_a_new_one_of_its_author_replaces_it(store: Store, people):
    anna, bo = people
    proposed(store, anna, limit=7)
    second = proposed(store, anna, limit=8)
    with store.begin() as session:
        assert [row.id for row in approvals.waiting(session)] == [second.id]
    with pytest.raises(Conflict, match="A change by Anna waits"):
        proposed(store, bo, limit=9)


def test_what_differs_in_nothing_is_not_proposed(store: Store, people):
    with pytest.raises(Conflict, match="Nothing differs"):
        proposed(store, people[0])


def test_a_change_that_could_not_be_saved_is_refused_at_once(store: Store, people):
    with pytest.raises(Invalid, match="There is no segment"):
        proposed(store, people[0], segments=("Nobody",))


def held(store: Store, person: Person, trigger: str = "manual") -> Run:
    with store.begin() as session:
        run = requests.request(session, person, export(session), trigger=trigger)
        progress.step(session, run.id, RunStatus.running)
        return progress.hold(session, run.id, "10 people would leave.", 10)


def test_who_started_a_run_does_not_confirm_it(store: Store, people):
    anna, bo = people
    run = held(store, anna)
    with pytest.raises(Denied, match="somebody else has to confirm"), store.begin() as session:
        requests.confirm(session, anna, runs.find(session, run.id), 10)
    with store.begin() as session:
        requests.confirm(session, bo, runs.find(session, run.id), 10)
        assert runs.find(session, run.id).status == RunStatus.queued


def test_nothing_is_confirmed_in_advance(store: Store, people):
    says = "nothing can be confirmed in advance"
    with pytest.raises(Conflict, match=says), store.begin() as session:
        requests.request(session, COMMAND_LINE, export(session), confirmed=10)


def test_a_run_from_before_it_was_switched_off_still_needs_a_second_person(store: Store, people):
    anna, _bo = people
    run, off = held(store, anna), spec(store, approval=False)
    with store.begin() as session:
        exports.change(session, COMMAND_LINE, export(session), off)
    with pytest.raises(Denied), store.begin() as session:
        requests.confirm(session, anna, runs.find(session, run.id), 10)


def test_nobody_locks_themselves_out(store: Store, people):
    anna, _bo = people
    off = spec(store, approval=False)
    with store.begin() as session:
        exports.change(session, COMMAND_LINE, export(session), off)
        accounts.disable(session, ADA, accounts.find(session, "Bo"))
    wanted = spec(store, approval=True)
    with pytest.raises(Invalid, match="at least 2 people"), store.begin() as session:
        exports.change(session, anna, export(session), wanted)
    with pytest.raises(Invalid, match="at least 2 people"), store.begin() as session:
        exports.add(session, anna, wanted.model_copy(update={"name": "Another"}))


def test_the_command_line_changes_it_alone_and_the_audit_says_so(
    store: Store, people, tmp_path: Path, profiles: Path
):
    lines = "    approval: true\n    limit: 9"
    assert applied(store, written(tmp_path, profiles, NOWHERE, lines))
    assert spec(store).limit == 9
    assert ("Ada", "changed", "Newsletter, without a second person") in deeds(store)


def unproven(store: Store) -> list[tuple[str, str]]:
    """Who decided where perhaps nobody else did, as the audit has it."""
    with store.begin() as session:
        rows = audit.entries(session, ADA)
    return [(row.by, row.what) for row in rows if "perhaps without a second person" in row.what]


def test_who_goes_to_the_command_line_with_their_own_change_is_told_by_the_audit(
    store: Store, people
):
    """Root may be Anna: nobody knows. Under her own name she is refused."""
    anna, bo = people
    found = proposed(store, anna, limit=7)
    same_name = replace(COMMAND_LINE, name="Anna")
    with pytest.raises(Denied), store.begin() as session:
        approvals.approve(session, same_name, session.get_one(ProposalRow, found.id))
    with store.begin() as session:
        approvals.approve(session, COMMAND_LINE, session.get_one(ProposalRow, found.id))
    run = held(store, anna)
    with store.begin() as session:
        requests.confirm(session, COMMAND_LINE, runs.find(session, run.id), 10)
    assert unproven(store) == [
        ("root", f"run {run.id} of Newsletter, started by Anna, perhaps without a second person: "
         "confirmed on the command line"),
        ("root", "Newsletter, proposed by Anna, perhaps without a second person: approved on the "
         "command line"),
    ]  # fmt: skip
    found = proposed(store, anna, limit=8)
    with store.begin() as session:
        approvals.approve(session, bo, session.get_one(ProposalRow, found.id))
    assert len(unproven(store)) == 2


@pytest.mark.parametrize("trigger", ["cli", "api", "agent", "manual"])
def test_a_run_of_the_command_line_confirmed_in_the_browser_is_told_too(
    store: Store, people, trigger: str
):
    run = held(store, COMMAND_LINE, trigger)
    with store.begin() as session:
        requests.confirm(session, people[0], runs.find(session, run.id), 10)
    assert len(unproven(store)) == (trigger != "manual")


def test_others_are_asked_by_an_alert_and_hear_the_decision(store: Store, people):
    anna, bo = people
    watch.look(store, now())
    found = proposed(store, anna, limit=7)
    for _again in range(2):
        watch.look(store, now())
    with store.begin() as session:
        approvals.approve(session, bo, session.get_one(ProposalRow, found.id))
    watch.look(store, now())
    with store.begin() as session:
        titles = [row.title for row in reversed(alerts.newest(session))]
    assert titles == [
        "A change of “Newsletter” waits for approval",
        "The change of “Newsletter” is decided",
    ]


def test_contributors_approve_only_through_connections_that_are_theirs(store: Store, people):
    anna, bo = people
    found = proposed(store, anna, limit=7)
    conny = replace(bo, name="Conny", role=Role.contributor, id=99)
    with pytest.raises(Denied, match="isn't shared"), store.begin() as session:
        approvals.approve(session, conny, session.get_one(ProposalRow, found.id))
