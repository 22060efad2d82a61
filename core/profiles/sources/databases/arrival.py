"""Rows that arrive from a database: batch by batch into a file, and scanned there."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa

from core.errors import SourceFailed
from core.profiles.sources import ROW
from core.profiles.sources.databases.decimals import decimal
from core.profiles.sources.databases.drivers import Types
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.databases.relations import name_here
from core.profiles.sources.failures import stored
from core.profiles.sources.frames import normalised
from core.profiles.sources.limits import Limits
from core.texts import _

AT_ONCE = 16_000_000  # bytes that are written to the file at once


def kept(
    batches: Iterable[pa.RecordBatch], types: Types, path: Path, limits: Limits, label: str
) -> None:
    """Writes the batches to a Parquet file, none of them longer in memory than that takes.

    Raises SourceFailed for more rows or larger cells than the limits allow, StorageFailed.
    """
    import pyarrow.parquet as pq

    rows, schema = 0, pa.schema(list(types.items()))
    with (
        stored(path.parent),
        # Dictionaries take half of the time of writing, and the file is read twice at most.
        pq.ParquetWriter(path, schema, compression="lz4", use_dictionary=False) as writer,
    ):
        for some in _together(batches):
            for batch in some:
                rows += batch.num_rows
                limits.check_rows(rows, label)
                _check_cells(batch, limits, label)
            writer.write_table(pa.Table.from_batches(some, schema))
    pa.default_memory_pool().release_unused()


def _together(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """As many as are written at once: small ones take twice as long each by itself."""
    some: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        some.append(batch)
        size += batch.nbytes
        if size >= AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def scanned(path: Path, decimals: Mapping[str, int | None], losses: Losses) -> pl.LazyFrame:
    """The rows that were kept, numbered as they arrived, in the types that are used here.

    `decimals` are the columns of decimal numbers, with their decimal places where they are known.
    """
    frame = pl.scan_parquet(path, row_index_name=ROW, row_index_offset=1)
    return normalised(decimal(frame, decimals, losses).rename(name_here))


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
