"""A preview of 10,000,000 rows in each engine beside the bare queries of what it counts.

Seven rules find 3.3 % of the people in a Parquet file, in a file of DuckDB and of SQLite and in
PostgreSQL. The bare queries count them, read their columns and count their different addresses.
Each is a process of its own, so that its memory can be told; a tenth of the rows shows whether it
grows with them. Times are of the processor, the database's included, for that is what a busy
machine doesn't change. Ratios are of the second time that a process does it, with the source opened
anew: what is imported and written at first, about two seconds, a dashboard does once.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks import people
from core.audience import gather
from core.configuration.export import Export
from core.configuration.order import Order
from core.configuration.source import Source
from core.profiles.matching import summary
from core.profiles.segments.rules import Group
from core.settings import Settings

FEWER, ROWS = 1_000_000, 10_000_000
SIZES = {
    "parquet": (FEWER, ROWS),
    "duckdb": (FEWER, ROWS),
    "sqlite": (FEWER, ROWS),
    "postgresql": (FEWER, ROWS),
}
RULES = (
    ("country", "equals", "LV"),
    ("tier", "is_one_of", ["gold", "silver"]),
    ("spent", "more_than", 500),
    ("orders", "at_least", 20),
    ("city", "not_equals", "City17"),
    ("email", "starts_with", "person"),
    ("first", "is_not_empty", None),
)
WRITTEN = (
    "country = 'LV' and tier in ('gold', 'silver') and spent > 500 and orders >= 20"
    " and (city <> 'City17' or city is null) and email like 'person%' and first <> ''"
)
COUNTED = f"select count(*) as n, sum(case when {WRITTEN} then 1 else 0 end) as m from people"  # noqa: S608
READ = f"select email, first, city, spent, tier from people where {WRITTEN}"  # noqa: S608


def main() -> None:
    """Prints of each engine the ratio at both sizes, and the peaks of memory."""
    for engine, sizes in SIZES.items():
        for rows in sizes:
            folder = Path(tempfile.mkdtemp(prefix="segferry-bench-"))
            try:
                with people.made(engine, folder, rows) as url:
                    _compared(engine, url, rows, folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def _compared(engine: str, url: str, rows: int, folder: Path) -> None:
    ours, bare = _run("preview", url, folder), _run("bare", url, folder)
    assert ours.found == bare.found, (ours, bare)
    print(
        f"{engine}, {rows:,} rows, {ours.found:,} found: {ours}; bare {bare}; "
        f"ratio {ours.again / bare.again:.2f} (at most 1.3)",
        flush=True,
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """People found, megabytes at the peak, seconds of the first time and of the second."""

    found: int
    peak: float
    first: float
    again: float

    def __str__(self) -> str:
        return f"{self.again:.2f} s ({self.first:.1f} s at first) and {self.peak:.0f} MB"


def _run(which: str, url: str, folder: Path) -> Turn:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.engines", which, url, str(folder)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found, *numbers = printed.splitlines()[-1].split()
    return Turn(int(found), *map(float, numbers))


def _server(folder: Path) -> psutil.Process | None:
    """The process of PostgreSQL whose data is in the folder."""
    file = folder / "server" / "postmaster.pid"
    return psutil.Process(int(file.read_text().splitlines()[0])) if file.exists() else None


def _seconds(server: psutil.Process | None) -> float:
    """What it and its processes have used, those that ended included."""
    every = [*server.children(recursive=True), server] if server else []
    return sum(map(_seconds_of, every))


def _seconds_of(process: psutil.Process) -> float:
    """None of one that has ended: its parent, which is looked at last, has them then."""
    try:
        return sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:
        return 0.0


def preview(url: str) -> int:
    """Ours, with the source opened anew."""
    with tempfile.TemporaryDirectory() as name:
        return _previewed(_order(url), Settings(home=Path(name)))


def _previewed(order: Order, settings: Settings) -> int:
    found = gather.gather(order, settings, datetime.now(UTC))
    return summary.summary(found.frame, found.matching).valid


def bare(url: str) -> int:
    """The same by hand, with the driver that is quickest."""
    return _by_polars(url) if url.endswith(".parquet") else _by_sql(url)


def _by_polars(path: str) -> int:
    import polars as pl

    rows = pl.SQLContext(people=pl.scan_parquet(path), eager=False)
    rows.execute(COUNTED).collect(engine="streaming")
    return rows.execute(READ).collect(engine="streaming")["email"].n_unique()


def _by_sql(url: str) -> int:
    import polars as pl

    kind, _, path = url.partition(":///")
    if kind == "duckdb":
        import duckdb

        with duckdb.connect(path, read_only=True) as connection:
            connection.execute(COUNTED).fetchall()
            return pl.DataFrame(connection.execute(READ).to_arrow_table())["email"].n_unique()
    if kind == "sqlite":
        from adbc_driver_sqlite import dbapi

        with dbapi.connect(path) as connection, connection.cursor() as cursor:
            return _by_adbc(cursor)
    from adbc_driver_postgresql import dbapi as postgresql_dbapi

    with postgresql_dbapi.connect(url) as connection, connection.cursor() as cursor:
        return _by_adbc(cursor)


def _by_adbc(cursor: Any) -> int:
    import polars as pl

    cursor.execute(COUNTED)
    cursor.fetchall()
    cursor.execute(READ)
    return pl.DataFrame(cursor.fetch_arrow_table()).get_column("email").n_unique()


def _order(url: str) -> Order:
    place = {"path": url} if url.endswith(".parquet") else {"type": "database", "url": url}
    if "url" in place:
        place["table"] = "people"
    rules = [{"field": f, "op": op, **({} if v is None else {"value": v})} for f, op, v in RULES]
    match = {"email": "email", "first_name": "first", "location": {"city": "city"}}
    match["properties"] = {"spent": "spent", "tier": "tier"}
    given = {"name": "E", "connection": "K", "list_id": "Y6nRLr", "segments": ["S"], "match": match}
    source = Source.model_validate({"name": "P", "key": "id", **place})
    group = Group.model_validate({"all": rules})
    return Order(Export.model_validate(given), source, {"S": group}, "Europe/Riga", confined=False)


def _twice(work: Callable[[str], int], url: str, folder: Path) -> None:
    server, seconds = _server(folder), []
    for _time in range(2):
        before = _used(server)
        found = work(url)
        seconds.append(_used(server) - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(found, peak, *seconds)


def _used(server: psutil.Process | None) -> float:
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return mine.ru_utime + mine.ru_stime + _seconds(server)


if __name__ == "__main__":
    _twice({"preview": preview, "bare": bare}[sys.argv[1]], sys.argv[2], Path(sys.argv[3]))
