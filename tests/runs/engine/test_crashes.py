"""Runs that are killed, stopped, hindered: what was begun is finished, nothing is lost."""

import json
import resource
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from dbos import DBOS

from core.plan import ledger
from core.runs.engine.host import Host
from core.runs.engine.workflow import workflow_id
from core.runs.steps.ledger import path
from core.settings import Settings
from core.store import Store, open_store, requests, runs
from core.store.tables.runs import ENDED, Run, RunStatus
from tests.conftest import (
    ADA,
    ENVIRONMENT,
    PER_BATCH,
    applied,
    bulky,
    on_list,
    people,
    slow_imports,
    written,
)
from tests.programs import Program
from tests.runs.conftest import asked, ended, sums_hold, until

IMPORT = "POST /api/profile-bulk-import-jobs"


@pytest.fixture
def three_batches(store: Store, klaviyo: str, tmp_path: Path) -> None:
    bulky(3).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))


def segferry(settings: Settings, *arguments: str, **options: Any) -> Program:
    """The command line on the test's data folder."""
    return Program(arguments, ENVIRONMENT | {"SEGFERRY_HOME": str(settings.home)}, **options)


def newest(store: Store) -> Run | None:
    with store.begin() as session:
        found = runs.everything(session, limit=1)
    return found[0] if found else None


def begun(store: Store, batches: int) -> Run:
    """The newest run once so many batches were sent."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        run = newest(store)
        if run and (run.batches_sent >= batches or run.status in ENDED):
            return run
        time.sleep(0.01)
    pytest.fail("no run got that far")


def test_leavers_who_were_off_the_list_before_a_crash_count_as_taken_off(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    people(50).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, "    mode: mirror"))
    with Host(store):
        ended(store, asked(store))
    people(42).write_parquet(tmp_path / "many.parquet")
    off = {"endpoint": "DELETE /api/lists/{id}/relationships/profiles"}
    for fault in ({"kind": "closed_after"}, {"kind": "slow", "seconds": 2}):  # done, asked again
        httpx.post(f"{klaviyo}/sandbox/faults", json=off | fault).raise_for_status()
    killed = segferry(settings, "run", "Newsletter")
    end = time.monotonic() + 60
    while httpx.get(f"{klaviyo}/sandbox/state").json()["faults"]:
        assert time.monotonic() < end
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    assert on_list(klaviyo) == 42
    out, err = segferry(settings, "resume", "--json").communicate(timeout=60)
    (run,) = json.loads(out)["runs"]
    assert (run["status"], run["removed"], run["unchanged"]) == ("succeeded", 8, 42), err
    assert left(store) == 8


def test_an_undo_that_is_killed_takes_off_the_rest_and_counts_everybody_once(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    people(2_100).write_parquet(tmp_path / "many.parquet")
    more = "    guards: {flows: false}"
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, more))
    with Host(store):
        first = ended(store, asked(store))
    off = {"endpoint": "DELETE /api/lists/{id}/relationships/profiles"}
    for kind, seconds in (("slow", 0.01), ("closed_after", None), ("slow", 2)):  # of the second
        fault = off | {"kind": kind} | ({"seconds": seconds} if seconds else {})
        httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    killed = segferry(settings, "undo", str(first.id), "--confirm", "2100")
    end = time.monotonic() + 60
    while httpx.get(f"{klaviyo}/sandbox/state").json()["faults"]:
        assert time.monotonic() < end
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    assert 0 < on_list(klaviyo) < 2_100
    out, err = segferry(settings, "resume", "--json").communicate(timeout=60)
    (run,) = json.loads(out)["runs"]
    assert (run["kind"], run["status"], run["removed"]) == ("undo", "succeeded", 2_100), err
    assert (on_list(klaviyo), left(store)) == (0, 2_100)


def left(store: Store) -> int:
    """How many the ledger of the newest run's list knows to be off it."""
    run = newest(store)
    assert run
    return ledger.read(path(store.settings, run)).filter(state="left").height


