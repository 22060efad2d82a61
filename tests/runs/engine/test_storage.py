"""Storage that takes nothing for a while: a run waits, says so, and goes on; nothing is lost."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from core.errors import StorageFailed
from core.runs.engine.host import Host
from core.runs.engine.worker import Worker
from core.settings import Settings
from core.store import Store, open_store, requests, runs
from core.store.tables.runs import Run, RunStatus
from tests.conftest import (
    ADA,
    ENVIRONMENT,
    PER_BATCH,
    bulky,
    on_list,
    people,
    slow_imports,
)
from tests.programs import Program
from tests.runs.conftest import PATIENCE, POLL_EVERY, asked, bring, ended, until


@pytest.fixture
def three_batches(store: Store, klaviyo: str, tmp_path: Path) -> None:
    bring(store, klaviyo, tmp_path, bulky(3))
    slow_imports(klaviyo, 0.3)


@contextmanager
def opened(settings: Settings, **changed: object) -> Iterator[Store]:
    """The same data folder with other settings."""
    store = open_store(replace(settings, **changed))
    yield store
    store.close()


def made(klaviyo: str) -> int:
    """How many jobs there are at Klaviyo."""
    return sum(httpx.get(f"{klaviyo}/sandbox/state").json()["jobs"].values())


def until_it_waits(store: Store, run: Run, why: str) -> None:
    """Until the run says that it waits, and why."""
    until(store, run, lambda _run: why in (store.runtime.waits.sentence(run.id) or ""))


@pytest.mark.usefixtures("three_batches")
def test_a_run_waits_while_its_database_is_locked_and_sends_nothing_twice(
    settings: Settings, klaviyo: str
):
    with opened(settings) as store, Host(store, POLL_EVERY):
        run = until(store, asked(store), lambda found: found.batches_sent >= 1)
        began = time.monotonic()
        with closing(sqlite3.connect(settings.home / "segferry.sqlite", timeout=10)) as other:
            other.execute("begin immediate")
            until_it_waits(store, run, "locked")
            assert time.monotonic() - began < 10  # much less than SEGFERRY_DATABASE_WAIT
        run = ended(store, run)
        assert (run.status, run.accepted) == (RunStatus.succeeded, 3 * PER_BATCH)
        assert store.runtime.waits.sentence(run.id) is None
    assert (made(klaviyo), on_list(klaviyo)) == (3, 3 * PER_BATCH)


@pytest.mark.usefixtures("three_batches")
def test_a_run_goes_on_after_the_engine_could_not_write_for_a_while(
    store: Store, settings: Settings, klaviyo: str, caplog: pytest.LogCaptureFixture
):
    with Host(store, POLL_EVERY), closing(engine_database(settings)) as engine:
        run = until(store, asked(store), lambda found: found.batches_sent >= 1)
        with full(engine):
            until(store, run, lambda _run: "disk is full" in caplog.text)
        run = ended(store, run)
    assert (run.status, run.accepted, run.error) == (RunStatus.succeeded, 3 * PER_BATCH, None)
    assert made(klaviyo) == 3


def test_a_locked_file_of_the_engine_is_named_and_no_space_is_to_be_freed(store: Store):
    file = store.settings.home / "engine.sqlite"
    with (
        closing(sqlite3.connect(file)) as holder,
        closing(sqlite3.connect(file, timeout=0)) as other,
    ):
        holder.execute("begin immediate")
        with pytest.raises(sqlite3.OperationalError) as locked:
            other.execute("begin immediate")
    Worker(store).waits_for_engine(7, locked.value)
    said = store.runtime.waits.sentence(7) or ""
    assert f"{file} is locked: another program is writing" in said
    assert "Free space" not in said


def test_an_engine_whose_file_is_damaged_is_named_with_what_to_do(store: Store):
    file = store.settings.home / "engine.sqlite"
    file.write_bytes(b"damaged " * 1_000)
    with pytest.raises(StorageFailed, match=f"The database in {file} can't be used: .* Check"):
        Host(store, POLL_EVERY).__enter__()


@contextmanager
def full(engine: sqlite3.Connection) -> Iterator[None]:
    """The engine can record nothing."""
    for table, deed in (("operation_outputs", "insert"), ("workflow_status", "update")):
        engine.execute(
            f"create trigger full_{table} before {deed} on {table} "
            "begin select raise(fail, 'disk is full'); end"
        )
    yield
    for table in ("operation_outputs", "workflow_status"):
        engine.execute(f"drop trigger full_{table}")


def engine_database(settings: Settings) -> sqlite3.Connection:
    return sqlite3.connect(settings.home / "engine.sqlite", timeout=10, isolation_level=None)


@pytest.mark.usefixtures("three_batches")
def test_a_run_that_neither_database_takes_for_too_long_ends_as_failed_and_retry_sends_the_rest(
    settings: Settings, klaviyo: str
):
    with (
        opened(settings, database_wait=0.1, outage_wait=0.5) as store,
        Host(store, POLL_EVERY),
        closing(engine_database(settings)) as engine,
    ):
        run = until(store, asked(store), lambda found: found.batches_sent >= 1)
        with full(engine), closing(sqlite3.connect(settings.home / "segferry.sqlite")) as other:
            other.execute("begin immediate")
            until_it_waits(store, run, "SEGFERRY_OUTAGE_WAIT")
            until(store, run, lambda _run: store.runtime.waits.seconds(run.id) > 0.5)
        run = ended(store, run)
        assert run.status == RunStatus.failed
        assert "could not be recorded" in (run.error or "")
        assert store.runtime.waits.sentence(run.id) is None
        with store.begin() as session:
            again = requests.retry(session, ADA, run)
        assert ended(store, again).status == RunStatus.succeeded
    assert on_list(klaviyo) == 3 * PER_BATCH
    assert made(klaviyo) <= 4  # at most the batch in flight twice


@pytest.mark.usefixtures("three_batches")
def test_a_run_whose_disk_is_full_in_the_middle_goes_on_once_there_is_room(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    with (tmp_path / "log").open("w+b") as log:
        home = {"SEGFERRY_HOME": str(settings.home)}
        with closing(Program(["run", "Newsletter"], ENVIRONMENT | home, log)) as program:
            run = first(store)
            until(store, run, lambda found: found.batches_sent >= 1)
            no_file_grows(program, True)
            until(store, run, lambda _run: "Waiting: " in (tmp_path / "log").read_text())
            no_file_grows(program, False)
            run = ended(store, run)
            assert program.wait(60) == 0, (tmp_path / "log").read_text()
    assert (run.status, run.accepted) == (RunStatus.succeeded, 3 * PER_BATCH)
    assert made(klaviyo) <= 4  # at most the batch in flight twice


def first(store: Store) -> Run:
    """The first run, as soon as it is asked for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with store.begin() as session:
            if found := runs.everything(session):
                return found[0]
        time.sleep(0.05)
    pytest.fail("nobody asked for a run")


