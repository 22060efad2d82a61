"""Runs that ask for data that isn't older than so many hours."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from core.store import Store, requests, runs
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people, written
from tests.runs.carried import carried, ran
from tests.runs.conftest import members


def export(store: Store, klaviyo: str, folder: Path, frame: pl.DataFrame, more: str) -> Path:
    """An export of these people that takes no data older than a day."""
    frame.write_parquet(folder / "many.parquet")
    file = written(folder, folder / "many.parquet", klaviyo, f"    guards: {{age: 24}}{more}")
    text = file.read_text()
    if "seen" in frame.columns:
        text = text.replace("name: Profiles, path", "name: Profiles, fresh_by: seen, path")
    file.write_text(text)
    applied(store, file)
    return folder / "many.parquet"


def test_a_run_of_an_old_file_is_held_and_may_go_on(store: Store, klaviyo: str, tmp_path: Path):
    file = export(store, klaviyo, tmp_path, people(30), "")
    old = (datetime.now(UTC) - timedelta(hours=31)).timestamp()
    os.utime(file, (old, old))
    held = ran(store)
    assert (held.status, held.asking) == (RunStatus.held, 30)
    why = held.hold or ""
    assert why.startswith("The data is 31 h old, by the time of its files: ")
    assert "(Europe/Riga). The export takes none that is older than 24 h." in why
    assert held.held_data[0]["guards"][0]["name"] == "age"
    assert not members(klaviyo)
    with store.begin() as session:
        requests.confirm(session, ADA, runs.find(session, held.id), 30)
    assert carried(store, held).status == RunStatus.succeeded
    os.utime(file)
    assert ran(store).status == RunStatus.succeeded


def test_an_export_that_only_updates_is_held_by_the_newest_value_of_a_column(
    store: Store, klaviyo: str, tmp_path: Path
):
    newest = datetime.now(UTC) - timedelta(days=4)
    when = pl.when(pl.col("n") == 30).then(pl.lit(newest)).otherwise(pl.lit(None))
    export(store, klaviyo, tmp_path, people(30, seen=when), "\n    mode: update")
    held = ran(store)
    assert held.status == RunStatus.held
    assert (held.hold or "").startswith("The data is 4 days old, by the newest “seen”: ")


def test_data_of_which_nobody_can_tell_how_old_it_is_is_held(
    store: Store, klaviyo: str, tmp_path: Path
):
    nothing = pl.lit(None, dtype=pl.Date)
    export(store, klaviyo, tmp_path, people(30, seen=nothing), "")
    held = ran(store)
    assert held.status == RunStatus.held
    assert (held.hold or "").startswith(
        "Nobody can tell how old the data is: the field “seen” is empty. The export takes none "
    )
