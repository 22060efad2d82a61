"""What polars' types mean here, and the frame made of as few of them as possible."""

from collections.abc import Mapping

import polars as pl
from polars.datatypes import DataTypeClass

from core.columns import column
from core.profiles.sources import ROW, Kind


def kind_of(dtype: pl.DataType) -> Kind:
    """What a column of this type holds, as far as rules and matching care."""
    if _holds_bytes(dtype):
        return Kind.bytes
    if dtype in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        return Kind.text
    if dtype.is_numeric():
        return Kind.number
    if isinstance(dtype, pl.List | pl.Array):
        return Kind.other if dtype.inner.is_nested() else Kind.list
    known = {pl.Boolean: Kind.boolean, pl.Date: Kind.date, pl.Datetime: Kind.moment}
    return known.get(dtype.base_type(), Kind.other)


def kinds(frame: pl.LazyFrame) -> Mapping[str, Kind]:
    """Each column but ROW and what it holds, in order."""
    schema = frame.collect_schema()
    return {name: kind_of(dtype) for name, dtype in schema.items() if name != ROW}


def normalised(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The same rows in few types: text never categorical, zones UTC, decimals as they are.

    Numbers of 32 bits become those of 64 that are written alike: 0.1 is 0.1 to rules and matching.
    """
    schema = frame.collect_schema()
    changes = [_plain(name, dtype) for name, dtype in schema.items()]
    return frame.with_columns([change for change in changes if change is not None])


def _holds_bytes(dtype: pl.DataType | DataTypeClass) -> bool:
    if isinstance(dtype, pl.List | pl.Array):
        return _holds_bytes(dtype.inner)
    if isinstance(dtype, pl.Struct):
        return any(_holds_bytes(field.dtype) for field in dtype.fields)
    return isinstance(dtype, pl.Binary | pl.Object)


def _plain(name: str, dtype: pl.DataType) -> pl.Expr | None:
    value = column(name)
    if name == ROW:
        return value.cast(pl.Int64)
    if dtype in (pl.Categorical, pl.Enum, pl.Null):
        return value.cast(pl.String)
    if dtype in (pl.Float32, pl.Float16):
        return value.cast(pl.String).cast(pl.Float64)
    if isinstance(dtype, pl.Array):
        return value.arr.to_list()
    if isinstance(dtype, pl.Datetime) and dtype.time_zone not in (None, "UTC"):
        return value.dt.convert_time_zone("UTC")
    return None
