"""What comes of slots: each gets one outcome, whatever happens; the clock is a parameter."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.access import Person, Role
from core.configuration.schedule import REFRESH, Cron, RefreshCron, Schedule
from core.errors import Conflict, Denied
from core.runs.scheduler import refresh, refresh_now, resume, tick
from core.settings import Settings
from core.store import (
    Store,
    accounts,
    connections,
    exports,
    open_store,
    preferences,
    progress,
    requests,
    runs,
    segments,
    slots,
    sources,
)
from core.store.tables.runs import Run, RunStatus
from core.store.tables.schedules import Outcome, Slot
from tests.conftest import ADA, applied, second_export, written
from tests.programs import Program

RIGA = "Europe/Riga"
SIX = Schedule(times=("06:00",), time_zone=RIGA)
DOWN = "The server was down."


def at(text: str) -> datetime:
    """A moment in UTC; in Riga it is two hours later."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


MONDAY = at("11-30 00:00")


@pytest.fixture
def two(store: Store, profiles: Path, klaviyo: str, tmp_path: Path) -> None:
    """The exports “Newsletter” without a schedule and “Second”, which follows the refresh."""
    applied(
        store, written(tmp_path, profiles, klaviyo, second_export(more="    schedule: refresh"))
    )


def own(store: Store, chosen: object = SIX, since: datetime = MONDAY, name: str = "Newsletter"):
    """Gives the export a schedule that began at that moment."""
    with store.begin() as session:
        row = exports.find(session, name)
        exports.reschedule(session, ADA, row, chosen)
        slots.begin(session, slots.of_export(row.id), "Ada", since)


def common(store: Store, since: datetime = MONDAY, **changes: object) -> None:
    """Switches the common refresh on, at 06:00 in Riga."""
    values = {"active": True, "times": ("06:00",)} | changes
    with store.begin() as session:
        preferences.change_refresh(session, ADA, REFRESH.model_copy(update=values))
        slots.begin(session, slots.REFRESH, "Ada", since)
        for row in exports.everything(session):
            slots.begin(session, slots.of_export(row.id), "Ada", since)


def found(store: Store) -> list[Slot]:
    """All slots, the oldest first."""
    with store.begin() as session:
        return sorted(slots.everything(session, limit=None), key=lambda s: (s.at, s.id))


def told(store: Store) -> list[tuple[str, str, str]]:
    return [(s.name or s.schedule, f"{s.at:%m-%d %H:%M}", s.outcome) for s in found(store)]


def all_runs(store: Store) -> list[Run]:
    with store.begin() as session:
        return runs.everything(session, limit=None)


def end(store: Store, status: RunStatus, **values: object) -> Run:
    """The newest run ends so."""
    with store.begin() as session:
        run = runs.everything(session, limit=1)[0]
        progress.step(session, run.id, RunStatus.running)
        return progress.step(session, run.id, status, **values)


@pytest.mark.usefixtures("two")
def test_a_slot_runs_once_at_its_time(store: Store):
    own(store)
    tick(store, at("11-30 03:59:59"))
    assert told(store) == []
    for second in range(3):
        tick(store, at(f"11-30 04:00:0{second}"))
    assert told(store) == [("Newsletter", "11-30 04:00", "ran")]
    (run,) = all_runs(store)
    assert (run.trigger, run.by, run.export) == ("schedule", "Ada", "Newsletter")
    assert found(store)[0].run_id == run.id


@pytest.mark.usefixtures("two")
def test_it_runs_in_the_name_of_the_export_user(store: Store):
    own(store)
    with store.begin() as session:
        kaspars = accounts.add(session, ADA, "Kaspars", Role.administrator)
        row = connections.find(session, "Klaviyo")
        connections.set_export_user(session, Person("Kaspars", Role.administrator, kaspars.id), row)
    tick(store, at("11-30 04:00"))
    assert all_runs(store)[0].by == "Kaspars"


@pytest.mark.usefixtures("two")
def test_a_slot_whose_predecessor_still_runs_is_skipped(store: Store):
    own(store)
    tick(store, at("11-30 04:00"))
    tick(store, at("12-01 04:00"))
    end(store, RunStatus.succeeded)
    tick(store, at("12-02 04:00"))
    assert [outcome for *_, outcome in told(store)] == ["ran", "skipped", "ran"]
    assert found(store)[1].reason == "Its run 1 has not ended yet."


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("status", "outcome", "values"),
    [
        (RunStatus.failed, "failed", {"error": "The list is gone."}),
        (RunStatus.held, "held", {"hold": "Look first."}),
        (RunStatus.succeeded, "ran", {}),
        (RunStatus.cancelled, "ran", {}),
    ],
)
def test_the_outcome_follows_the_run(store: Store, status: RunStatus, outcome: str, values: dict):
    own(store)
    tick(store, at("11-30 04:00"))
    end(store, status, **values)
    tick(store, at("11-30 04:01"))
    (slot,) = found(store)
    assert (slot.outcome, slot.reason) == (outcome, next(iter(values.values()), None))


