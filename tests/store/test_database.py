"""The database: its schema, its moments, its transactions."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from core.errors import Conflict, Invalid, StorageFailed, StorageUnavailable
from core.settings import Settings
from core.store import Store, database, exports, open_store
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow, ExportSegment
from core.store.tables.runs import Run
from core.store.tables.schedules import Preference
from tests.conftest import ADA, applied
from tests.programs import Program


def test_models_and_migrations_agree(store: Store):
    with store.engine.connect() as connection:
        found = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True}
        )
        assert compare_metadata(found, SQLModel.metadata) == []


def test_migrating_again_changes_nothing(store: Store):
    before = (store.settings.home / "segferry.sqlite").read_bytes()
    database.migrate(store.engine)
    open_store(store.settings).close()
    assert (store.settings.home / "segferry.sqlite").read_bytes() == before


def test_first_starts_at_the_same_moment_migrate_once(settings: Settings):
    """In processes of their own, for that is how commands meet."""
    code = (
        "import sys; from pathlib import Path; from core.settings import Settings; "
        "from core.store import open_store; open_store(Settings(home=Path(sys.argv[1]))).close()"
    )
    starts = [Program([settings.home], {}, code=code) for _ in range(3)]
    told = [start.communicate()[1] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], told


def test_a_database_of_a_newer_program_is_refused(store: Store):
    with store.engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StorageFailed, match="newer Segferry"):
        open_store(store.settings)


def test_moments_come_back_in_utc_whatever_zone_they_went_in_with(store: Store):
    riga = datetime(2026, 11, 24, 8, 30, tzinfo=timezone(timedelta(hours=2)))
    with store.begin() as session:
        session.add(source("Profiles", created_at=riga))
    with store.begin() as session:
        (found,) = session.scalars(sa.select(SourceRow)).all()
    assert found.created_at == riga
    assert found.created_at.tzinfo is UTC


def source(name: str, **more: object) -> SourceRow:
    return SourceRow(name=name, type="file", path="a.csv", spec={}, created_by="Ada", **more)


def test_foreign_keys_hold(store: Store, configuration: Path):
    applied(store, configuration)
    for table in (SourceRow, SegmentRow):
        with pytest.raises(Conflict), store.begin() as session:
            session.execute(sa.delete(table))
    with store.begin() as session:
        exports.remove(session, ADA, exports.find(session, "Newsletter"))
        assert session.scalars(sa.select(ExportSegment)).all() == []


def test_runs_outlive_their_export(store: Store):
    with store.begin() as session:
        export = ExportRow(name="A", list_id="a", spec={}, created_by="Ada")
        session.add(export)
        session.flush()
        run = Run(export="A", account="", list_id="a", trigger="cli", by="Ada", order_data={})
        run.export_id = export.id
        session.add(run)
        session.flush()
        session.delete(export)
    with store.begin() as session:
        (kept,) = session.scalars(sa.select(Run)).all()
    assert kept.export_id is None
    assert kept.export == "A"


def test_a_transaction_that_fails_leaves_nothing(store: Store):
    def fail() -> None:
        with store.begin() as session:
            session.add(source("Profiles"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.begin() as session:
        assert session.scalars(sa.select(SourceRow)).all() == []


def test_the_same_name_from_two_sides_is_a_conflict_told_in_a_sentence(store: Store):
    with pytest.raises(Conflict, match="at the same time"), store.begin() as session:
        session.add_all([source("Profiles"), source("Profiles")])


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_another_has_removed_meanwhile_is_a_conflict_told_in_a_sentence(
    store: Store, change: str
):
    with store.begin() as session:
        session.add(Preference(name="theme", value={}))

    def overtaken() -> None:
        with store.begin() as session:
            row = session.get(Preference, "theme")
            with store.begin() as other:
                other.delete(other.get(Preference, "theme"))
            if change == "delete":
                session.delete(row)
            else:
                row.value = {"dark": True}

    with pytest.raises(Conflict, match="at the same time"):
        overtaken()


def test_writers_wait_for_each_other(store: Store):
    def write(n: int) -> None:
        with store.begin() as session:
            session.add(Preference(name=str(n), value={}))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    with store.begin() as session:
        names = set(session.scalars(sa.select(Preference.name)))
    assert names >= {str(n) for n in range(40)}


def test_a_locked_database_is_named_as_our_own_with_its_file_and_what_to_do(settings: Settings):
    open_store(settings).close()
    holder = sqlite3.connect(settings.home / "segferry.sqlite")
    holder.execute("begin immediate")
    hasty = open_store(Settings(home=settings.home, database_wait=0.05))
    with pytest.raises(StorageUnavailable) as locked, hasty.begin() as session:
        session.add(Preference(name="a", value={}))
    said = str(locked.value)
    assert f"Segferry's own database {settings.home}/segferry.sqlite is locked" in said
    assert "close what else has the file open" in said
    assert "disk" not in said
    hasty.close()
    holder.close()


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="file"):
        open_store(Settings(home=tmp_path / "file" / "data"))


def test_an_address_of_another_database_is_refused(tmp_path: Path):
    with pytest.raises(Invalid, match="SEGFERRY_DATABASE_URL"):
        open_store(Settings(home=tmp_path, database_url="mysql://u@h/d"))
