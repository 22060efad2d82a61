"""The one type that holds what two columns of the same name hold, where nothing is lost by it."""

from typing import cast

import polars as pl
from polars.datatypes import DataTypeClass

WHOLE_DIGITS = 20  # most digits of a whole number of 64 bits
MOST_DIGITS = 38  # of a decimal

Dtype = pl.DataType


def common(one: Dtype, other: Dtype) -> Dtype | None:
    """The type that both fit; None where they don't.

    Whole numbers beside floating ones give the floating type: whether their values fit it, only
    the values can tell.
    """
    if one == other:
        return one
    if pl.Null in (one, other):
        return other if one == pl.Null else one
    if _is_text(one) and _is_text(other):
        return pl.String()
    if one.is_numeric() and other.is_numeric():
        return _number(one, other)
    if one.is_temporal() and other.is_temporal():
        return _time(one, other)
    return _nested(one, other)


def _is_text(dtype: Dtype) -> bool:
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum)


def _number(one: Dtype, other: Dtype) -> Dtype | None:
    if pl.Decimal in (one, other):
        return _decimal(one, other)
    if one.is_float() or other.is_float():
        return pl.Float64()
    unsigned = {one.is_unsigned_integer(), other.is_unsigned_integer()}
    if unsigned == {True}:
        return pl.UInt64()
    if pl.UInt64 in (one, other) or pl.Int128 in (one, other):
        return pl.Decimal(MOST_DIGITS, 0)
    return pl.Int64()


def _decimal(one: Dtype, other: Dtype) -> Dtype | None:
    """As many digits on both sides of the sign as the wider one has there."""
    if one.is_float() or other.is_float():
        return None
    before, after = (max(side) for side in zip(_digits(one), _digits(other), strict=True))
    return pl.Decimal(MOST_DIGITS, after) if before + after <= MOST_DIGITS else None


def _digits(dtype: Dtype) -> tuple[int, int]:
    """How many digits it has before and after the decimal sign."""
    if isinstance(dtype, pl.Decimal):
        return dtype.precision - dtype.scale, dtype.scale
    return WHOLE_DIGITS, 0


def _time(one: Dtype, other: Dtype) -> Dtype | None:
    """Moments in microseconds, those with zones in UTC; days begin at midnight."""
    if isinstance(one, pl.Duration) and isinstance(other, pl.Duration):
        return pl.Duration("us")
    if not {type(one), type(other)} <= {pl.Datetime, pl.Date}:
        return None
    zones = [getattr(dtype, "time_zone", None) for dtype in (one, other)]
    if zones.count(None) == 1:
        return None
    return pl.Datetime("us", "UTC" if zones[0] else None)


def _nested(one: Dtype, other: Dtype) -> Dtype | None:
    lists = pl.List | pl.Array
    if isinstance(one, lists) and isinstance(other, lists):
        inner = common(_made(one.inner), _made(other.inner))
        return pl.List(inner) if inner is not None else None
    if isinstance(one, pl.Struct) and isinstance(other, pl.Struct):
        return _struct(one, other)
    return None


def _struct(one: pl.Struct, other: pl.Struct) -> Dtype | None:
    fields = {field.name: _made(field.dtype) for field in one.fields}
    for field in other.fields:
        known = fields.get(field.name, pl.Null())
        wide = common(known, _made(field.dtype))
        if wide is None:
            return None
        fields[field.name] = wide
    return pl.Struct(fields)


def _made(dtype: Dtype | DataTypeClass) -> Dtype:
    """Polars hands out inner types as classes where they have no parameters."""
    return cast(Dtype, dtype() if isinstance(dtype, type) else dtype)
