"""Days and moments from texts: null where there is no such day or time.

What is written in the usual way polars reads many times as fast as all else; so that is tried
first, and each other way on what is left only.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import polars as pl

CLOCK = "%Y-%m-%d %H:%M:%S"
CLOCKS = (f"{CLOCK}%.f", "%Y-%m-%d %H:%M")
HALF_DAYS = ("%Y-%m-%d %I:%M:%S%.f %p", "%Y-%m-%d %I:%M %p")
DAY_LENGTH = 10  # bytes of 2026-12-31
IN_UTC = r" ?(?:Z|UTC|GMT|[+-]00(?::?00)?)$"
ORDERS = {"dmy": "${3}-$2-$1", "mdy": "${3}-$1-$2"}  # of what a day is made of

Read = Callable[[pl.Series], pl.Series]
Texts = TypeVar("Texts", pl.Expr, pl.Series)


def days(value: pl.Expr, order: str | None = None) -> pl.Expr:
    """The days that texts name; `order` is that of day, month and year unless the year is first."""
    if order:
        return _day(_in_order(value, order))
    usual = _day(value)
    return pl.coalesce(usual, _day(_iso(pl.when(usual.is_null()).then(value))))


def moments(value: pl.Expr, order: str | None = None) -> pl.Expr:
    """The moments that texts name, in no zone: microseconds, of days their midnight."""
    return value.map_batches(
        partial(_moments, order=order), return_dtype=pl.Datetime("us"), is_elementwise=True
    )


def zoned_moments(value: pl.Expr) -> pl.Expr:
    """The moments that texts with a zone name: microseconds, in UTC."""
    return value.map_batches(
        _zoned_moments, return_dtype=pl.Datetime("us", "UTC"), is_elementwise=True
    )


def _moments(values: pl.Series, order: str | None) -> pl.Series:
    if order:
        return _first(_in_order(values, order), [_midnight, *map(_reading, CLOCKS + HALF_DAYS)])
    are_days = (values.str.len_bytes() <= DAY_LENGTH).all()
    usual = [_midnight] if are_days else [_reading(CLOCK), _midnight]
    others = [*map(_reading, CLOCKS), _midnight]
    return _first(values, [*usual, lambda left: _first(_iso(left), others)])


def _zoned_moments(values: pl.Series) -> pl.Series:
    return _first(values, [_in_utc, *(partial(_with_offset, form=form) for form in CLOCKS)])


def _first(values: pl.Series, reads: list[Read]) -> pl.Series:
    """What the first of these that can makes of each value."""
    found = reads[0](values)
    for read in reads[1:]:
        if found.null_count() == values.null_count():
            break
        left = (found.is_null() & values.is_not_null()).arg_true()
        found = found.scatter(left, read(values.gather(left)))
    return found


def _day(values: Texts) -> Texts:
    return values.str.to_date("%Y-%m-%d", strict=False)


def _midnight(values: pl.Series) -> pl.Series:
    return _day(values).cast(pl.Datetime("us"))


def _reading(form: str) -> Read:
    return lambda values: values.str.to_datetime(form, strict=False, time_unit="us")


def _in_utc(values: pl.Series) -> pl.Series:
    bare = values.str.replace(IN_UTC, "").str.replace("T", " ", literal=True)
    return _reading(CLOCK)(bare).dt.replace_time_zone("UTC")


def _with_offset(values: pl.Series, form: str) -> pl.Series:
    texts = _iso(values).str.replace(" ?(?:Z|UTC|GMT)$", "+00:00")
    texts = texts.str.replace(r" ?([+-]\d{2})$", "$1:00").str.replace(r" ([+-])", "$1")
    return _reading(f"{form}%#z")(texts).dt.convert_time_zone("UTC")


def _iso(values: Texts) -> Texts:
    """With hyphens in the day, and a blank before the time."""
    texts = values.str.replace(r"^(\d{4})[./](\d{1,2})[./](\d{1,2})\.?", "${1}-${2}-${3}")
    return texts.str.replace(r"T(\d)", " $1")


def _in_order(values: Texts, order: str) -> Texts:
    """The same of those whose year is last."""
    texts = values.str.replace(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})\.?", ORDERS[order])
    return texts.str.replace(r"[ T,]{1,2}(\d)", " $1").str.replace(r"(?i) ?([ap]m)$", " $1")
