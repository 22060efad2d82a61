"""A run's source is read by a reader, as pages do: what it costs ends the run, and nothing else."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from core.readers import Readers
from core.runs.engine.worker import Worker
from core.settings import Settings
from core.store import Store, requests, runs
from core.store.tables.runs import Run
from tests.conftest import ADA, people
from tests.runs.conftest import asked, bring, until

NOBODY = "http://127.0.0.1:9"  # nothing is sent


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "data", reading_memory=300, reading_time=60.0)


@pytest.fixture(autouse=True)
def readers(store: Store, settings: Settings) -> Iterator[Readers]:
    found = Readers(settings)
    store.runtime.read = found.call
    yield found
    found.close()


def crowd(rows: int) -> pl.DataFrame:
    """So many rows of one person: some KB in a file, and much memory."""
    one = people(1).with_columns(email=pl.lit(f"p@{'long-name.' * 24}example.com"))
    return one.select(pl.all().repeat_by(rows).explode())


def prepared(store: Store, run: Run) -> Run:
    """The run once its step that reads the source is over, and has sent nothing."""
    assert Worker(store).prepare(run.id) == {"batches": []}
    with store.begin() as session:
        return runs.find(session, run.id)


def test_a_source_that_takes_too_much_memory_fails_its_run_and_leaves_no_files(
    store: Store, tmp_path: Path
):
    bring(store, NOBODY, tmp_path, crowd(1_500_000))
    assert (tmp_path / "many.parquet").stat().st_size < 50_000
    why = prepared(store, asked(store)).error or ""
    assert "more than 300 MB of memory" in why
    assert "SEGFERRY_READING_MEMORY" in why
    assert list(store.settings.runs.glob("*")) == []


def test_a_stop_ends_the_reader_at_once_and_leaves_no_files(store: Store, tmp_path: Path):
    bring(store, NOBODY, tmp_path, crowd(200_000))
    with ThreadPoolExecutor() as pool:
        run = asked(store)
        step = pool.submit(prepared, store, run)
        until(store, run, lambda _run: any(store.settings.runs.glob("*.part")))
        began = time.monotonic()
        with store.begin() as session:
            requests.ask_stop(session, ADA, run)
        found = step.result()
    assert time.monotonic() - began < 3.0  # a second, on a machine that does nothing besides
    assert (found.error, found.batches) == (None, 0)
    assert list(store.settings.runs.glob("*")) == []