@pytest.mark.usefixtures("three_batches", "engine")
def test_a_run_is_cancelled_within_a_second_and_retry_completes_it(store: Store, klaviyo: str):
    slow_imports(klaviyo, 0.4)
    run = until(store, asked(store), lambda found: found.batches_sent >= 1)
    asked_at = time.monotonic()
    with store.begin() as session:
        requests.ask_stop(session, ADA, run)
    run = ended(store, run)
    assert time.monotonic() - asked_at < 2.5  # a second and the request in flight
    assert run.status == RunStatus.cancelled
    assert run.undelivered
    assert sums_hold(run)
    with store.begin() as session:
        again = requests.retry(session, ADA, run)
    again = ended(store, again)
    assert again.status == RunStatus.succeeded
    run = ended(store, run)  # the request in flight may have arrived, as the retry found out
    assert run.accepted + again.accepted == 3 * PER_BATCH
    assert on_list(klaviyo) == 3 * PER_BATCH


@pytest.mark.usefixtures("three_batches", "engine")
def test_a_wait_that_klaviyo_asks_for_is_broken_off_by_cancel(store: Store, klaviyo: str):
    fault = {"kind": "status", "endpoint": IMPORT, "status": 429, "retry_after": 100}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    run = until(store, asked(store), lambda found: found.stage == "sending")
    with store.begin() as session:
        requests.ask_stop(session, ADA, run)
    assert ended(store, run).status == RunStatus.cancelled


def limit_files() -> None:
    """No file gets larger: less than the rows of 8,000 people need, more than the databases."""
    most = 2_000_000  # bytes
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_a_full_disk_fails_the_run_with_its_reason_and_retry_completes_it(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    bulky = pl.Series([secrets.token_hex(400) for _ in range(8_000)])
    people(8_000).with_columns(first_name=bulky).write_parquet(tmp_path / "many.parquet")
    calm = "    guards: {flows: false}"
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, calm))
    full = segferry(settings, "run", "Newsletter", "--json", first=limit_files)
    out, err = full.communicate(timeout=60)
    assert full.returncode == 1, out + err
    assert "Free space" in json.loads(out)["error"]
    retried = segferry(settings, "retry", "1", "--json")
    out, err = retried.communicate(timeout=60)
    (again,) = json.loads(out)["runs"]
    assert (again["status"], again["accepted"]) == ("succeeded", 8_000), err


@pytest.mark.usefixtures("three_batches")
def test_the_command_line_hands_its_work_to_whoever_has_the_engine(
    store: Store, settings: Settings, engine: object, klaviyo: str
):
    out, err = segferry(settings, "run", "Newsletter", "--json").communicate(timeout=60)
    assert '"status": "succeeded"' in out, err
    assert on_list(klaviyo) == 3 * PER_BATCH


@pytest.mark.usefixtures("three_batches")
def test_two_commands_at_once_both_come_to_their_end(store: Store, settings: Settings):
    both = [segferry(settings, "run", "Newsletter", "--json") for _ in range(2)]
    ended_well = [command.communicate(timeout=90)[1] or command.returncode for command in both]
    assert [command.returncode for command in both] == [0, 0], ended_well


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Another program writes to the database all the while."""
    holder = sqlite3.connect(settings.home / "segferry.sqlite", timeout=10)
    holder.execute("begin immediate")
    yield
    holder.rollback()
    holder.close()


@pytest.mark.usefixtures("three_batches")
def test_a_locked_database_is_told_in_a_sentence(settings: Settings, monkeypatch):
    monkeypatch.setenv("SEGFERRY_DATABASE_WAIT", "0.1")
    with locked(settings):
        command = segferry(settings, "run", "Newsletter")
        _out, err = command.communicate(timeout=60)
    assert command.returncode == 1
    assert "database" in err
    assert "Traceback" not in err


def until_broken(run: Run) -> None:
    """Until the engine has given the run up."""
    end = time.monotonic() + 60
    while DBOS.get_workflow_status(workflow_id(run)).status != "ERROR":
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.usefixtures("three_batches")
def test_a_database_that_is_locked_for_long_fails_the_run_and_retry_completes_it(
    settings: Settings, klaviyo: str
):
    slow_imports(klaviyo, 0.3)
    hasty = open_store(replace(settings, database_wait=0.1, outage_wait=0.2))
    with Host(hasty):
        run = asked(hasty)
        begun(hasty, 1)
        with locked(settings):
            until_broken(run)
        run = ended(hasty, run)
        assert run.status == RunStatus.failed
        assert "database" in (run.error or "")
        with hasty.begin() as session:
            again = requests.retry(session, ADA, run)
        assert ended(hasty, again).status == RunStatus.succeeded
    hasty.close()
    assert on_list(klaviyo) == 3 * PER_BATCH
