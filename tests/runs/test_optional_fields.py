"""An optional field that Klaviyo refuses costs the field, never the person."""

from pathlib import Path

import httpx
import polars as pl
import pytest

from core.destinations import Ended, Outcome, Refusal
from core.plan import frozen
from core.profiles.sources import ROW
from core.runs import rejects
from core.runs.engine.worker import Worker
from core.runs.steps import settle, trimmed
from core.runs.steps.at_work import RunAtWork
from core.store import Store, jobs, requests, runs
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, people, second_export
from tests.runs.conftest import asked, bring, members, sums_hold

GOOD = "https://example.com/a.png"
IMPORT = {"endpoint": "POST /api/profile-bulk-import-jobs", "times": None}


def fault(url: str, kind: str, **options: object) -> None:
    order = {"kind": kind, **IMPORT, **options}
    httpx.post(f"{url}/sandbox/faults", json=order).raise_for_status()


def with_image(*bad: int, n: int = 50) -> pl.DataFrame:
    """People of whom these have an image that is none."""
    none = pl.when(pl.col("n").is_in(bad)).then(pl.lit("none.png"))
    return people(n, image=none.otherwise(pl.lit(GOOD)))


def brought(store: Store, klaviyo: str, folder: Path, rows: pl.DataFrame) -> None:
    match = "{email: email, image: image, properties: {spent: spent}}"
    bring(store, klaviyo, folder, rows, second_export().replace("{email: email}", match))


def jobs_of(store: Store, run: Run) -> list[tuple[int, int, int]]:
    with store.begin() as session:
        found = jobs.of_run(session, run.id)
    return [(job.profiles, job.accepted, job.refused) for job in found]


def prepared(store: Store) -> tuple[Run, Worker]:
    """A run whose batches were taken."""
    run, worker = asked(store, "Second"), Worker(store)
    for batch in worker.prepare(run.id)["batches"]:
        worker.send(run.id, batch)
    return run, worker


def finished(store: Store, run: Run, worker: Worker) -> Run:
    while worker.settle(run.id)["open"]:
        pass
    worker.finish(run.id)
    worker.read_back(run.id)
    with store.begin() as session:
        return runs.find(session, run.id)


def ran(store: Store) -> Run:
    return finished(store, *prepared(store))


def begun(store: Store, klaviyo: str, folder: Path) -> tuple[Run, Worker]:
    """A run whose one batch was taken; its job refuses two of the four people."""
    fault(klaviyo, "job_strict_fields")
    brought(store, klaviyo, folder, with_image(2, 3, n=4))
    return prepared(store)


@pytest.mark.parametrize(
    ("kind", "sent"),
    [("strict_fields", [(50, 50, 0)]), ("job_strict_fields", [(45, 45, 0), (5, 5, 0)])],
)
def test_who_is_refused_for_an_optional_field_is_sent_once_more_without_it(
    store: Store, klaviyo: str, tmp_path: Path, kind: str, sent: list[tuple[int, int, int]]
):
    fault(klaviyo, kind)
    before = members(klaviyo)
    brought(store, klaviyo, tmp_path, with_image(10, 20, 30, 40, 50))
    run = ran(store)
    assert (run.status, run.accepted, run.refused) == (RunStatus.succeeded, 50, 0)
    assert (run.batches_sent, run.warnings) == (run.batches, {"invalid_field": 5})
    assert jobs_of(store, run) == sent
    assert sums_hold(run)
    assert len(members(klaviyo) - before) == 50
    again = ran(store)
    assert (again.sent, again.unchanged, again.warnings) == (0, 50, {})
    brought(store, klaviyo, tmp_path, with_image(20, 30, 40, 50))  # one of them is right now
    mended = ran(store)
    assert (mended.sent, mended.accepted, mended.warnings) == (1, 1, {})