@pytest.mark.usefixtures("two")
def test_a_held_slot_stays_so_until_its_run_goes_on_and_the_next_is_skipped(store: Store):
    own(store)
    tick(store, at("11-30 04:00"))
    run = end(store, RunStatus.held, hold="Look first.")
    tick(store, at("12-01 04:00"))
    assert [outcome for *_, outcome in told(store)] == ["held", "skipped"]
    with store.begin() as session:
        requests.request(session, ADA, exports.find(session, "Newsletter"))
    tick(store, at("12-01 04:01"))
    assert found(store)[0].outcome == Outcome.ran
    assert [r.id for r in all_runs(store)] == [run.id]


@pytest.mark.usefixtures("two")
def test_a_paused_export_and_one_without_a_connection_skip_their_slots(store: Store):
    own(store)
    own(store, name="Second")
    with store.begin() as session:
        exports.pause(session, ADA, exports.find(session, "Newsletter"), True)
        exports.detach(session, ADA, exports.find(session, "Second"))
    tick(store, at("11-30 04:00"))
    assert [(s.name, s.outcome, s.reason) for s in found(store)] == [
        ("Newsletter", "skipped", "The export is paused."),
        ("Second", "skipped", "The export has no connection."),
    ]
    with store.begin() as session:
        exports.pause(session, ADA, exports.find(session, "Newsletter"), False)
    tick(store, at("12-01 04:00"))
    assert told(store)[2] == ("Newsletter", "12-01 04:00", "ran")


def missing(after_downtime: str) -> Schedule:
    return SIX.model_copy(update={"after_downtime": after_downtime})


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("choice", "last"), [("once", "ran"), ("never", "missed")])
def test_after_a_downtime_over_three_slots_at_most_the_newest_runs(
    store: Store, choice: str, last: str
):
    own(store, missing(choice))
    resume(store, at("12-02 09:00"))
    tick(store, at("12-02 09:00"))
    tick(store, at("12-02 09:01"))
    assert told(store) == [
        ("Newsletter", "11-30 04:00", "missed"),
        ("Newsletter", "12-01 04:00", "missed"),
        ("Newsletter", "12-02 04:00", last),
    ]
    assert len(all_runs(store)) == (choice == "once")
    assert [s.reason for s in found(store)[:2]] == [DOWN, DOWN]


@pytest.mark.usefixtures("two")
def test_a_slot_on_time_after_missed_ones_is_the_one_that_runs(store: Store):
    own(store, missing("never"))
    tick(store, at("12-01 04:00:30"))
    assert [outcome for *_, outcome in told(store)] == ["missed", "ran"]


@pytest.mark.usefixtures("two")
def test_a_changed_schedule_acts_at_once_and_has_no_past(store: Store):
    own(store)
    tick(store, at("11-30 03:00"))
    own(store, Cron(cron="0 8 * * *", time_zone=RIGA), since=at("11-30 07:00"))
    tick(store, at("11-30 08:00"))
    assert told(store) == []
    own(store, Cron(cron="15 10 * * *", time_zone=RIGA), since=at("11-30 08:01"))
    tick(store, at("11-30 08:15"))
    own(store, "off")
    tick(store, at("12-05 08:15"))
    assert told(store) == [("Newsletter", "11-30 08:15", "ran")]


@pytest.mark.usefixtures("two")
def test_a_schedule_begins_when_it_is_saved(store: Store):
    before = datetime.now(UTC)
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        exports.reschedule(session, ADA, row, SIX)
        begun = slots.beginnings(session)[slots.of_export(row.id)]
    assert before <= begun.since <= datetime.now(UTC)
    assert begun.by == "Ada"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("now", "moments"),
    [("2027-03-29 00:00", ["01:00"]), ("2026-10-26 00:00", ["00:30"])],
)
def test_a_change_of_the_clock_gives_one_run(store: Store, now: str, moments: list[str]):
    day = datetime.fromisoformat(now).replace(tzinfo=UTC)
    own(store, Schedule(times=("03:30",), time_zone=RIGA), since=day - timedelta(days=1))
    for minute in range(0, 24 * 60, 15):
        tick(store, day - timedelta(days=1) + timedelta(minutes=minute))
    assert [f"{s.at:%H:%M}" for s in found(store)] == moments
    assert len(all_runs(store)) == 1


