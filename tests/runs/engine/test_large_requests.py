"""Servers that take less in one request than is declared: batches are halved until they pass."""

from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from core.plan import frozen
from core.runs import downloads, rejects
from core.runs.engine.worker import Worker
from core.store import Store, jobs, request_limits, requests, runs
from core.store.tables.runs import Job, Run, RunStatus
from tests.conftest import ADA, people
from tests.runs import conftest as by_engine
from tests.runs.carried import carried, ran
from tests.runs.conftest import asked, bring, members, sums_hold

IMPORT = "POST /api/profile-bulk-import-jobs"


def fault(url: str, kind: str, **options: object) -> None:
    given = {"kind": kind, "endpoint": IMPORT, "times": None, **options}
    httpx.post(f"{url}/sandbox/faults", json=given).raise_for_status()


def refused(url: str, status: int = 413) -> int:
    """How many imports were refused so."""
    found = httpx.get(f"{url}/sandbox/requests").json()["recent"]
    return sum(one["status"] == status for one in found)


def jobs_of(store: Store, run: Run) -> list[Job]:
    with store.begin() as session:
        return jobs.of_run(session, run.id)


def with_notes(n: int, length: int) -> pl.DataFrame:
    return people(n).with_columns(first_name=pl.lit("x" * length))


@pytest.mark.usefixtures("engine")
def test_a_batch_is_halved_until_it_passes_and_the_size_is_remembered(
    store: Store, klaviyo: str, tmp_path: Path
):
    fault(klaviyo, "too_large", bytes=40_000)
    bring(store, klaviyo, tmp_path, with_notes(100, 1_000))
    run = by_engine.ran(store)
    assert (run.status, run.accepted, run.error) == (RunStatus.succeeded, 100, None)
    assert [job.profiles for job in jobs_of(store, run)] == [25] * 4
    assert (run.batches, run.batches_sent) == (4, 4)
    assert len(members(klaviyo)) == 100
    before = refused(klaviyo)
    assert before == 2  # the whole, and its first half: the other half isn't even tried
    again = by_engine.ran(store, send_all=True)
    assert (again.accepted, refused(klaviyo)) == (100, before)


def test_a_lower_limit_of_rows_halves_too(store: Store, klaviyo: str, tmp_path: Path):
    fault(klaviyo, "too_many_rows", profiles=30)
    bring(store, klaviyo, tmp_path, people(100))
    run = ran(store)
    assert (run.status, run.accepted) == (RunStatus.succeeded, 100)
    assert max(job.profiles for job in jobs_of(store, run)) == 25


def test_one_profile_that_is_too_large_alone_costs_nobody_else(
    store: Store, klaviyo: str, tmp_path: Path
):
    fault(klaviyo, "too_large", bytes=5_000)
    name = pl.when(pl.col("spent") == 300).then(pl.lit("x" * 6_000)).otherwise("first_name")
    bring(store, klaviyo, tmp_path, people(8).with_columns(first_name=name))
    run = ran(store)
    assert (run.status, run.accepted, run.refused) == (RunStatus.partial, 7, 1)
    assert sums_hold(run)
    (row,) = downloads.rejected(store, ADA, run).to_dicts()
    assert (row["email"], row["reason"]) == ("p3@example.com", "too_large")
    assert "too large" in row["detail"]


def test_a_server_that_finds_everything_too_large_ends_the_run_and_is_not_remembered(
    store: Store, klaviyo: str, tmp_path: Path
):
    fault(klaviyo, "too_large", bytes=1)
    bring(store, klaviyo, tmp_path, people(100))
    run = ran(store)
    assert run.accepted == 0
    assert run.status == RunStatus.failed
    assert "too large" in (run.error or "")
    assert refused(klaviyo) < 60
    httpx.delete(f"{klaviyo}/sandbox/faults")
    with store.begin() as session:
        assert request_limits.of(session, run.account) == request_limits.RequestLimit()
        again = requests.retry(session, ADA, runs.find(session, run.id))
    again = carried(store, again)
    assert again.accepted == again.sent > 0


def test_a_crash_between_two_halves_loses_nobody(store: Store, klaviyo: str, tmp_path: Path):
    bring(store, klaviyo, tmp_path, people(10))
    run, worker = asked(store), Worker(store)
    (batch,) = worker.prepare(run.id)["batches"]
    folder = rejects.folder(store.settings, run)
    second = frozen.split(folder, 1, batch)  # and here the process was killed
    assert frozen.pieces(folder, 1, batch) == [batch, second]
    worker.send(run.id, batch)
    while worker.settle(run.id)["open"]:
        pass
    worker.finish(run.id)
    worker.leave()
    assert len(members(klaviyo)) == 10
    with store.begin() as session:
        found: Any = runs.find(session, run.id)
    assert (found.status, found.accepted) == (RunStatus.succeeded, 10)


def test_a_batch_may_be_split_again_and_again(store: Store, klaviyo: str, tmp_path: Path):
    bring(store, klaviyo, tmp_path, people(7))
    run, worker = asked(store), Worker(store)
    worker.prepare(run.id)
    worker.leave()
    folder = rejects.folder(store.settings, run)
    whole = frozen.read_batch(folder, 1, 1)
    second = frozen.split(folder, 1, 1)
    frozen.split(folder, 1, second)
    frozen.split(folder, 1, 1)
    pieces = [frozen.read_batch(folder, 1, n) for n in frozen.pieces(folder, 1, 1)]
    assert [piece.height for piece in pieces] == [1, 2, 2, 2]
    assert pl.concat(pieces).equals(whole)
