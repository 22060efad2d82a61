"""What is told: once a change of state, once at recovery, by rows alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.access import Role
from core.alerts import watch
from core.configuration.alerts import Limits
from core.store import (
    Store,
    accounts,
    alert_settings,
    alerts,
    channels,
    connections,
    exports,
    progress,
    requests,
    slots,
)
from core.store.tables.connections import ConnectionState
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from core.store.tables.schedules import Outcome
from tests.alerts.conftest import Clock, messages, ran, told
from tests.conftest import ADA

pytestmark = pytest.mark.usefixtures("export")


def test_a_failure_is_told_once_and_so_is_the_recovery(store: Store, clock: Clock):
    ran(store, RunStatus.failed, clock, error="The key isn't accepted.")
    ran(store, RunStatus.failed, clock, error="The key isn't accepted.")
    watch.look(store, clock())
    assert told(store) == ["“Newsletter” failed"]
    ran(store, RunStatus.succeeded, clock)
    ran(store, RunStatus.succeeded, clock)
    assert told(store) == ["“Newsletter” failed", "“Newsletter” works again"]


def test_a_message_says_what_happened_to_what_and_what_to_do(store: Store, clock: Clock):
    run = ran(store, RunStatus.failed, clock, error="The key of ilze@example.lv isn't accepted")
    [row] = messages(store)
    assert row.text == (
        f"Run {run.id} of “Newsletter” failed: The key of i•••@example.lv isn't accepted. "
        "Open it; “Retry” sends what has not arrived."
    )
    assert row.path == f"/history?run={run.id}"


def test_runs_that_ended_between_two_looks_are_all_looked_at(store: Store, clock: Clock):
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        for status in (RunStatus.failed, RunStatus.succeeded):
            run = requests.request(session, ADA, row)
            progress.step(session, run.id, RunStatus.running)
            progress.step(session, run.id, status)
    watch.look(store, clock())
    assert told(store) == ["“Newsletter” failed", "“Newsletter” works again"]


def test_a_cancelled_run_changes_nothing(store: Store, clock: Clock):
    ran(store, RunStatus.failed, clock)
    ran(store, RunStatus.cancelled, clock)
    assert told(store) == ["“Newsletter” failed"]


def test_what_was_before_the_first_look_is_nobodys_news(store: Store, clock: Clock):
    with store.begin() as session:
        for cursor in alerts.cursors(session):
            session.delete(session.get_one(alerts.AlertCursor, cursor))
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        progress.step(session, run.id, RunStatus.running)
        progress.step(session, run.id, RunStatus.failed)
    watch.look(store, clock())
    assert told(store) == []


def test_each_hold_is_told_and_that_it_was_decided(store: Store, clock: Clock):
    run = ran(store, RunStatus.held, clock)
    watch.look(store, clock())
    with store.begin() as session:
        requests.confirm(session, ADA, session.get_one(Run, run.id), 10)
    watch.look(store, clock())
    assert told(store) == ["“Newsletter” is held", "“Newsletter” is no longer held"]
    newest = messages(store)[0]
    assert "Ada ran it anyway." in newest.text


def test_the_demos_runs_and_tests_with_one_address_tell_nothing(store: Store, clock: Clock):
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        run = requests.request(session, ADA, row, only_email="p1@example.com")
        progress.step(session, run.id, RunStatus.running)
        progress.step(session, run.id, RunStatus.failed)
        run = requests.request(session, ADA, row)
        progress.step(session, run.id, RunStatus.running)
        progress.step(session, run.id, RunStatus.failed)
        progress.record(session, session.get_one(Run, run.id), {"sample": True})
    watch.look(store, clock())
    assert told(store) == []


def test_a_paused_export_tells_nothing_and_forgets_what_was_wrong(store: Store, clock: Clock):
    ran(store, RunStatus.failed, clock)
    with store.begin() as session:
        exports.pause(session, ADA, exports.find(session, "Newsletter"), True)
    ran(store, RunStatus.succeeded, clock)
    with store.begin() as session:
        assert alerts.states(session) == []
    assert told(store) == ["“Newsletter” failed"]


def test_a_removed_export_leaves_no_state(store: Store, clock: Clock, export: ExportRow):
    ran(store, RunStatus.failed, clock)
    with store.begin() as session:
        exports.remove(session, ADA, exports.find(session, "Newsletter"))
    watch.look(store, clock())
    with store.begin() as session:
        assert alerts.states(session) == []


def test_more_rejected_than_the_limit_is_told_until_it_is_less(store: Store, clock: Clock):
    rejected = {"invalid_email": 6, "excluded": 50}  # excluding is no fault
    ran(store, RunStatus.partial, clock, members=100, rejected={"excluded": 50})
    assert told(store) == []
    ran(store, RunStatus.partial, clock, members=100, rejected=rejected)
    ran(store, RunStatus.partial, clock, members=100, rejected=rejected)
    ran(store, RunStatus.partial, clock, members=100, rejected={"invalid_email": 5})
    assert told(store) == [
        "“Newsletter”: 6 % rejected",
        "“Newsletter”: as few rejected as usual",
    ]


def test_each_great_change_of_size_is_told(store: Store, clock: Clock):
    for members in (1000, 1200, 700, 690):
        ran(store, RunStatus.succeeded, clock, members=members)
    ran(store, RunStatus.succeeded, clock, members=1000)
    assert told(store) == [
        "“Newsletter”: 41.7 % fewer people",
        "“Newsletter”: 44.9 % more people",
    ]


def test_the_limits_are_the_installations(store: Store, clock: Clock):
    with store.begin() as session:
        alert_settings.change_limits(session, ADA, Limits(size=80, rejected=50, slow=9))
    for members in (1000, 400):
        ran(store, RunStatus.partial, clock, members=members, rejected={"invalid_email": 90})
    assert told(store) == []


def test_a_run_that_takes_much_longer_is_told_while_it_still_runs(store: Store, clock: Clock):
    for _n in range(5):
        ran(store, RunStatus.succeeded, clock, seconds=100)
    run = ran(store, RunStatus.running, clock, seconds=290)
    assert told(store) == []
    clock.passes(seconds=20)
    watch.look(store, clock())
    watch.look(store, clock())
    assert told(store) == ["“Newsletter” is slow"]
    with store.begin() as session:
        progress.step(session, run.id, RunStatus.succeeded)
        progress.record(session, session.get_one(Run, run.id), {"finished_at": clock()})
    watch.look(store, clock())
    ran(store, RunStatus.succeeded, clock, seconds=110)
    assert told(store) == ["“Newsletter” is slow", "“Newsletter” takes as long as usual again"]


def test_a_connection_is_told_with_each_change_of_its_state(store: Store, clock: Clock):
    steps = ("degraded", "degraded", "broken", "unchecked", "ok", "ok")
    for state in steps:
        with store.begin() as session:
            row = connections.find(session, "Klaviyo")
            connections.note(session, row, ConnectionState(state), problem="A scope is missing.")
        watch.look(store, clock())
    assert told(store) == [
        "The connection “Klaviyo” works only in part",
        "The connection “Klaviyo” doesn’t work",
        "The connection “Klaviyo” works again",
    ]


def claim(
    store: Store, outcome: Outcome, at: datetime, export: ExportRow | None = None, **more: str
) -> None:
    """A slot of the refresh, or of an export, with its outcome."""
    with store.begin() as session:
        key = slots.of_export(export.id) if export else slots.REFRESH
        slots.claim(session, key, at, outcome, export=export, **more)


def test_times_missed_in_a_downtime_are_one_message(store: Store, clock: Clock, export: ExportRow):
    for hours in range(5):
        claim(store, Outcome.missed, clock() + timedelta(hours=hours), export)
    claim(store, Outcome.ran, clock() + timedelta(hours=5), export)
    watch.look(store, clock())
    [row] = messages(store)
    assert row.title == "“Newsletter” missed its schedule"
    assert "at 5 times of its schedule (…, " in row.text
    assert "was run later" in row.text
    with store.begin() as session:
        assert alerts.states(session) == []


def test_a_missed_time_is_over_with_one_that_is_kept(store: Store, clock: Clock, export: ExportRow):
    claim(store, Outcome.missed, clock(), export)
    watch.look(store, clock())
    claim(store, Outcome.ran, clock() + timedelta(hours=1), export)
    watch.look(store, clock())
    assert told(store) == [
        "“Newsletter” missed its schedule",
        "“Newsletter” runs on schedule again",
    ]


def test_a_refresh_stands_for_the_exports_that_follow_it(
    store: Store, clock: Clock, export: ExportRow
):
    why = "Profiles: there is no file profiles.csv"
    claim(store, Outcome.failed, clock(), reason=why)
    claim(store, Outcome.failed, clock(), export, reason=why)
    watch.look(store, clock())
    later = clock() + timedelta(days=1)
    claim(store, Outcome.ran, later)
    watch.look(store, later)
    assert told(store) == ["The refresh failed", "The refresh works again"]


def test_a_slot_waits_for_its_outcome(store: Store, clock: Clock, export: ExportRow):
    claim(store, Outcome.due, clock(), export)
    watch.look(store, clock())
    with store.begin() as session:
        slots.record(session, slots.due(session)[0], Outcome.failed, "The plan is full.")
    watch.look(store, clock())
    assert told(store) == ["“Newsletter” did not start"]


def test_channels_get_what_they_chose_and_their_owners_may_see(
    store: Store, clock: Clock, subscribed, export: ExportRow
):
    held = subscribed(name="Holds", reasons=("held",))
    silent = subscribed(name="No recovery", reasons=("failed",))
    every = subscribed(name="Everything")
    with store.begin() as session:
        viewer = accounts.add(session, ADA, "Vera", Role.viewer)
        for owner, name in ((viewer, "Vera's"),):
            row = channels.find(session, every.id).model_copy()
            made = type(row)(**(row.model_dump() | {"id": None, "name": name}))
            made.account_id = owner.id
            session.add(made)
    ran(store, RunStatus.failed, clock)
    ran(store, RunStatus.succeeded, clock)
    with store.begin() as session:
        connections.note(
            session, connections.find(session, "Klaviyo"), ConnectionState.broken, problem="No."
        )
    watch.look(store, clock())
    failed, again, broken = reversed(messages(store))
    with store.begin() as session:
        went = alerts.deliveries(session, [failed.id, again.id, broken.id])
    names = {id: [channel.name for _delivery, channel in some] for id, some in went.items()}
    assert names == {
        failed.id: [silent.name, every.name, "Vera's"],
        again.id: [every.name, "Vera's"],
        broken.id: [every.name],  # a viewer doesn't see connections
    }
    assert held.name not in names[failed.id]


def test_a_digest_goes_out_at_its_time_in_the_installations_zone(
    store: Store, clock: Clock, subscribed
):
    subscribed(digest="07:30")  # in Riga: 05:30 in UTC, of the next day
    ran(store, RunStatus.failed, clock, seconds=1)
    with store.begin() as session:
        assert alerts.due(session, clock()) == []
        assert alerts.next_due(session) == datetime(2026, 11, 29, 5, 30, tzinfo=UTC)


def test_what_was_told_long_ago_is_forgotten_unless_it_still_waits(
    store: Store, clock: Clock, subscribed, tmp_path: Path
):
    ran(store, RunStatus.failed, clock)
    subscribed()
    ran(store, RunStatus.succeeded, clock)
    with store.begin() as session:
        assert alerts.remove_old(session, clock() + timedelta(days=1), 100) == 1
    assert told(store) == ["“Newsletter” works again"]
