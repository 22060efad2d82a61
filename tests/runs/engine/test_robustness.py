"""What a strict reader found: wrong jobs, lost engines, retries of retries, changed accounts."""

import os
import threading
import time
from pathlib import Path

import httpx
import polars as pl
import pytest

from core import sandbox
from core.access import Person
from core.errors import Conflict, Unavailable
from core.runs.engine.host import Host
from core.runs.engine.worker import Worker
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.patience import until_available
from core.settings import Settings
from core.store import Store, connections, exports, jobs, progress, requests, runs
from core.store.tables.connections import ConnectionState
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, PER_BATCH, applied, bulky, people, second_export, written
from tests.runs import conftest as by_engine
from tests.runs.carried import carried, ran
from tests.runs.conftest import asked, ended, members, somebody_imports, until

IMPORT = "POST /api/profile-bulk-import-jobs"
JOB = "GET /api/profile-bulk-import-jobs/{id}"


@pytest.fixture
def two_batches(store: Store, klaviyo: str, tmp_path: Path) -> None:
    bulky(2).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))


@pytest.fixture
def fifty(store: Store, klaviyo: str, tmp_path: Path) -> None:
    people(50).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))


def fault(url: str, kind: str, **options: object) -> None:
    httpx.post(f"{url}/sandbox/faults", json={"kind": kind, **options}).raise_for_status()


@pytest.mark.usefixtures("fifty")
def test_after_a_crash_the_job_of_somebody_else_is_never_taken_for_ours(store: Store, klaviyo: str):
    run, worker = asked(store), Worker(store)
    worker.prepare(run.id)
    with store.begin() as session:
        jobs.intend(session, run.id, 1, 50, 5_000)  # and here the process was killed
    somebody_imports(klaviyo, 50)
    worker.send(run.id, 1)
    while worker.settle(run.id)["open"]:
        pass
    worker.finish(run.id)
    worker.leave()
    assert {f"p{n}@example.com" for n in range(1, 51)} <= members(klaviyo)


@pytest.mark.usefixtures("two_batches")
def test_a_run_under_way_survives_an_orderly_stop_of_its_engine(store: Store, klaviyo: str):
    fault(klaviyo, "slow", endpoint=IMPORT, seconds=2.0, times=1)
    with Host(store):
        run = until(store, asked(store), lambda found: found.stage == "sending")
    with store.begin() as session:
        assert runs.find(session, run.id).status == RunStatus.running
    with Host(store):
        run = ended(store, run)
    assert (run.status, run.accepted, run.error) == (RunStatus.succeeded, 2 * PER_BATCH, None)


@pytest.mark.usefixtures("two_batches")
def test_a_run_goes_on_although_the_engine_has_lost_its_database(
    store: Store, settings: Settings, klaviyo: str
):
    fault(klaviyo, "slow", endpoint=IMPORT, seconds=0.5, times=None)
    with Host(store):
        run = until(store, asked(store), lambda found: found.stage == "sending")
    for file in settings.home.glob("engine.sqlite*"):
        file.unlink()
    with Host(store):
        assert ended(store, run).status == RunStatus.succeeded


@pytest.mark.usefixtures("fifty")
def test_retrying_a_retry_that_came_to_nothing_sends_only_what_did_not_arrive(
    store: Store, klaviyo: str
):
    fault(klaviyo, "job_cancelled")
    first = ran(store)
    with store.begin() as session:
        second = requests.retry(session, ADA, first)
        requests.ask_stop(session, ADA, second)
    assert carried(store, second).status == RunStatus.cancelled
    with store.begin() as session:
        third = requests.retry(session, ADA, runs.find(session, second.id))
    third = carried(store, third)
    assert (third.status, third.members, third.retry_of) == (RunStatus.succeeded, 50, first.id)


