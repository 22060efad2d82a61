"""A preview of 10,000,000 Parquet rows against the same counts as a bare polars query."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from benchmarks import stage
from core import audience, matching
from core.audience import Order
from core.settings import Settings

ROWS = 10_000_000
TURNS = 3
LOCAL = r"^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9.-]+\.[a-z]{2,}$"


def main() -> None:
    """Prints the median ratio of preview to bare query, taken in turn."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "people.parquet"
        stage.write_people(path, ROWS, ROWS)
        order, settings = stage.order(path), Settings(home=Path(name))
        pairs = [
            (_seconds(lambda: _preview(order, settings)), _seconds(lambda: _bare(path)))
            for _ in range(TURNS)
        ]
        ratio = statistics.median(ours / bare for ours, bare in pairs)
        ours, bare = pairs[TURNS // 2]
        print(f"preview of {ROWS:,} rows: {ours:.1f} s, bare query {bare:.1f} s,")
        print(f"  ratio {ratio:.2f} (at most 1.5)")


def _preview(order: Order, settings: Settings) -> int:
    found = audience.gather(order, settings, datetime.now(UTC))
    match, region = order.export.match, order.export.phone_region
    return matching.summary(found.frame, match, region).valid


def _bare(path: Path) -> int:
    """Both segments counted, addresses made uniform and judged, their duplicates counted."""
    rows = pl.scan_parquet(path)
    spender = pl.col("member") & (pl.col("spent") > 500)
    rows.select(pl.col("member").sum(), spender.sum().alias("spenders")).collect(engine="streaming")
    email = pl.col("email").str.strip_chars().str.to_lowercase()
    kept = rows.filter(pl.col("member")).select(email=email)
    valid = kept.filter(pl.col("email").str.contains(LOCAL))
    return int(valid.select(pl.col("email").n_unique()).collect(engine="streaming").item())


def _seconds(action: Callable[[], int]) -> float:
    began = time.perf_counter()
    assert action() == ROWS
    return time.perf_counter() - began
