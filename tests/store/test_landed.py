"""Databases of each version that has landed open with this one, and keep what is in them."""

import sqlite3
from pathlib import Path

import pytest

from core.settings import Settings
from core.store import open_store
from core.store.belonging import MARK
from tests.store import landed


@pytest.mark.parametrize("migration", landed.VERSIONS, ids=landed.number)
def test_a_migration_that_has_landed_is_never_edited(migration: Path):
    dump = landed.FOLDER / f"{migration.stem}.sql"
    assert dump.exists(), "a new migration: python -m tests.store.landed writes its dump"
    assert dump.read_text().partition("\n")[0] == f"-- {landed.digest(migration)}"


@pytest.mark.parametrize("migration", landed.VERSIONS, ids=landed.number)
def test_a_database_of_a_landed_version_opens_with_all_that_is_in_it(
    settings: Settings, migration: Path
):
    settings.home.mkdir()
    file = settings.home / "segferry.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript((landed.FOLDER / f"{migration.stem}.sql").read_text())
        before = landed.tables(connection)
    connection.close()
    open_store(settings).close()
    with sqlite3.connect(file) as connection:
        after = landed.tables(connection)
        added = [row for row in after["preference"] if row["name"] == MARK]
        after["preference"] = [row for row in after["preference"] if row["name"] != MARK]
        assert len(added) == 1
        assert connection.execute("pragma foreign_key_check").fetchall() == []
    connection.close()
    assert {table: len(rows) for table, rows in before.items()} == {
        table: len(after.get(table, ())) for table in before
    }
    lost = {
        (table, column)
        for table, rows in before.items()
        for old, new in zip(rows, after[table], strict=True)
        for column, value in old.items()
        if new.get(column) != value
    }
    assert lost == set()
