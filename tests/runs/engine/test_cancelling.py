"""A stop takes effect at once, whatever the destination does meanwhile; nothing is lost by it."""

import time
from pathlib import Path

import httpx
import polars as pl
import pytest

from core import sandbox
from core.runs.engine.host import Host
from core.runs.steps import ledger
from core.settings import Settings
from core.store import Store, jobs, requests
from core.store.tables.runs import JobStatus, Run, RunStatus
from tests.conftest import ADA, people
from tests.runs.conftest import POLL_EVERY, asked, bring, ended, ran, sums_hold, until

IMPORT = "POST /api/profile-bulk-import-jobs"


@pytest.fixture
def request_timeout() -> float:
    """Seconds that one request may take."""
    return 60.0


@pytest.fixture
def settings(tmp_path: Path, request_timeout: float) -> Settings:
    return Settings(home=tmp_path / "data", request_timeout=request_timeout)


def fault(url: str, kind: str, **options: object) -> None:
    httpx.post(f"{url}/sandbox/faults", json={"kind": kind, **options}).raise_for_status()


def stop(store: Store, run: Run) -> None:
    with store.begin() as session:
        requests.ask_stop(session, ADA, run)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("kind", ["trickle", "hang"])
def test_a_stop_acts_at_once_while_a_request_is_under_way(
    store: Store, klaviyo: str, tmp_path: Path, kind: str
):
    seconds = 0.5 if kind == "trickle" else 60
    fault(klaviyo, kind, endpoint=IMPORT, seconds=seconds, times=None)
    bring(store, klaviyo, tmp_path, people(3))
    run = until(store, asked(store), lambda found: found.stage == "sending")
    began = time.monotonic()
    stop(store, run)
    run = ended(store, run)
    assert time.monotonic() - began < 3.0  # a second, on a machine that does nothing besides
    assert run.status == RunStatus.cancelled
    assert sums_hold(run)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("request_timeout", [0.5])
def test_a_trickle_of_bytes_ends_at_the_deadline_and_its_job_is_found(
    store: Store, klaviyo: str, tmp_path: Path
):
    fault(klaviyo, "trickle", endpoint=IMPORT, seconds=0.2)
    bring(store, klaviyo, tmp_path, people(3))
    began = time.monotonic()
    run = ran(store)
    assert (run.status, run.accepted) == (RunStatus.succeeded, 3)
    assert time.monotonic() - began < 20
    made = httpx.get(f"{klaviyo}/sandbox/state").json()["jobs"]
    assert sum(made.values()) == 1  # not sent twice


@pytest.mark.usefixtures("engine")
def test_jobs_that_go_on_without_a_cancelled_run_are_counted_to_their_end(
    store: Store, tmp_path: Path
):
    now = [time.time()]
    with sandbox.running(tmp_path / "k", delay=60.0, limits=False, clock=lambda: now[0]) as url:
        bring(store, url, tmp_path, people(30))
        run = until(store, asked(store), lambda found: found.stage == "waiting")
        stop(store, run)
        run = ended(store, run)
        assert (run.status, run.accepted) == (RunStatus.cancelled, 0)
        assert (run.undelivered, run.counting, run.not_sent) == (30, 30, 0)
        now[0] += 61
        run = until(store, run, lambda found: not found.counting)
        assert (run.status, run.accepted, run.undelivered) == (RunStatus.cancelled, 30, 0)
        assert sums_hold(run)
        again = ran(store)
    assert (again.sent, again.unchanged) == (0, 30)  # the ledger knows


@pytest.mark.usefixtures("engine")
def test_a_request_that_was_left_under_way_is_looked_for_and_counted(
    store: Store, klaviyo: str, tmp_path: Path
):
    fault(klaviyo, "trickle", endpoint=IMPORT, seconds=0.5, times=None)  # its job is made all along
    bring(store, klaviyo, tmp_path, people(3))
    run = until(store, asked(store), lambda found: found.stage == "sending")
    until(store, run, lambda _run: bool(sum(made(klaviyo).values())))
    stop(store, run)
    run = until(store, run, lambda found: found.status == "cancelled" and found.accepted == 3)
    assert (run.undelivered, run.not_sent) == (0, 0)


def made(url: str) -> dict[str, int]:
    found: dict[str, int] = httpx.get(f"{url}/sandbox/state").json()["jobs"]
    return found


def test_what_a_cancelled_run_left_is_counted_by_the_next_host(store: Store, tmp_path: Path):
    now = [time.time()]
    with sandbox.running(tmp_path / "k", delay=60.0, limits=False, clock=lambda: now[0]) as url:
        bring(store, url, tmp_path, people(5))
        with Host(store, POLL_EVERY):
            run = until(store, asked(store), lambda found: found.stage == "waiting")
            stop(store, run)
            run = ended(store, run)
        now[0] += 61
        for file in store.settings.home.glob("engine.sqlite*"):
            file.unlink()
        with Host(store, POLL_EVERY):
            run = until(store, run, lambda found: not found.counting)
    assert (run.status, run.accepted) == (RunStatus.cancelled, 5)


@pytest.mark.usefixtures("engine")
def test_what_a_newer_run_sent_meanwhile_is_not_taken_for_what_came_late(
    store: Store, klaviyo: str, tmp_path: Path
):
    fault(klaviyo, "job_stuck")
    bring(store, klaviyo, tmp_path, people(4))
    first = until(store, asked(store), lambda found: found.stage == "waiting")
    stop(store, first)
    first = ended(store, first)
    with store.begin() as session:
        (job,) = jobs.of_run(session, first.id)
    job.status, job.accepted = JobStatus.complete, 4
    late = ledger.deliveries(store.settings, first, [job])  # its files go once it is counted
    bring(store, klaviyo, tmp_path, people(4).with_columns(first_name=pl.lit("New")))
    assert ran(store).accepted == 4
    for _again in range(2):  # as after a crash
        ledger.record_late(store.settings, first, store.clock(), late)
    assert ran(store).sent == 4  # nobody knows which of both came last
    assert ran(store).sent == 0
