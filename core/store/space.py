"""Space of the database on the disk: what tables take, and giving back what nothing takes."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

PAGES = 500  # that are given back at a time, so that no run waits for long
WORTH = 0.2  # share of free pages from which on an older file is written once more
LEAST = 4_000_000  # bytes of them
INCREMENTAL = 2  # SQLite's word for a file that gives pages back bit by bit


def used(engine: sa.Engine, tables: Iterable[str]) -> int | None:
    """Bytes that the tables take with their indexes; None where this SQLite can't tell."""
    names = list(tables)
    if engine.dialect.name == "postgresql":
        query = sa.text(
            "select coalesce(sum(pg_total_relation_size(cast(t as regclass))), 0)"
            " from unnest(cast(:names as text[])) as t"
        )
        with engine.connect() as connection:
            return int(connection.scalar(query, {"names": names}) or 0)
    own = sa.text(
        "select coalesce(sum(pgsize), 0) from dbstat('main', 1)"
        " where name in (select name from sqlite_master where tbl_name in :names)"
    ).bindparams(sa.bindparam("names", expanding=True, type_=sa.String))
    with suppress(DBAPIError), engine.connect() as connection:
        return int(connection.scalar(own, {"names": names}) or 0)
    return None


def give_back(engine: sa.Engine, busy: bool) -> int:
    """Gives free pages of SQLite's file back to the disk; how many bytes.

    PostgreSQL uses its free space again by itself. A file of an older version is written anew
    once, where that is worth it and nothing is under way (`busy`), for others wait meanwhile.
    """
    if engine.dialect.name != "sqlite":
        return 0
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = _pragma(connection, "page_count")
        size, free = _pragma(connection, "page_size"), _pragma(connection, "freelist_count")
        if _pragma(connection, "auto_vacuum") == INCREMENTAL:
            for _each in range(-(-free // PAGES)):
                _incremental_vacuum(connection)
        elif not busy and free * size > LEAST and free > WORTH * before:
            connection.exec_driver_sql("pragma auto_vacuum=incremental")
            connection.exec_driver_sql("vacuum")
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)").fetchall()
        return (before - _pragma(connection, "page_count")) * size


def _incremental_vacuum(connection: sa.Connection) -> None:
    """A page a step, which only scripts take to their end."""
    driver: Any = connection.connection.driver_connection
    driver.executescript(f"pragma incremental_vacuum({PAGES})")


def _pragma(connection: sa.Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"pragma {name}").scalar() or 0)
