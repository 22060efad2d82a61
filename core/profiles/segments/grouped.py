"""The values of a database's column with their rows, counted there."""

from typing import Any

import narwhals as nw
import polars as pl

from core.columns import content
from core.profiles.sources import ROW, Kind, Source

MOST = 100_000  # different texts that travel, the commonest first
WHOLE = (Kind.number, Kind.date, Kind.moment)  # whose spread needs each value


def grouped(source: Source, name: str, kind: Kind) -> pl.DataFrame:
    """`it`, a value that the column holds, and `n`, the rows that do; of texts the commonest.

    Moments are days. Raises SourceFailed.
    """
    value = content(name).cast(nw.Date) if kind is Kind.moment else content(name)
    single = source.scan().select(value.alias("it"))
    counts = single.filter(~nw.col("it").is_null()).group_by("it").agg(nw.len().alias("n"))
    if kind not in WHOLE:
        counts = counts.sort("n", descending=True).head(MOST)
    found = source.fetched(counts).drop(ROW)
    if kind is Kind.number:
        found = found.with_columns(pl.col("it").cast(pl.Float64))
        found = found.filter(pl.col("it").is_finite())
    return found.with_columns(pl.col("n").cast(pl.UInt32)).collect()


def sizes(source: Source, name: str) -> tuple[int, int]:
    """How many rows of a text column hold anything, and how many different values they hold."""
    filled = content(name).str.strip_chars() != ""
    some: nw.LazyFrame[Any] = source.scan().filter(filled).select(content(name).alias("it"))
    row = source.small(some.select(nw.len().alias("n"), nw.col("it").n_unique().alias("d"))).row(0)
    return int(row[0]), int(row[1])
