"""Counting a segment in each database beside the same count as anybody writes it: a million rows.

The same people in a file of SQLite and of DuckDB and in PostgreSQL. Ours cleans and composes texts
first, where it may matter, and counts segment and rows; so does the bare query, by a filter.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks import people
from core.profiles.segments.counts import counts
from core.profiles.segments.rules import Group
from core.profiles.sources import Reading, open_source
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.databases.source import DatabaseSource

ROWS, TURNS, TODAY = 1_000_000, 3, date(2026, 1, 1)
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
        for engine in ("sqlite", "duckdb", "postgresql"):
            with people.made(engine, folder, ROWS) as url:
                _engine(engine, url, folder)
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
