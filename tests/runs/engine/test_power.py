"""A loss of power takes a database back: what was sent is never said not to have been."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from core.errors import StorageFailed
from core.plan import ledger
from core.preview.plan import preview
from core.runs.engine.host import Host
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.failures import recorded
from core.runs.steps.ledger import path
from core.settings import Settings
from core.store import open_store, requests
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, on_list, people, written
from tests.runs.conftest import POLL_EVERY, asked, done, ended


@pytest.mark.parametrize("engine_lost", [True, False])
def test_a_run_whose_confirmation_was_lost_goes_on_without_saying_that_nothing_was_sent(
    settings: Settings, used: None, klaviyo: str, tmp_path: Path, engine_lost: bool
):
    store = open_store(settings)
    half = pl.when(pl.int_range(pl.len()) % 2 == 0).then("email")
    people(20).with_columns(email=half).write_parquet(tmp_path / "many.parquet")
    more = "    guards: {reject: 1}"
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, more))
    with closing(sqlite3.connect(tmp_path / "before.sqlite")) as copy, Host(store, POLL_EVERY):
        run = ended(store, asked(store))
        assert "Nothing was sent" in (run.hold or "")
        with closing(sqlite3.connect(settings.home / "segferry.sqlite")) as database:
            database.backup(copy)
        with store.begin() as session:
            requests.confirm(session, ADA, run, run.asking or 0)
        assert done(store, run).accepted == 10
    store.close()
    lose(settings, tmp_path / "before.sqlite", engine_lost)
    store = open_store(settings)
    with Host(store, POLL_EVERY):
        run = ended(store, run)
        assert "Nothing was sent" not in f"{run.hold} {run.error}"
        assert run.status != RunStatus.held
        run = ended(store, asked(store, confirmed=10))
    store.close()
    assert (run.error, on_list(klaviyo)) == (None, 10)


def lose(settings: Settings, before: Path, engine_lost: bool) -> None:
    """The store as it was before, and maybe no engine's database."""
    for name in ("segferry", *(("engine",) if engine_lost else ())):
        for file in settings.home.glob(f"{name}.sqlite*"):
            file.unlink()
    shutil.copy(before, settings.home / "segferry.sqlite")


def test_a_damaged_ledger_says_so_and_without_it_everybody_is_sent_again(
    settings: Settings, used: None, klaviyo: str, tmp_path: Path
):
    store = open_store(settings)
    people(5).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))
    with Host(store, POLL_EVERY):
        run = ended(store, asked(store))
        file = path(settings, run)
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        with pytest.raises(StorageFailed, match="Or remove that file"):
            preview(store, ADA, "Newsletter")
        failed = ended(store, asked(store))
        assert (failed.status, str(file) in (failed.error or "")) == (RunStatus.failed, True)
        file.unlink()
        run = ended(store, asked(store))
    store.close()
    assert (run.status, run.accepted) == (RunStatus.succeeded, 5)
    assert ledger.read(file).height == 5


def test_damaged_files_of_a_run_are_its_reason_and_do_not_keep_it_from_ending(
    settings: Settings, used: None, klaviyo: str, tmp_path: Path
):
    store = open_store(settings)
    people(5).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))
    work = RunAtWork(store, asked(store).id)
    (tmp_path / "batch.parquet").write_bytes(b"PAR1")
    with recorded(work):
        pl.read_parquet(tmp_path / "batch.parquet")
    store.close()
    assert "are damaged" in (work.run.error or "")
