"""An installation is carried from SQLite to PostgreSQL with all its rows, and goes on there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from core.access import operator
from core.cli import main
from core.errors import Conflict, StorageFailed
from core.preview.plan import preview
from core.settings import Settings
from core.store import Store, database, moving, open_store
from core.store.belonging import MARK
from tests.conftest import ADA, ENVIRONMENT, applied
from tests.databases import new_database
from tests.runs.carried import carried
from tests.runs.conftest import asked


@pytest.fixture
def url(postgresql: Any) -> str:
    """An empty database."""
    return new_database(postgresql.get_uri())


@pytest.fixture
def sent(store: Store, configuration: Path) -> Store:
    """An installation that has sent its people."""
    applied(store, configuration)
    carried(store, asked(store))
    return store


def moved(store: Store, url: str) -> Settings:
    there = replace(store.settings, database_url=url)
    engine = database.open_database(there)
    with store.begin() as session:
        assert moving.move(session, operator(), engine) > 10
    engine.dispose()
    return there


@pytest.fixture
def there(sent: Store, url: str) -> Iterator[Store]:
    opened = open_store(moved(sent, url))
    yield opened
    opened.close()


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All of them, but for what moving itself writes down."""
    found = {}
    with store.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            query = sa.select(table).order_by(*table.primary_key.columns)
            found[table.name] = [tuple(row) for row in connection.execute(query)]
    found["preference"] = [row for row in found["preference"] if row[0] != MARK]
    found["audit"] = [row for row in found["audit"] if "database" not in row]
    return found


def empty(store: Store) -> dict[tuple[str, str], int]:
    """In each column of JSON how many rows have no value, which isn't null as JSON writes it."""
    with store.engine.connect() as connection:
        return {
            (table.name, column.name): connection.scalar(
                sa.select(sa.func.count()).select_from(table).where(column.is_(sa.null()))
            )
            for table in SQLModel.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, sa.JSON)
        }


def test_every_row_arrives_as_it_is(sent: Store, there: Store):
    assert rows(there) == rows(sent)
    assert empty(there) == empty(sent)


def test_nobody_is_sent_again_and_the_next_run_has_the_next_number(sent: Store, there: Store):
    plan = preview(there, ADA, "Newsletter")
    assert (plan.add, plan.update, plan.unchanged) == (0, 0, 8)
    assert asked(there).id == 2


def test_what_has_moved_is_not_used_any_more(sent: Store, there: Store):
    with pytest.raises(StorageFailed, match=r"has moved to .*Set SEGFERRY_DATABASE_URL"):
        open_store(sent.settings)


def test_it_moves_once_and_only_into_an_empty_database(sent: Store, there: Store, tmp_path: Path):
    with sent.begin() as session, pytest.raises(Conflict, match=r"is in .* already"):
        moving.move(session, operator(), there.engine)
    other = open_store(Settings(home=tmp_path / "other"))
    with other.begin() as session, pytest.raises(Conflict, match="used by another installation"):
        moving.move(session, operator(), there.engine)
    other.close()


def test_nothing_moves_while_a_run_is_under_way(sent: Store, url: str):
    asked(sent)
    engine = database.open_database(replace(sent.settings, database_url=url))
    with sent.begin() as session, pytest.raises(Conflict, match="Run 2 is under way"):
        moving.move(session, operator(), engine)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select count(*) from run")) == 0
    engine.dispose()
    open_store(sent.settings).close()


def test_the_command_moves_and_says_what_to_set(
    sent: Store, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("SEGFERRY_HOME", str(sent.settings.home))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as left:
        main(["move-to", url])
    assert not left.value.code
    assert "set SEGFERRY_DATABASE_URL" in capsys.readouterr().out
