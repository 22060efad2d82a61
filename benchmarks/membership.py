"""The plan of a million people against a ledger of a million, of whom one in a hundred changed."""

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from core.plan import changes, ledger, record
from core.plan.record import Delivered

PEOPLE = 1_000_000
EXPORT = 1


def main() -> None:
    """Prints seconds (reading the ledger included), and the memory at its highest."""
    path = Path(tempfile.mkdtemp()) / "list.parquet"
    people = _people()
    run = Delivered(EXPORT, 1, datetime.now(UTC), people, people.clear(), people, whole=True)
    began = time.perf_counter()
    ledger.write(path, record.recorded(ledger.read(path), run))
    print(f"recording {PEOPLE:,} people: {time.perf_counter() - began:.1f} s")
    every = pl.int_range(pl.len()) % 100 == 0
    later = people.with_columns(hash=pl.when(every).then(pl.col("hash") + 1).otherwise("hash"))
    began = time.perf_counter()
    plan = changes.plan(ledger.read(path), later.lazy(), EXPORT)
    took = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if _on_mac() else 1e6)
    print(f"plan: {plan.update:,} changed, {took:.1f} s (target 3), {most:.2f} GB (target 1)")


def _people() -> pl.DataFrame:
    number = pl.int_range(PEOPLE, eager=True).alias("n").to_frame()
    emails = number.select(email=pl.format("person{}@example.com", "n"))
    return emails.with_columns(hash=pl.col("email").hash(0), clears=pl.lit(value=False))


def _on_mac() -> bool:
    return sys.platform == "darwin"


if __name__ == "__main__":
    main()
