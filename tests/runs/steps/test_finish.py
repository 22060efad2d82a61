"""A cancelled run ends before its ledger is written; who comes in between waits for that."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.audience import current
from core.errors import Conflict
from core.plan.ledger import read
from core.preview.plan import preview
from core.runs.engine.host import Host
from core.runs.engine.worker import Worker
from core.runs.steps import ledger
from core.runs.steps.at_work import RunAtWork
from core.store import Store, jobs, progress, requests, runs, undoing
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, people, second_export
from tests.runs.conftest import POLL_EVERY, asked, bring, done, ended, sums_hold, until

COMMON = "    mode: mirror\n    guards: {flows: false}"


@pytest.fixture
def six(store: Store, klaviyo: str, tmp_path: Path) -> None:
    bring(store, klaviyo, tmp_path, people(6), COMMON + second_export("VpX3qT"))


@pytest.fixture
def worker(store: Store) -> Iterator[Worker]:
    worker = Worker(store)
    yield worker
    worker.leave()


def arrived(store: Store, worker: Worker) -> Run:
    """A run whose people were all accepted, and that is about to end."""
    run = asked(store)
    for batch in worker.prepare(run.id)["batches"]:
        worker.send(run.id, batch)
    while worker.settle(run.id)["open"]:
        pass
    return run


def stop(store: Store, run: Run) -> None:
    with store.begin() as session:
        requests.ask_stop(session, ADA, run)


def now(store: Store, run: Run) -> Run:
    with store.begin() as session:
        return runs.find(session, run.id)


@contextmanager
def finishing(worker: Worker, run: Run) -> Iterator[Future[object]]:
    """The step that ends the run, while nobody can write a ledger."""
    with ThreadPoolExecutor(1) as pool, ledger.WRITING:
        yield pool.submit(worker.finish, run.id)


def kept(store: Store, run: Run) -> int:
    """Of how many people the list's ledger knows."""
    return read(ledger.path(store.settings, now(store, run))).height


@pytest.mark.usefixtures("six")
def test_a_cancelled_run_has_ended_with_its_numbers_before_its_ledger_is_written(
    store: Store, worker: Worker
):
    run = arrived(store, worker)
    stop(store, run)
    with finishing(worker, run):
        first = until(store, run, lambda found: found.finished_at is not None)
        assert first.is_recording
        assert sums_hold(first)
        assert kept(store, first) == 0
    after = now(store, run)
    assert not after.is_settling
    assert (after.status, after.finished_at) == (first.status, first.finished_at)
    assert (after.accepted, after.undelivered) == (first.accepted, first.undelivered) == (6, 0)
    assert kept(store, after) == 6


@pytest.mark.usefixtures("six")
def test_a_cancelled_run_is_settling_while_nobody_knows_whether_its_last_batch_left(
    store: Store, worker: Worker
):
    run = asked(store)
    worker.prepare(run.id)
    with store.begin() as session:
        jobs.intend(session, run.id, 1, 6, 600)  # and the answer never came
    stop(store, run)
    worker.finish(run.id)
    after = now(store, run)
    assert (after.status, after.is_settling) == (RunStatus.cancelled, True)
    assert (after.undelivered, after.not_sent, after.counting) == (6, 0, 6)
    with store.begin() as session, pytest.raises(Conflict, match="has not ended yet"):
        undoing.parts_to_undo(session, runs.find(session, run.id))


@pytest.mark.usefixtures("six")
def test_a_stop_while_the_ledger_is_written_ends_the_run_at_once(store: Store, worker: Worker):
    run = arrived(store, worker)
    with finishing(worker, run):
        assert now(store, run).status == RunStatus.running
        stop(store, run)
        first = until(store, run, lambda found: found.finished_at is not None)
        assert (first.status, first.accepted) == (RunStatus.succeeded, 6)
        assert first.is_recording
    assert not now(store, run).is_settling
    assert kept(store, run) == 6


@pytest.mark.usefixtures("six")
def test_no_other_run_has_the_account_before_the_ledger_of_a_cancelled_one_is_written(
    store: Store, worker: Worker
):
    run = arrived(store, worker)
    other = asked(store, "Second")
    stop(store, run)
    RunAtWork(store, run.id).end_if_stopped()
    account = now(store, run).account
    with store.begin() as session:
        assert not progress.claim(session, other.id, account)
    worker.finish(run.id)
    with store.begin() as session:
        assert progress.claim(session, other.id, account)


@pytest.mark.usefixtures("six")
def test_after_a_crash_in_between_the_next_host_writes_the_ledger_before_the_next_run(
    store: Store, worker: Worker
):
    run = arrived(store, worker)
    stop(store, run)
    RunAtWork(store, run.id).end_if_stopped()
    worker.leave()  # and here the process was killed
    assert kept(store, run) == 0
    again = asked(store)
    with Host(store, POLL_EVERY):
        again = done(store, again)
    assert (again.sent, again.unchanged) == (0, 6)
    assert not now(store, run).is_settling
    assert kept(store, run) == 6


@pytest.mark.usefixtures("six")
def test_a_retry_waits_for_the_ledger_of_the_run_that_it_retries(store: Store, worker: Worker):
    run = asked(store)
    worker.prepare(run.id)
    stop(store, run)
    RunAtWork(store, run.id).end_if_stopped()
    worker.leave()
    assert now(store, run).status == RunStatus.cancelled
    with store.begin() as session:
        again = requests.retry(session, ADA, now(store, run))
    with Host(store, POLL_EVERY):
        assert ended(store, again).accepted == 6
    assert not now(store, run).is_settling
    assert kept(store, run) == 6


@pytest.mark.usefixtures("six")
def test_a_ledger_that_can_not_be_written_is_told_and_holds_up_nobody(store: Store, worker: Worker):
    run = arrived(store, worker)
    stop(store, run)
    RunAtWork(store, run.id).end_if_stopped()
    (store.settings.home / "ledger").write_text("a file in place of the folder")
    worker.finish(run.id)
    found = now(store, run)
    assert (found.status, found.accepted) == (RunStatus.succeeded, 6)
    assert "ledger" in (found.error or "")
    assert not found.is_recording


@pytest.mark.usefixtures("six")
def test_a_preview_waits_for_the_ledger_of_a_cancelled_run_or_says_what_to_do(
    store: Store, worker: Worker, monkeypatch: pytest.MonkeyPatch
):
    run = arrived(store, worker)
    with ThreadPoolExecutor(1) as pool, finishing(worker, run):
        stop(store, run)
        until(store, run, lambda found: found.is_recording)
        with monkeypatch.context() as impatient:
            impatient.setattr(current, "RECORDED_WITHIN", 0.0)
            with pytest.raises(Conflict, match="segferry resume"):
                preview(store, ADA, "Newsletter")
        assert preview(store, ADA, "Second").add == 6  # to another list
        waiting = pool.submit(preview, store, ADA, "Newsletter")
    found = waiting.result()
    assert (found.add, found.unchanged) == (0, 6)
