"""Keeps the few people of a large file in memory, for a preview looks at them several times."""

from collections.abc import Collection

import polars as pl

from core.columns import column, own
from core.profiles.segments.counts import Counts
from core.profiles.sources import POLARS, Schema, Source, engine_of, translated

MOST_CELLS = 5_000_000  # about 100 MB, whatever size the file has
FEW = 4  # of so many rows at most one: of more, finding them again costs less than keeping them


def at_hand(
    source: Source, schema: Schema, frame: pl.LazyFrame, names: Collection[str], counts: Counts
) -> pl.LazyFrame:
    """The same rows; where they are few, read now, with the columns `names` and those of ours.

    Else each look at them would read and filter the whole file again. What a database has found is
    kept by its source already. Raises SourceFailed.
    """
    if engine_of(schema) != POLARS:
        return frame
    wanted = [name for name in frame.collect_schema() if name in names or name.startswith(own(""))]
    few = counts.members * len(wanted) <= MOST_CELLS and counts.members * FEW <= counts.rows
    if not few:
        return frame
    with translated(source):
        return frame.select(map(column, wanted)).collect(engine="streaming").lazy()
