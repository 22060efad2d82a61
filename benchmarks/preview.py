"""A preview of 10,000,000 Parquet rows against bare polars queries of what it counts.

One query has all its counts, written by hand for this file alone; the other only the first ones:
members, valid and different addresses.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from benchmarks import stage
from core.audience import gather
from core.configuration.order import Order
from core.profiles.matching import summary
from core.settings import Settings

PHONE = r"^(6\d{7}|2\d{7}|8[01]\d{6}|90\d{6})$"
ROWS = 10_000_000
TURNS = 3
LOCAL = r"^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9.-]+\.[a-z]{2,}$"


def main() -> None:
    """Prints the median ratios of preview to the bare queries, taken in turn."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "people.parquet"
        stage.write_people(path, ROWS, ROWS)
        order, settings = stage.order(path), Settings(home=Path(name))
        turns = [
            (
                _seconds(lambda: _preview(order, settings)),
                _seconds(lambda: _bare(path)),
                _seconds(lambda: _first_counts(path)),
            )
            for _ in range(TURNS)
        ]
        ours, bare, first = (statistics.median(column) for column in zip(*turns, strict=True))
        print(f"preview of {ROWS:,} rows: {ours:.1f} s, bare query of all counts {bare:.1f} s,")
        print(f"  ratio {ours / bare:.2f} (at most 1.5); of the first counts {first:.1f} s,")
        print(f"  ratio {ours / first:.2f}")


def _preview(order: Order, settings: Settings) -> int:
    found = gather.gather(order, settings, datetime.now(UTC))
    return summary.summary(found.frame, found.matching).valid


def _bare(path: Path) -> int:
    """All that the preview counts: also phones, numbers that aren't finite, sizes, who shares."""
    rows = pl.scan_parquet(path).filter(pl.col("member"))
    phone = (
        pl.col("phone").str.replace_many(dict.fromkeys(" -./()\xa0", "")).str.strip_prefix("+371")
    )
    texts = ("id", "email", "phone", "first", "last", "city", "country", "zip", "tier")
    size = pl.sum_horizontal(pl.col(name).str.len_bytes() for name in texts)
    others = rows.select(
        (~phone.str.contains(PHONE)).sum().alias("phones"),
        (~pl.col("spent").is_finite()).sum().alias("numbers"),
        (size > 100_000 / 6).sum().alias("large"),
        (pl.col("id").str.len_chars() > 255).sum().alias("long"),
    )
    others.collect(engine="streaming")
    for identifier in ("id", "phone"):
        shared = rows.select(pl.col(identifier).hash().n_unique())
        shared.collect(engine="streaming")
    return _first_counts(path)


def _first_counts(path: Path) -> int:
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