def no_file_grows(program: Program, limited: bool) -> None:
    """Of the program's files only the first bytes can be written, as on a disk that is full."""
    _soft, hard = resource.prlimit(program.pid, resource.RLIMIT_FSIZE)
    most = 4_096 if limited else hard  # bytes: enough for what it prints
    resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (most, hard))


def test_with_too_little_space_a_run_waits_then_fails_with_what_to_do_and_retry_sends_it(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    bring(store, klaviyo, tmp_path, people(3))
    with opened(settings, least_free=10**9, outage_wait=0.5) as small, Host(small, POLL_EVERY):
        run = asked(small)
        until_it_waits(small, run, "Free space there")
        run = ended(small, run)
    assert (run.status, made(klaviyo)) == (RunStatus.failed, 0)
    assert "SEGFERRY_LEAST_FREE" in (run.error or "")
    with Host(store, POLL_EVERY):
        with store.begin() as session:
            again = requests.retry(session, ADA, run)
        assert ended(store, again).accepted == 3


def test_a_run_that_waits_for_space_is_cancelled_at_once(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    bring(store, klaviyo, tmp_path, people(3))
    with opened(settings, least_free=10**9) as small, Host(small, POLL_EVERY):
        run = asked(small)
        until_it_waits(small, run, "Free space there")
        began = time.monotonic()
        with small.begin() as session:
            requests.ask_stop(session, ADA, run)
        assert ended(small, run).status == RunStatus.cancelled
        assert time.monotonic() - began < 1.5