@pytest.mark.usefixtures("fifty")
def test_what_a_retry_has_delivered_can_not_be_retried_again(store: Store, klaviyo: str):
    fault(klaviyo, "job_cancelled")
    first = ran(store)
    with store.begin() as session:
        again = requests.retry(session, ADA, first)
    carried(store, again)
    with store.begin() as session, pytest.raises(Conflict, match="nothing to retry"):
        requests.retry(session, ADA, first)


@pytest.mark.usefixtures("fifty")
def test_a_retry_is_not_taken_for_a_run_of_everybody(store: Store):
    run = asked(store)
    with store.begin() as session:
        progress.step(session, run.id, RunStatus.running)
        progress.record(session, run, {"valid": 50, "batches": 1})
        progress.end(session, run.id)
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, run.id))
        assert requests.retry(session, ADA, runs.find(session, run.id)).id == again.id
        with pytest.raises(Conflict, match="has not ended"):
            requests.request(session, ADA, exports.find(session, "Newsletter"))


def test_two_exports_to_one_account_run_one_after_the_other(
    store: Store, klaviyo: str, tmp_path: Path
):
    people(20).write_parquet(tmp_path / "many.parquet")
    more = f"    limit: 8\n    over_limit: split{second_export('VpX3qT')}"
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, more))
    fault(klaviyo, "slow", endpoint=IMPORT, seconds=0.2, times=None)
    with Host(store):
        split = asked(store)
        other = asked(store, "Second")
        ended(store, other)
        with store.begin() as session:
            parts = runs.siblings(session, split)
        told = [ended(store, part) for part in parts] + [ended(store, other)]
    spans = []
    for run in told:
        with store.begin() as session:
            sent = jobs.of_run(session, run.id)
        spans.append((min(j.sent_at for j in sent), max(j.settled_at for j in sent)))
    spans.sort()
    assert len(spans) == 4
    assert all(spans[n][1] <= spans[n + 1][0] for n in range(3))


def changed(store: Store, key: str = "pk_other_account_1", **values: str) -> None:
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        spec = connections.spec(session, row, key).model_copy(update=values)
        connections.change(session, store.vault, ADA, row, spec, key=key)


@pytest.mark.usefixtures("fifty")
def test_a_connection_keeps_its_address_while_an_export_of_it_runs(store: Store):
    asked(store)
    with pytest.raises(Conflict, match="has not ended"):
        changed(store, base_url="http://127.0.0.1:9")


@pytest.mark.usefixtures("fifty")
def test_a_retry_never_goes_to_another_account(store: Store, klaviyo: str):
    fault(klaviyo, "job_cancelled")
    first = ran(store)
    changed(store)
    with store.begin() as session:
        again = requests.retry(session, ADA, first)
    again = carried(store, again)
    assert (again.status, again.sent) == (RunStatus.held, 0)
    assert "pinned to Baltic Outfitters" in (again.hold or "")


@pytest.mark.usefixtures("fifty")
def test_a_job_that_is_not_known_yet_is_asked_after_again(store: Store, klaviyo: str):
    fault(klaviyo, "status", endpoint=JOB, status=404)
    run = ran(store)
    assert (run.status, run.accepted) == (RunStatus.succeeded, 50)


@pytest.mark.usefixtures("fifty")
def test_a_sample_of_somebody_who_is_no_member_fails_with_a_sentence(store: Store):
    run = ran(store, only_email="nobody@example.com")
    assert run.status == RunStatus.failed
    assert "nobody@example.com" in (run.error or "")


@pytest.mark.usefixtures("fifty")
def test_an_outage_is_waited_out_for_a_while(store: Store):
    work, tries = RunAtWork(store, asked(store).id), []

    def action() -> str:
        tries.append(len(tries))
        if len(tries) < 3:
            raise Unavailable("Klaviyo is away.", retry_after=0.01)
        return "back"

    assert until_available(work, action) == "back"


