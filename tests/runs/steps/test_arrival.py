"""Contradictions: counts of jobs that don't add up, people who were accepted and aren't there."""

from pathlib import Path

import httpx
import polars as pl

from core.runs import downloads
from core.store import Store, jobs, requests, runs
from core.store.tables.runs import Job, Run, RunStatus
from tests.conftest import ADA, applied, people
from tests.runs.carried import carried, ran
from tests.runs.conftest import bring, members, sums_hold

UNGUARDED = "    guards: {identifiers: 100}"


def short(url: str, profiles: int) -> None:
    fault = {"kind": "short_counts", "profiles": profiles}
    httpx.post(f"{url}/sandbox/faults", json=fault).raise_for_status()


def retried(store: Store, run: Run) -> Run:
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, run.id))
    return carried(store, again)


def job_of(store: Store, run: Run) -> Job:
    with store.begin() as session:
        (job,) = jobs.of_run(session, run.id)
    return job


def numbers(run: Run) -> tuple[RunStatus, int, int, int, int]:
    return run.status, run.sent, run.accepted, run.undelivered, run.unchanged


def test_what_a_complete_job_does_not_count_is_undelivered_and_sent_by_the_next_run(
    store: Store, klaviyo: str, tmp_path: Path
):
    short(klaviyo, 40)
    bring(store, klaviyo, tmp_path, people(100))
    first = ran(store)
    assert numbers(first) == (RunStatus.partial, 100, 60, 40, 0)
    assert sums_hold(first)
    assert first.error
    assert "counts 40 of them neither" in first.error
    assert numbers(ran(store)) == (RunStatus.succeeded, 40, 40, 0, 60)
    assert len(members(klaviyo)) == 100


def test_a_retry_sends_just_those_that_a_job_did_not_count(
    store: Store, klaviyo: str, tmp_path: Path
):
    short(klaviyo, 3)
    bring(store, klaviyo, tmp_path, people(10))
    again = retried(store, ran(store))
    assert numbers(again) == (RunStatus.succeeded, 3, 3, 0, 0)
    assert numbers(ran(store)) == (RunStatus.succeeded, 0, 0, 0, 10)


def test_a_job_that_counts_nobody_has_delivered_nobody(store: Store, klaviyo: str, tmp_path: Path):
    short(klaviyo, 10)
    bring(store, klaviyo, tmp_path, people(10))
    assert numbers(ran(store)) == (RunStatus.failed, 10, 0, 10, 0)


def test_where_nobody_knows_who_was_lost_all_of_the_batch_is_sent_again(
    store: Store, klaviyo: str, tmp_path: Path
):
    bring(store, klaviyo, tmp_path, people(10))
    ran(store)
    short(klaviyo, 4)  # of people who are on the list already, so that it can't show who
    bring(store, klaviyo, tmp_path, people(10).with_columns(first_name=pl.lit("Changed")))
    second = ran(store)
    assert numbers(second) == (RunStatus.partial, 10, 6, 4, 0)
    assert numbers(ran(store)) == (RunStatus.succeeded, 10, 10, 0, 0)


def test_of_an_export_without_a_list_who_has_no_profile_was_lost(
    store: Store, klaviyo: str, tmp_path: Path
):
    short(klaviyo, 2)
    bring(store, klaviyo, tmp_path, people(6), "    mode: update")
    assert numbers(ran(store)) == (RunStatus.partial, 6, 4, 2, 0)
    assert numbers(ran(store)) == (RunStatus.succeeded, 2, 2, 0, 4)


def test_who_was_accepted_and_is_not_on_the_list_is_missing(
    store: Store, klaviyo: str, tmp_path: Path
):
    shared = people(6).with_columns(customer_id=pl.lit("same"))  # so all become one profile
    mixed = pl.concat([people(20).tail(14), shared])
    bring(store, klaviyo, tmp_path, mixed, UNGUARDED)
    run = ran(store)
    assert numbers(run) == (RunStatus.partial, 20, 15, 5, 0)
    assert (run.missing, job_of(store, run).accepted) == (5, 20)
    assert sums_hold(run)
    assert run.error
    assert "accepted 5 profiles that are not on the list" in run.error
    found = downloads.rejected(store, ADA, run).filter(reason="missing")
    assert set(found["email"]) == {f"p{n}@example.com" for n in range(1, 6)}
    assert found["detail"].str.contains("no profile with this address").all()


def test_who_is_missing_is_sent_again_by_the_next_run_and_by_a_retry(
    store: Store, klaviyo: str, tmp_path: Path
):
    bring(store, klaviyo, tmp_path, people(3).with_columns(customer_id=pl.lit("same")), UNGUARDED)
    first = ran(store)
    assert (first.accepted, first.missing) == (1, 2)
    again = retried(store, first)
    assert (again.sent, again.retry_of) == (2, first.id)
    bring(store, klaviyo, tmp_path, people(3))
    mended = ran(store)
    assert (mended.status, mended.missing) == (RunStatus.succeeded, 0)
    assert len(members(klaviyo)) == 3


def test_who_only_has_to_confirm_is_not_missing(store: Store, klaviyo: str, tmp_path: Path):
    bring(store, klaviyo, tmp_path, people(5))
    file = tmp_path / "segferry.yaml"
    file.write_text(file.read_text().replace("Y6nRLr", "DbL0pt"))
    applied(store, file)
    run = ran(store)
    assert (run.status, run.accepted, run.missing) == (RunStatus.succeeded, 5, 0)
