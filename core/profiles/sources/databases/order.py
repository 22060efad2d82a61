"""Which of several rows with one address comes first: a database keeps no order of its own.

Rows are numbered as they arrive, which may be otherwise the next time. Sorting all of them would
cost the database or us a sort of the whole; here only those rows change places whose address
others have, too.
"""

from collections.abc import Sequence

import polars as pl

from core.columns import column
from core.profiles.sources import ROW


def settled(frame: pl.LazyFrame, address: pl.Expr, by: Sequence[str]) -> pl.LazyFrame:
    """The rows; of those with one address the numbers in ROW follow the columns `by`, empty last.

    So it is always the same row that wins, as long as none of them changes. The frame is read.
    """
    addressed = frame.filter(address.is_not_null())
    hashes = addressed.select(it=address.hash()).collect(engine="streaming")["it"].sort()
    several = hashes.filter(hashes == hashes.shift()).unique()
    if several.is_empty():
        return frame
    schema = frame.collect_schema()
    keys = [_sortable(name, schema[name]).alias(f"by {n}") for n, name in enumerate(by)]
    same = addressed.filter(address.hash().is_in(several.implode()))
    rows = same.select(ROW, *keys, it=address)
    some = rows.collect(engine="streaming")
    names = [f"by {n}" for n in range(len(keys))]
    wanted = some.sort("it", *names, ROW, nulls_last=True)[ROW]
    places = some.sort("it", ROW)[ROW]
    moved = wanted != places
    if not moved.any():
        return frame
    return frame.with_columns(pl.col(ROW).replace(wanted.filter(moved), places.filter(moved)))


def _sortable(name: str, dtype: pl.DataType) -> pl.Expr:
    value = column(name)
    if isinstance(dtype, pl.List):
        return value.list.eval(pl.element().cast(pl.String)).list.join("\x1f")
    return value
