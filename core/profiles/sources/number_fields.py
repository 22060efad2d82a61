"""What the fields of numbers in JSON were at the last reading: they stay so, as columns of text do.

polars finds their types by itself: a text among numbers makes all of them text, a fraction all of
them floating ones. What they were is kept, so that the next reading knows.
"""

from collections.abc import Mapping

import polars as pl
from polars.datatypes import DataTypeClass

from core.profiles.sources.column_types import FormerColumn, Type


def filled_shares(frame: pl.LazyFrame) -> dict[str, float]:
    """By column the share of rows that have a value, 0 to 1. Reads all; raises polars' errors."""
    counts = frame.select(rows=pl.len(), filled=pl.struct(pl.all().count()))
    rows, filled = counts.collect(engine="streaming").row(0)
    return {name: n / rows if rows else 0.0 for name, n in filled.items()}


def numbers(
    schema: pl.Schema, filled: Mapping[str, float], former: Mapping[str, FormerColumn]
) -> Mapping[str, FormerColumn]:
    """The fields of numbers, and those without any value that were of numbers before.

    `filled` is the share of objects that have a value there, 0 to 1.
    """
    found = {n: _number(schema[n], share, former.get(n)) for n, share in filled.items()}
    return {name: one for name, one in found.items() if one is not None}


def _number(
    dtype: pl.DataType | DataTypeClass, filled: float, former: FormerColumn | None
) -> FormerColumn | None:
    if dtype == pl.Null and former is not None:
        return FormerColumn(former.of, former.whole)
    if dtype.is_integer():
        return FormerColumn(Type.whole, filled=filled)
    if not dtype.is_float():
        return None
    whole = former is not None and (former.whole or former.of is Type.whole)
    return FormerColumn(Type.dot, whole, filled)