@pytest.mark.usefixtures("fifty")
def test_a_stop_at_the_same_moment_is_not_written_over(store: Store, ada: Person):
    run = asked(store)
    with store.begin() as session:
        requests.ask_stop(session, ada, runs.find(session, run.id))
        told = progress.step(session, run.id, RunStatus.running)
    assert (told.status, bool(told.finished_at)) == (RunStatus.cancelled, True)


def test_of_delivered_batches_what_each_person_was_sent_is_kept_once(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    frame = people(10).with_columns(
        email=pl.when(pl.col("spent") == 100).then(None).otherwise("email")
    )
    frame.write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))
    with Host(store):
        run = by_engine.ran(store)
    kept = {file.name for file in (settings.runs / str(run.id)).rglob("*") if file.is_file()}
    assert kept == {"plan.json", "rejects.parquet", "sent.parquet"}
    assert threading.active_count() < 40


@pytest.mark.usefixtures("engine")
def test_a_job_that_came_to_its_end_after_the_run_was_cancelled_is_not_sent_again(
    store: Store, tmp_path: Path
):
    later = [0.0]
    people(30).write_parquet(tmp_path / "few.parquet")
    with sandbox.running(
        tmp_path / "slow", clock=lambda: time.time() + later[0], delay=3600.0, limits=False
    ) as klaviyo:
        applied(store, written(tmp_path, tmp_path / "few.parquet", klaviyo))
        run, again = cancelled_and_retried(store, later)
        made = sum(httpx.get(f"{klaviyo}/sandbox/state").json()["jobs"].values())
    assert (run.accepted, run.undelivered, run.status) == (30, 0, RunStatus.cancelled)
    assert (again.members, again.status, made) == (0, RunStatus.succeeded, 1)


def cancelled_and_retried(store: Store, later: list[float]) -> tuple[Run, Run]:
    """A run that is cancelled while its job takes an hour, and its retry after that hour."""
    run = until(store, asked(store), lambda found: found.stage == "waiting")
    with store.begin() as session:
        requests.ask_stop(session, ADA, run)
    assert ended(store, run).undelivered == 30
    later[0] = 4000.0
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, run.id))
    again = ended(store, again)
    with store.begin() as session:
        return runs.find(session, run.id), again


@pytest.mark.usefixtures("two_batches")
def test_what_is_found_before_the_first_batch_stays_when_the_engine_starts_over(
    store: Store, klaviyo: str
):
    run, worker = asked(store), Worker(store)
    worker.prepare(run.id)
    worker.send(run.id, 1)
    worker.leave()
    again = Worker(store)
    assert again.prepare(run.id)["batches"] == [1, 2]
    again.leave()
    with store.begin() as session:
        found = runs.find(session, run.id).read_back
    assert found
    assert found.before == 0


@pytest.mark.usefixtures("two_batches")
def test_a_run_that_has_sent_something_is_not_held_but_fails_with_the_reason(
    store: Store, klaviyo: str
):
    run, worker = asked(store), Worker(store)
    worker.prepare(run.id)
    worker.send(run.id, 1)
    worker.leave()
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.state, row.problem = ConnectionState.reconnect, "The key was withdrawn."
        session.add(row)
    again = Worker(store)  # the engine has lost its database
    again.prepare(run.id)
    again.finish(run.id)
    again.leave()
    run = ended(store, run)
    assert (run.status, run.hold) == (RunStatus.failed, None)
    assert "key" in (run.error or "")
    assert (run.not_sent, run.undelivered) == (PER_BATCH, 2 * PER_BATCH)


@pytest.mark.usefixtures("fifty")
def test_what_a_step_recorded_is_on_the_disk_before_the_engine_knows_of_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    synced, sync = list[str](), os.fsync

    def noted(file: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{file}"))
        sync(file)

    monkeypatch.setattr(os, "fsync", noted)
    run, worker = asked(store), Worker(store)
    worker.patiently(worker.prepare, run.id)
    assert synced[-1] == f"{store.settings.home / 'segferry.sqlite'}-wal"
    worker.leave()
