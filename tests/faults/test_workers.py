"""Several workers over one PostgreSQL, of which one is killed and one is stopped in the middle.

Each test prints what was lost, which must be nothing, and how many batches were sent twice, which
may be the one in flight.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from core.configuration.file import read
from core.settings import Settings
from core.store import Store, apply, jobs, open_store
from core.store.tables.runs import Run, RunStatus
from tests.conftest import (
    ADA,
    ENVIRONMENT,
    PER_BATCH,
    applied,
    bulky,
    on_list,
    slow_imports,
    written,
)
from tests.databases import new_database
from tests.programs import Program
from tests.runs.conftest import asked, ended, sums_hold, until

BATCHES = 10
SECOND = """
  - name: Second
    connection: Other
    list_id: Bk1Clb
    segments: [Everybody]
    match: {email: email, first_name: first_name}"""
OTHER = """
  - name: Other
    api_key: ${{OTHER_API_KEY}}
    base_url: {url}
    consent: {{agreed_by: ops@example.com}}
sources:"""
TAKEN_OVER_WITHIN = 30.0  # seconds
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture
def settings(postgresql: Any, tmp_path: Path) -> Settings:
    url, shared, home = (
        new_database(postgresql.get_uri()),
        str(tmp_path / "shared"),
        tmp_path / "data",
    )
    return Settings(home=home, shared_files=shared, database_url=url, secret_key=KEY)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store, klaviyo: str, tmp_path: Path) -> Run:
    """One that waits for a worker, and takes a few seconds."""
    bulky(BATCHES).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))
    slow_imports(klaviyo, 0.3)
    return asked(store)


@contextmanager
def worker(settings: Settings, name: str) -> Iterator[Program]:
    """One with a data folder of its own, once it says that it is ready."""
    environment = ENVIRONMENT | {
        "SEGFERRY_HOME": str(settings.home.with_name(name)),
        "SEGFERRY_FILES": settings.shared_files,
        "SEGFERRY_DATABASE_URL": settings.database_url,
        "SEGFERRY_SECRET_KEY": settings.secret_key,
    }
    log = settings.home.with_name(f"{name}.log")
    with log.open("wb") as file:
        program = Program(["worker"], environment, file)
        try:
            soon(lambda: "ready" in log.read_text())
            yield program
        finally:
            program.kill()
            program.wait()


def soon(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


def sent(url: str) -> int:
    """How many batches Klaviyo has taken."""
    return sum(httpx.get(f"{url}/sandbox/state").raise_for_status().json()["jobs"].values())


def expect_nothing_lost(store: Store, url: str, run: Run) -> None:
    with store.begin() as session:
        twice = sent(url) - len(jobs.of_run(session, run.id))
    lost = BATCHES * PER_BATCH - on_list(url)
    print(f"lost {lost}, sent twice {twice} of {BATCHES} batches")  # noqa: T201  what such tests are for
    assert (run.status, run.accepted, lost) == (RunStatus.succeeded, BATCHES * PER_BATCH, 0)
    assert sums_hold(run)
    assert twice <= 1


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM])
def test_another_worker_goes_on_where_one_ends(
    store: Store, settings: Settings, klaviyo: str, run: Run, fault: signal.Signals
):
    with worker(settings, "one") as first:
        until(store, run, lambda now: now.batches_sent >= 1)
        with worker(settings, "two"):
            first.send_signal(fault)
            began, before = time.monotonic(), sent(klaviyo)
            until(store, run, lambda now: now.batches_sent >= before + 1)
            assert time.monotonic() - began < TAKEN_OVER_WITHIN
            if fault == signal.SIGSTOP:
                first.send_signal(signal.SIGCONT)  # it wakes while the other one sends
            found = ended(store, run)
    expect_nothing_lost(store, klaviyo, found)


def carriers(store: Store) -> set[str]:
    """The processes that carry runs now, by what the engine calls them."""
    query = sa.text("select executor_id from dbos.workflow_status where status = 'PENDING'")
    with store.engine.connect() as connection:
        return set(connection.scalars(query))


def both_accounts(store: Store, url: str, folder: Path) -> list[str]:
    """The lists of two exports of the same people, each to an account of its own."""
    bulky(BATCHES).write_parquet(folder / "many.parquet")
    file = written(folder, folder / "many.parquet", url, SECOND)
    file.write_text(file.read_text().replace("\nsources:", OTHER.format(url=url), 1))
    found, keys = read(file, ENVIRONMENT | {"OTHER_API_KEY": "pk_other_account_1"})
    apply.apply(store, ADA, apply.prepare(store, found, keys))
    slow_imports(url, 0.3)
    return ["Y6nRLr", "Bk1Clb"]


def test_workers_carry_runs_of_different_accounts_at_once_and_one_goes_on_alone(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    lists = both_accounts(store, klaviyo, tmp_path)
    with worker(settings, "one") as first, worker(settings, "two"):
        found = [asked(store), asked(store, "Second")]
        for run in found:
            until(store, run, lambda now: now.batches_sent >= 1)
        assert len(carriers(store)) == 2
        first.kill()
        found = [ended(store, run) for run in found]
    assert [run.status for run in found] == [RunStatus.succeeded] * 2
    assert [on_list(klaviyo, one) for one in lists] == [BATCHES * PER_BATCH] * 2
    assert [run.throttled for run in found] == [0, 0]
