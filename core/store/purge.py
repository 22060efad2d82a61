"""Takes words out of whatever text stands in a database, and leaves nothing of them behind."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from core.settings import Settings
from core.store import Store, engine_tables

KEPT = frozenset({"account", "alembic_version"})  # who signs in here is no matter of runs
Change = Callable[[Any], Any]


def from_own_tables(store: Store, words: Sequence[str], change: Change) -> int:
    """Gives each value that has one of the words, in any case, to `change`; in how many rows.

    `change` takes texts, and what JSON holds. Raises StorageFailed, Conflict.
    """
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in KEPT]
    with store.begin() as session:
        return sum(_from_table(session.connection(), table, words, change) for table in tables)


def from_engine_tables(settings: Settings, words: Sequence[str], change: Change) -> int:
    """The same in the tables of the engine. Raises StorageFailed."""
    with engine_tables.opened(settings) as engine:
        if engine is None:
            return 0
        found = sa.MetaData()
        schema = None if settings.on_sqlite else engine_tables.SCHEMA
        with engine.begin() as connection:
            found.reflect(connection, schema)
            return sum(_from_table(connection, t, words, change) for t in found.sorted_tables)


def leave_nothing(store: Store) -> None:
    """Writes the databases so that nothing is left of what was replaced, as far as nobody waits.

    SQLite overwrites it at once, and PostgreSQL when it is told to; logs are emptied as well.
    """
    _vacuum(store.engine)
    with engine_tables.opened(store.settings) as engine:
        if engine is not None and store.settings.on_sqlite:
            _vacuum(engine)


def _vacuum(engine: sa.Engine) -> None:
    with (
        suppress(DBAPIError),  # somebody reads just now: the next one does it
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)").fetchall()
        connection.exec_driver_sql("vacuum")
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)").fetchall()


def _from_table(
    connection: sa.Connection, table: sa.Table, words: Sequence[str], change: Change
) -> int:
    columns = [column for column in table.columns if _has_texts(column)]
    keys = list(table.primary_key.columns)
    if not columns or not keys:
        return 0
    return sum(
        _update(connection, table, keys, row, {column.name: change(row[column.name])})
        for column in columns
        for row in _having(connection, keys, column, words)
    )


def _has_texts(column: sa.Column[Any]) -> bool:
    kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
    return isinstance(kind, sa.String | sa.JSON) and not column.primary_key


def _having(
    connection: sa.Connection,
    keys: Collection[sa.Column[Any]],
    column: sa.Column[Any],
    words: Sequence[str],
) -> Iterator[Any]:
    text = sa.func.lower(sa.cast(column, sa.Text))
    some = sa.or_(*(text.contains(word, autoescape=True) for word in words))
    return iter(connection.execute(sa.select(*keys, column).where(some)).mappings().all())


def _update(
    connection: sa.Connection,
    table: sa.Table,
    keys: Collection[sa.Column[Any]],
    row: Any,
    values: dict[str, Any],
) -> int:
    same = (key == row[key.name] for key in keys)
    connection.execute(sa.update(table).where(*same).values(values))
    return 1