@pytest.mark.usefixtures("two")
def test_the_common_refresh_reads_counts_and_then_runs_those_who_follow_it(store: Store):
    common(store)
    tick(store, at("11-30 04:00"))
    assert told(store) == [("refresh", "11-30 04:00", "due"), ("Second", "11-30 04:00", "due")]
    assert all_runs(store) == []
    refresh(store)
    with store.begin() as session:
        assert sources.find(session, "Profiles").rows == 12
        assert segments.find(session, "Everybody").members == 12
    tick(store, at("11-30 04:03"))
    assert told(store) == [("refresh", "11-30 04:00", "ran"), ("Second", "11-30 04:00", "ran")]
    assert [run.export for run in all_runs(store)] == ["Second"]


@pytest.mark.usefixtures("two")
def test_the_common_refresh_is_off_at_first(store: Store):
    tick(store, at("11-30 04:00"))
    tick(store, at("12-30 04:00"))
    assert told(store) == []


@pytest.mark.usefixtures("two")
def test_an_export_waits_for_a_refresh_in_progress(store: Store):
    common(store)
    own(store, Schedule(times=("06:01", "06:30"), time_zone=RIGA))
    for minute in range(40):
        tick(store, at(f"11-30 04:{minute:02}"))
    assert told(store)[2:] == [
        ("Newsletter", "11-30 04:01", "due"),
        ("Newsletter", "11-30 04:30", "skipped"),
    ]
    refresh(store)
    tick(store, at("11-30 04:40"))
    assert [outcome for *_, outcome in told(store)] == ["ran", "ran", "ran", "skipped"]


@pytest.mark.usefixtures("two")
def test_a_refresh_that_still_goes_on_skips_its_next_slot_and_those_of_its_exports(store: Store):
    common(store, times=("06:00", "07:00"))
    tick(store, at("11-30 04:00"))
    tick(store, at("11-30 05:00"))
    assert told(store)[2:] == [
        ("refresh", "11-30 05:00", "skipped"),
        ("Second", "11-30 05:00", "skipped"),
    ]


@pytest.mark.usefixtures("two")
def test_a_source_that_is_gone_fails_the_slots_of_its_exports(store: Store, profiles: Path):
    common(store)
    profiles.unlink()
    tick(store, at("11-30 04:00"))
    refresh(store)
    tick(store, at("11-30 04:01"))
    assert [outcome for *_, outcome in told(store)] == ["failed", "failed"]
    assert all("profiles.csv" in (slot.reason or "") for slot in found(store))
    assert all_runs(store) == []


@pytest.mark.usefixtures("two")
def test_missed_refreshes_are_slots_of_their_exports_too(store: Store):
    common(store)
    tick(store, at("12-01 09:00"))
    refresh(store)
    tick(store, at("12-01 09:00"))
    assert told(store) == [
        ("refresh", "11-30 04:00", "missed"),
        ("Second", "11-30 04:00", "missed"),
        ("refresh", "12-01 04:00", "ran"),
        ("Second", "12-01 04:00", "ran"),
    ]


@pytest.mark.usefixtures("two")
def test_refresh_now_is_a_slot_that_administrators_make_even_while_it_is_off(store: Store):
    with store.begin() as session:
        refresh_now(session, ADA, at("11-30 11:11"))
    with pytest.raises(Conflict, match="is already running"), store.begin() as session:
        refresh_now(session, ADA, at("11-30 11:12"))
    contributor = Person("Kaspars", Role.contributor)
    with pytest.raises(Denied), store.begin() as session:
        refresh_now(session, contributor, at("11-30 11:13"))
    refresh(store)
    tick(store, at("11-30 11:12"))
    assert told(store) == [("refresh", "11-30 11:11", "ran"), ("Second", "11-30 11:11", "ran")]