def test_who_is_refused_for_more_is_not_sent_again(store: Store, klaviyo: str, tmp_path: Path):
    fault(klaviyo, "job_strict_fields")
    refused = pl.when(pl.col("customer_id") == "2").then(pl.lit("refused@example.com"))
    rows = with_image(1, 2, 3, n=4).with_columns(email=refused.otherwise("email"))
    brought(store, klaviyo, tmp_path, rows)
    run = ran(store)
    assert (run.status, run.accepted, run.refused) == (RunStatus.partial, 3, 1)
    assert jobs_of(store, run) == [(2, 1, 1), (2, 2, 0)]
    assert run.warnings == {"invalid_field": 2}
    assert sums_hold(run)
    again = ran(store)
    assert (again.sent, again.rejected) == (0, {"refused_before": 1})


@pytest.mark.parametrize("noted", [False, True], ids=["before the second try", "within it"])
def test_a_crash_loses_nobody_and_counts_nobody_twice(
    store: Store, klaviyo: str, tmp_path: Path, noted: bool
):
    run, worker = begun(store, klaviyo, tmp_path)
    work, folder = RunAtWork(store, run.id), rejects.folder(store.settings, run)
    sent, image = frozen.as_sent(folder, 1, 1), [("attributes", "image")]
    rows = trimmed.set_aside(work, 1, sent, dict.fromkeys(sent[ROW].to_list()[1:3], image))
    if noted:
        with store.begin() as session:
            jobs.intend(session, run.id, 2, 2, 100)
    worker.leave()  # and here the process was killed
    assert rows.to_list() == sent[ROW].to_list()[1:3]
    run = finished(store, run, Worker(store))
    assert (run.status, run.accepted) == (RunStatus.succeeded, 4)
    assert run.warnings == {"invalid_field": 2}
    assert jobs_of(store, run) == [(2, 2, 0), (2, 2, 0)]


def test_who_goes_without_a_field_is_counted_by_the_files_of_the_batch_alone(
    store: Store, klaviyo: str, tmp_path: Path
):
    brought(store, klaviyo, tmp_path, with_image(n=6))
    run, worker = prepared(store)
    worker.leave()
    work = RunAtWork(store, run.id)
    for batch, rows in [(1, [1, 2]), (2, [3]), (3, [3, 4])]:
        trimmed.keep(work, batch, "sending", rows)
        trimmed.count(work, batch)
        for file in (store.settings.runs / str(run.id) / "trimmed").iterdir():
            file.unlink()  # whoever read it once more would miss them
    assert work.read().warnings == {"invalid_field": 4}
    nobody = pl.DataFrame({"row": [4], "email": None, "reason": "refused", "detail": None})
    rejects.keep_refused(store.settings, run, 4, "job", nobody)
    trimmed.count(work, 4)
    assert work.read().warnings == {"invalid_field": 3}


def test_whom_a_cancelled_run_could_not_send_again_a_retry_sends_without_the_field(
    store: Store, klaviyo: str, tmp_path: Path
):
    run, worker = begun(store, klaviyo, tmp_path)
    with store.begin() as session:
        requests.ask_stop(session, ADA, run)
    run = finished(store, run, worker)
    assert (run.status, run.accepted, run.undelivered) == (RunStatus.cancelled, 2, 2)
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, run.id))
    httpx.delete(f"{klaviyo}/sandbox/faults")
    (batch,) = worker.prepare(again.id)["batches"]
    worker.send(again.id, batch)
    again = finished(store, again, worker)
    assert (again.status, again.accepted) == (RunStatus.succeeded, 2)
    third = ran(store)
    assert (third.sent, third.unchanged) == (0, 4)


def test_nobody_is_sent_more_than_once_more(store: Store, klaviyo: str, tmp_path: Path):
    run, worker = begun(store, klaviyo, tmp_path)
    assert worker.settle(run.id)["open"]  # the second try is under way now
    with store.begin() as session:
        job = jobs.find(session, run.id, 2)
    assert job
    place = Refusal("p2@example.com", 0, "No.", without=(("attributes", "properties"),))
    settle.finished(RunAtWork(store, run.id), job, Outcome(Ended.complete, 1, (place,), 1))
    run = finished(store, run, worker)
    assert (run.accepted, run.refused, run.warnings) == (3, 1, {"invalid_field": 1})
