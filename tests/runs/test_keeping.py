"""What is old enough is removed, what anybody still needs stays, and pages say what is gone."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.access import Person, Role
from core.configuration.retention import Retention
from core.errors import Conflict, Denied
from core.plan import frozen
from core.plan.freeze import REJECTS
from core.runs import downloads, people, rejects
from core.runs.engine.host import Host
from core.runs.keeping import prune as pruning
from core.runs.keeping import sizes
from core.store import (
    Store,
    audit,
    engine_tables,
    open_store,
    preferences,
    removed,
    requests,
    runs,
    slots,
    space,
)
from core.store.audit import Deed
from core.store.tables.runs import Job, JobStatus, Run, RunStatus, Stage
from core.store.tables.schedules import Outcome
from tests.conftest import ADA, applied
from tests.runs.conftest import ran
from tests.runs.test_history import ORDER

NOW = datetime(2026, 12, 1, 5, tzinfo=UTC)
ROW = {"row": [3], "email": ["ieva@example.lv"], "reason": ["invalid_email"], "detail": [None]}


@pytest.fixture
def add(store: Store) -> Callable[..., Run]:
    """Adds a run that ended so many days before NOW."""

    def added(ago: float, export_id: int | None = None, **values: object) -> Run:
        then = NOW - timedelta(days=ago)
        facts = {
            "export_id": export_id,
            "export": "Newsletter",
            "account": "klaviyo:a",
            "list_id": "a",
            "trigger": "cli",
            "by": "Ada",
            "order_data": ORDER,
            "created_at": then,
            "started_at": then,
            "finished_at": then,
            "status": RunStatus.succeeded,
        }
        run = Run(**(facts | values))
        with store.begin() as session:
            session.add(run)
        return run

    return added


def files_of(store: Store, run: Run, part: int = 1) -> Path:
    """The files that a run leaves: its plan, a batch, rejects before and after sending."""
    folder = rejects.folder(store.settings, run)
    rejects_file = frozen.rejects_path(folder, part)
    rejects_file.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({**ROW, "segments": [None]}, schema=REJECTS).write_parquet(rejects_file)
    (folder / frozen.PLAN).write_text("{}")
    frozen.batch_path(folder, part, 1).write_bytes(b"batch")
    rejects.keep_refused(store.settings, run, 1, "job", pl.DataFrame(ROW, schema=rejects.SCHEMA))
    return folder


def crowd(add: Callable[..., Run], export_id: int | None = None) -> None:
    """So many newer runs that none of the others is needed for being new."""
    for n in range(12):
        add(1 + n / 100, export_id)


def left(store: Store) -> set[int]:
    with store.begin() as session:
        return {run.id for run in runs.everything(session, limit=None)}


def found(store: Store, run: Run) -> Run:
    with store.begin() as session:
        return runs.find(session, run.id)


def test_old_runs_go_with_their_jobs_and_files_and_the_newest_of_an_export_stay(
    store: Store, add: Callable[..., Run]
):
    old, other, young = add(731), add(800, list_id="b", status=RunStatus.failed), add(729)
    crowd(add)
    with store.begin() as session:
        session.add(Job(run_id=old.id, batch=1, profiles=1, bytes=1, status=JobStatus.complete))
    folder = files_of(store, old)
    assert pruning.prune(store, NOW)["runs"] == 2
    assert not {old.id, other.id} & left(store)
    assert young.id in left(store)
    assert not folder.exists()
    assert pruning.prune(store, NOW) == {}


def test_what_later_runs_are_compared_with_stays(store: Store, add: Callable[..., Run]):
    whole = add(900, columns={"a": {"kind": "text", "why": None}})
    counted = add(899, list_id="b", read_back_data={"before": 1, "after": 2})
    for n in range(12):
        add(800 - n, status=RunStatus.failed)
    pruning.prune(store, NOW)
    assert {whole.id, counted.id} <= left(store)
    assert len(left(store)) == 2 + 10


def test_a_run_goes_after_those_that_retried_it(store: Store, add: Callable[..., Run]):
    first = add(760, undelivered=5, batches=1, files_removed_at=NOW)
    again = add(740, retry_of=first.id)
    last = add(100, retry_of=again.id)
    crowd(add)
    pruning.prune(store, NOW)
    assert {first.id, again.id, last.id} <= left(store)
    with store.begin() as session:
        row = runs.find(session, last.id)
        row.finished_at = NOW - timedelta(days=735)
        session.add(row)
    pruning.prune(store, NOW)
    assert not {first.id, again.id, last.id} & left(store)


def test_all_parts_of_a_split_go_together(store: Store, add: Callable[..., Run]):
    first = add(740, parts=2)
    second = add(720, parts=2, part=2, first_id=first.id)
    crowd(add)
    pruning.prune(store, NOW)
    assert {first.id, second.id} <= left(store)
    pruning.prune(store, NOW + timedelta(days=15))
    assert not {first.id, second.id} & left(store)


@pytest.mark.parametrize(
    "values",
    [
        {"finished_at": None, "status": RunStatus.held},
        {"counting": 3, "status": RunStatus.cancelled},
        {"stage": Stage.recording, "status": RunStatus.cancelled},
    ],
)
def test_what_has_not_ended_stays(store: Store, add: Callable[..., Run], values: dict[str, object]):
    run = add(2000, **values)
    crowd(add, None)
    folder = files_of(store, run)
    pruning.prune(store, NOW)
    assert run.id in left(store)
    assert len(list(folder.rglob("*.parquet"))) == 3


def test_who_was_not_exported_goes_before_the_numbers(store: Store, add: Callable[..., Run]):
    back = {
        **{"before": 9, "double_opt_in": False, "accepted": 2, "asked": 2, "on_list": 1},
        **{"missing": {"refused": 1}, "after": 10},
        "people": [{"email": "ieva@example.lv", "why": "refused", "detail": None}],
        "drift": {
            **{"since": 1, "grown": 2, "other_runs": False, "late": False},
            **{"double_opt_in": False, "asked": 1, "gone": 1, "people": ["ieva@example.lv"]},
        },
    }
    run = add(
        90.5,
        rejected={"invalid_email": 1},
        read_back_data=back,
        error="Klaviyo refused ieva@example.lv.",
        order_data={**ORDER, "only_email": "ieva@example.lv"},
    )
    with store.begin() as session:
        session.add(
            Job(run_id=run.id, batch=1, profiles=1, bytes=1, error="ieva@example.lv is bad")
        )
    folder = files_of(store, run)
    pruning.prune(store, NOW)
    assert not list(folder.rglob("*"))
    now = found(store, run)
    with store.begin() as session:
        job = session.get(Job, (run.id, 1))
    data = json.dumps([now.read_back_data, now.order_data, now.error, job.error])
    assert "ieva" not in data
    assert now.rejected == {"invalid_email": 1}
    assert now.read_back.arrived.on_list == 1
    assert now.read_back.drift.gone == 1
    text = "Who was not exported was removed on 1 Dec 2026, 90 days after the run had ended."
    assert removed.rejects(now) == f"{text} The numbers stay."
    for ask in (
        lambda: downloads.rejected(store, ADA, now),
        lambda: people.of_run(store, ADA, [now], people.Outcome.rejected),
    ):
        with pytest.raises(Conflict, match="removed on 1 Dec 2026"):
            ask()


def test_rejects_are_read_also_once_the_plan_is_gone(store: Store, add: Callable[..., Run]):
    run = add(40)
    folder = files_of(store, run)
    pruning.prune(store, NOW)
    assert not (folder / frozen.PLAN).exists()
    assert not frozen.batch_path(folder, 1, 1).exists()
    assert found(store, run).files_removed_at == NOW
    assert downloads.rejected(store, ADA, found(store, run)).height == 2


def test_what_can_be_retried_stays_longer_and_then_a_retry_says_so(
    store: Store, add: Callable[..., Run], configuration: Path
):
    applied(store, configuration)
    run = add(60, 1, undelivered=5, batches=1, status=RunStatus.partial)
    with store.begin() as session:
        preferences.change_defaults(session, ADA, kept=Retention(rejects=10))
    folder = files_of(store, run)
    pruning.prune(store, NOW)
    assert frozen.batch_path(folder, 1, 1).exists()
    assert downloads.rejected(store, ADA, found(store, run)).height == 2  # a retry needs them
    pruning.prune(store, NOW + timedelta(days=31))
    assert not folder.exists()
    with pytest.raises(Conflict, match=r"files of run \d+ were removed on 1 Jan 2027, 91 days"):
        retry(store, run)


def retry(store: Store, run: Run) -> None:
    with store.begin() as session:
        requests.retry(session, ADA, runs.find(session, run.id))


def test_files_that_a_retry_under_way_reads_stay(store: Store, add: Callable[..., Run]):
    run = add(200, undelivered=5, batches=1, status=RunStatus.partial)
    add(0, retry_of=run.id, finished_at=None, status=RunStatus.queued)
    folder = files_of(store, run)
    pruning.prune(store, NOW)
    assert frozen.batch_path(folder, 1, 1).exists()


def test_slots_go_but_the_newest_of_a_schedule_from_which_the_next_is_found(store: Store):
    with store.begin() as session:
        for days in (800, 790, 780):
            slots.claim(session, "refresh", NOW - timedelta(days=days), Outcome.ran)
        slots.claim(session, "export 7", NOW - timedelta(days=900), Outcome.due)
    assert pruning.prune(store, NOW) == {"slots": 2}
    with store.begin() as session:
        assert len(slots.everything(session)) == 2


def test_pruning_is_done_once_a_day_and_again_when_a_clock_went_back(store: Store):
    assert pruning.prune_daily(store, NOW)
    assert not pruning.prune_daily(store, NOW + timedelta(hours=23))
    assert pruning.prune_daily(store, NOW + timedelta(hours=24))
    assert pruning.prune_daily(store, NOW)


def test_each_transaction_removes_a_bounded_number(store: Store):
    with store.begin() as session:
        for _n in range(5):
            audit.record(session, ADA, Deed.changed, "export", "x")
    with store.begin() as session:
        assert audit.remove_old(session, datetime.now(UTC) + timedelta(days=1), 3) == 3
    later = datetime.now(UTC) + timedelta(days=500)
    assert pruning.prune(store, later)["entries of the audit"] == 2


def test_steps_of_ended_workflows_go_and_a_run_after_that_works(
    store: Store, engine: Host, configuration: Path
):
    applied(store, configuration)
    first = ran(store)
    with engine_tables.opened(store.settings) as tables:
        assert tables is not None
        before = engine_tables.kept(tables)
        later = datetime.now(UTC) + timedelta(days=1)
        assert engine_tables.remove_old(tables, later, {f"run-{first.id}-"}, 10) == 0
        assert engine_tables.remove_old(tables, later, set(), 10) == 1
        assert (before.n, engine_tables.kept(tables).n) == (1, 0)
        with tables.connect() as connection:
            steps = connection.exec_driver_sql("select count(*) from operation_outputs").scalar()
    assert steps == 0
    assert ran(store).status == RunStatus.partial
    found = sizes.measure_now(store, ADA, datetime.now(UTC))
    assert found.each["runs"].n == 2
    assert found.each["rejects"].n == 2
    assert found.each["rejects"].bytes
    assert sizes.known(store) == found
    with pytest.raises(Denied):
        sizes.measure_now(store, Person("Kai", Role.contributor), NOW)


def test_space_of_a_new_file_is_given_back_to_the_disk(store: Store):
    file = store.settings.home / "segferry.sqlite"
    with store.begin() as session:
        for _n in range(2000):
            audit.record(session, ADA, Deed.changed, "export", "x" * 400)
    space.give_back(store.engine, busy=True)
    full = file.stat().st_size
    assert pruning.prune(store, datetime.now(UTC) + timedelta(days=500))
    assert file.stat().st_size < full / 2


def test_a_file_of_an_older_version_is_written_anew_once_while_nothing_is_under_way(
    settings: object, tmp_path: Path
):
    home = tmp_path / "old"
    home.mkdir()
    file = home / "segferry.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("create table waste (x)")
        connection.execute("insert into waste values (zeroblob(6000000))")
        connection.execute("drop table waste")
    connection.close()
    store = open_store(type(settings)(home=home))
    assert space.give_back(store.engine, busy=True) == 0
    assert space.give_back(store.engine, busy=False) > 5_000_000
    with store.engine.connect() as one:
        assert one.exec_driver_sql("pragma auto_vacuum").scalar() == 2
    store.close()