@pytest.mark.usefixtures("two")
def test_who_may_not_change_an_export_may_not_schedule_or_pause_it(store: Store):
    viewer, contributor = Person("V", Role.viewer), Person("C", Role.contributor, 77)
    for person in (viewer, contributor):  # the connection isn't shared
        for action in (exports.reschedule, exports.pause):
            with pytest.raises(Denied), store.begin() as session:
                action(session, person, exports.find(session, "Newsletter"), SIX)
    with pytest.raises(Denied), store.begin() as session:
        preferences.change_refresh(session, contributor, REFRESH)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("choice", "restart", "outcomes"),
    [
        ("once", "11-30 04:05", ["ran"]),
        ("never", "11-30 04:05", ["missed"]),
        ("once", "12-02 09:00", ["missed", "missed", "ran"]),
        ("never", "12-02 09:00", ["missed", "missed", "missed"]),
    ],
)
def test_a_slot_left_due_by_a_process_that_died_runs_or_is_missed(
    store: Store, choice: str, restart: str, outcomes: list[str]
):
    own(store, missing(choice))
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        key = slots.of_export(row.id)
        assert slots.claim(session, key, at("11-30 04:00"), Outcome.due, export=row)
        assert not slots.claim(session, key, at("11-30 04:00"), Outcome.due, export=row)
    resume(store, at(restart))
    tick(store, at(restart))
    assert [outcome for *_, outcome in told(store)] == outcomes
    assert len(all_runs(store)) == outcomes.count("ran")


@pytest.mark.usefixtures("two")
def test_two_that_tick_at_once_give_one_run(store: Store, settings: Settings):
    own(store, Cron(cron="* * * * *", time_zone=RIGA))
    others = [open_store(settings) for _ in range(3)]
    for minute in range(12):
        both = [
            threading.Thread(target=tick, args=(one, at(f"11-30 04:{minute:02}"))) for one in others
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        end(store, RunStatus.succeeded)
    for one in others:
        one.close()
    ran = [s for s in found(store) if s.outcome == Outcome.ran]
    assert len(ran) == len({s.run_id for s in ran}) == len(all_runs(store)) == 12


TICKS = """
import sys
from datetime import datetime, timedelta
from core import settings
from core.runs import scheduler
from core.store import open_store, progress, runs
from core.store.tables.runs import RunStatus

store, now = open_store(settings.read()), datetime.fromisoformat(sys.argv[1])
scheduler.resume(store, now)
while True:
    scheduler.tick(store, now)
    scheduler.refresh(store)
    print(now.isoformat(), flush=True)
    now += timedelta(seconds=20)
    with store.begin() as session:
        for run in runs.active(session):
            progress.step(session, run.id, RunStatus.running)
            progress.step(session, run.id, RunStatus.succeeded)
"""


def killed(settings: Settings, now: datetime, lines: int) -> datetime:
    """A process that ticks twenty seconds at a time from now on, killed at some point after."""
    ours, theirs = os.pipe()
    with open(ours) as printed, open(theirs, "wb") as log:
        process = Program([now.isoformat()], {"SEGFERRY_HOME": str(settings.home)}, log, code=TICKS)
        reached = [datetime.fromisoformat(printed.readline().strip()) for _ in range(lines)]
        process.kill()
        process.wait()
    return reached[-1]


@pytest.mark.usefixtures("two")
def test_a_process_that_is_killed_over_and_over_gives_each_slot_one_outcome(
    store: Store, settings: Settings
):
    own(store, Cron(cron="* * * * *", time_zone=RIGA))
    with store.begin() as session:
        often = RefreshCron(cron="*/3 * * * *", time_zone=RIGA)
        preferences.change_refresh(session, ADA, often)
        slots.begin(session, slots.REFRESH, "Ada", MONDAY)
    now = MONDAY
    for lines in (7, 10, 12):
        now = killed(settings, now, lines) + timedelta(seconds=10)
    now += timedelta(minutes=4)  # down over four slots
    resume(store, now)
    for _again in range(2):
        tick(store, now)
        refresh(store)
    every = found(store)
    of_export = [s for s in every if s.name == "Newsletter"]
    minutes = [MONDAY + timedelta(minutes=n + 1) for n in range(len(of_export))]
    assert [s.at for s in of_export] == minutes
    assert minutes[-1] + timedelta(minutes=1) > now
    assert Outcome.due not in {s.outcome for s in every}
    ran = [s.run_id for s in every if s.run_id]
    assert len(ran) == len(set(ran)) == len(all_runs(store))


@pytest.mark.usefixtures("two")
def test_a_slot_that_cannot_be_started_holds_up_no_other(store: Store):
    own(store)
    own(store, name="Second")
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        row.spec = {k: v for k, v in row.spec.items() if k != "match"}  # no form can do that
        session.add(row)
    tick(store, at("11-30 04:00"))
    assert [outcome for *_, outcome in told(store)] == ["failed", "ran"]
