"""Rows that arrive from a database: batch by batch into a file, and scanned there."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa

from core.columns import column
from core.errors import SourceFailed
from core.profiles.sources import ROW
from core.profiles.sources.databases.drivers import Types
from core.profiles.sources.databases.relations import name_here
from core.profiles.sources.failures import stored
from core.profiles.sources.frames import normalised
from core.profiles.sources.limits import Limits
from core.texts import _

DIGITS = 38  # of a decimal number, at most
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)  # what lies beyond, such as infinity, is no day


def kept(
    batches: Iterable[pa.RecordBatch], types: Types, path: Path, limits: Limits, label: str
) -> None:
    """Writes the batches to a Parquet file, none of them longer in memory than that takes.

    Raises SourceFailed for more rows or larger cells than the limits allow, StorageFailed.
    """
    import pyarrow.parquet as pq

    rows = 0
    with (
        stored(path.parent),
        pq.ParquetWriter(path, pa.schema(list(types.items())), compression="lz4") as writer,
    ):
        for batch in batches:
            rows += batch.num_rows
            limits.check_rows(rows, label)
            _check_cells(batch, limits, label)
            writer.write_batch(batch)
    pa.default_memory_pool().release_unused()


def scanned(path: Path, decimals: Mapping[str, int | None]) -> pl.LazyFrame:
    """The rows that were kept, numbered as they arrived, in the types that are used here.

    `decimals` are the columns of decimal numbers, with their decimal places where they are known.
    """
    frame = pl.scan_parquet(path, row_index_name=ROW, row_index_offset=1)
    places = _places(frame, decimals)
    frame = frame.with_columns(
        [*(_decimal(name, n) for name, n in places.items()), *_within_calendar(frame)]
    )
    return normalised(frame.rename(name_here))


def _check_cells(batch: pa.RecordBatch, limits: Limits, label: str) -> None:
    import pyarrow.compute as pc

    for name, values in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_string(values.type) or pa.types.is_binary(values.type):
            _check_text(values, label, name)
            longest = pc.max(pc.binary_length(values)).as_py() or 0
            limits.check_cell(longest, label, name)


def _check_text(values: pa.Array, label: str, name: str) -> None:
    """Raises SourceFailed for what is no UTF-8, as a database without an encoding may keep."""
    try:
        values.validate(full=True)
    except pa.ArrowInvalid:
        said = _(
            "{source}: the column “{name}” has text that isn't UTF-8. Correct it there, or leave "
            "the column out by a query."
        )
        raise SourceFailed(said.format(source=label, name=name)) from None


def _places(frame: pl.LazyFrame, decimals: Mapping[str, int | None]) -> dict[str, int]:
    """The decimal places of each column; where nobody says them, those of its values."""
    unknown = [name for name, places in decimals.items() if places is None]
    found = {name: places for name, places in decimals.items() if places is not None}
    if not unknown:
        return found
    behind = [
        column(name).str.split(".").list.get(1, null_on_oob=True).str.len_bytes().max()
        for name in unknown
    ]
    most = frame.select(behind).collect(engine="streaming").row(0)
    return found | {name: int(n or 0) for name, n in zip(unknown, most, strict=True)}


def _decimal(name: str, places: int) -> pl.Expr:
    return column(name).cast(pl.Decimal(DIGITS, min(places, DIGITS)), strict=False)


def _within_calendar(frame: pl.LazyFrame) -> list[pl.Expr]:
    schema = frame.collect_schema()
    found = []
    for name, dtype in schema.items():
        if isinstance(dtype, pl.Datetime | pl.Date):
            low, high = (pl.lit(_end(one, dtype)).cast(dtype) for one in (FIRST, LAST))
            found.append(pl.when(column(name).is_between(low, high)).then(column(name)).alias(name))
    return found


def _end(day: date, dtype: pl.DataType) -> date | datetime:
    return day if isinstance(dtype, pl.Date) else datetime(day.year, day.month, day.day)
