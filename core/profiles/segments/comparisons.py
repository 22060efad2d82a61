"""What operators compare, as expressions that every engine understands.

Each is a positive question about one column: true, false, or null where the column is empty. Only
operations are used that narwhals has for polars, Ibis and Spark alike.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import narwhals.selectors as ncs

from core.columns import content
from core.profiles.sources import Kind

EXACT = 2**53  # integers below it are exact as floating point numbers
ONE = timedelta(days=1)
Values = tuple[Any, ...]  # that fit the column's kind
Days = tuple[date | None, date | None]  # from the first to before the second; None is open


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a source; the last days are counted back from `today`, a day in `zone`."""

    field: str
    kind: Kind
    today: date
    zone: ZoneInfo
    name: str | None = None  # of the column with what is compared, where it isn't the field's own

    @property
    def content(self) -> nw.Expr:
        """What it holds."""
        return content(self.name or self.field)


def filled(column: Column, _values: Values = ()) -> nw.Expr:
    """Whether it holds anything: no null, not-a-number, blank text or list without items."""
    content = column.content
    if column.kind is Kind.text:
        return (content.str.strip_chars() != "").fill_null(False)
    if column.kind is Kind.number:
        return (content <= inf).fill_null(False)  # integers can't be asked for not-a-number
    if column.kind is Kind.list:
        return (content.list.len() > 0).fill_null(False)
    return ~content.is_null()


def equals(column: Column, values: Values) -> nw.Expr:
    """Whether it is the value; a date or a moment, whether it is on that day."""
    if column.kind in (Kind.text, Kind.number):
        same: nw.Expr = column.content == values[0]
        return same
    return is_one_of(column, values)


def is_one_of(column: Column, values: Values) -> nw.Expr:
    """Whether it is any of the values; a date or a moment, whether it is on any of the days."""
    if column.kind is Kind.text:
        return column.content.is_in(values)
    if column.kind is Kind.number:
        return _is_one_of_numbers(column.content, values)
    if column.kind is Kind.boolean:
        parts = [is_true(column) if value else is_false(column) for value in set(values)]
        return nw.any_horizontal(*parts, ignore_nulls=True)
    return _on_days(column, *((value, _next(value)) for value in values))


def _is_one_of_numbers(content: nw.Expr, values: Values) -> nw.Expr:
    small = [float(value) for value in values if abs(value) < EXACT]
    large = [content == value for value in values if abs(value) >= EXACT]
    parts = [content.cast(nw.Float64).is_in(small)] if small else []
    return nw.any_horizontal(*parts, *large, ignore_nulls=True)


def is_true(column: Column, _values: Values = ()) -> nw.Expr:
    """Whether it is true."""
    return column.content


def is_false(column: Column, _values: Values = ()) -> nw.Expr:
    """Whether it is false."""
    return ~column.content


def contains(column: Column, values: Values) -> nw.Expr:
    """Whether a list holds the item, or a text this text."""
    if column.kind is Kind.list:
        return column.content.cast(nw.List(nw.String)).list.contains(values[0])
    return _found(column, values[0], column.content.str.contains(values[0], literal=True))


def starts_with(column: Column, values: Values) -> nw.Expr:
    """Whether a text begins with this text."""
    return _found(column, values[0], column.content.str.starts_with(values[0]))


def ends_with(column: Column, values: Values) -> nw.Expr:
    """Whether a text ends with this text."""
    return _found(column, values[0], column.content.str.ends_with(values[0]))


def matches(column: Column, values: Values) -> nw.Expr:
    """Whether the regular expression finds something in a text that is not blank."""
    return filled(column) & column.content.str.contains(values[0])


def _found(column: Column, text: str, found: nw.Expr) -> nw.Expr:
    """In blank text nothing is found, not even blanks."""
    return found if text.strip() else found & filled(column)


def more_than(column: Column, values: Values) -> nw.Expr:
    """Whether a number is above the value."""
    above: nw.Expr = column.content > values[0]
    return above & _is_number(column)


def at_least(column: Column, values: Values) -> nw.Expr:
    """Whether a number is the value or above it."""
    above: nw.Expr = column.content >= values[0]
    return above & _is_number(column)


def less_than(column: Column, values: Values) -> nw.Expr:
    """Whether a number is below the value."""
    below: nw.Expr = column.content < values[0]
    return below


def at_most(column: Column, values: Values) -> nw.Expr:
    """Whether a number is the value or below it."""
    below: nw.Expr = column.content <= values[0]
    return below


def _is_number(column: Column) -> nw.Expr:
    """Some engines sort not-a-number above everything: the upper bound keeps it out."""
    bounded: nw.Expr = column.content <= inf
    return bounded


def between(column: Column, values: Values) -> nw.Expr:
    """Whether it is from the first to the second value, both included."""
    if column.kind is Kind.number:
        return at_least(column, values[:1]) & at_most(column, values[1:])
    return _on_days(column, (values[0], _next(values[1])))


def before(column: Column, values: Values) -> nw.Expr:
    """Whether it is before the day."""
    return _on_days(column, (None, values[0]))


def after(column: Column, values: Values) -> nw.Expr:
    """Whether it is after the day."""
    return _on_days(column, (_next(values[0]), None))


def in_last_days(column: Column, values: Values) -> nw.Expr:
    """Whether it is from today less n days to today, both included."""
    back = min(values[0], column.today.toordinal() - 1)
    return _on_days(column, (column.today - timedelta(days=back), _next(column.today)))


def _next(day: date) -> date | None:
    return day + ONE if day < date.max else None


def _on_days(column: Column, *spans: Days) -> nw.Expr:
    if column.kind is Kind.date:
        return _any(_within(column.content, low, high) for low, high in spans)
    return _in_days(column, spans)


def _in_days(column: Column, spans: Iterable[Days]) -> nw.Expr:
    """Of the two selections one is always empty: the schema doesn't say whether there is a zone."""
    name, zone = ncs.matches(f"^{re.escape(column.field)}$"), column.zone
    naive, zoned = name & ncs.datetime(time_zone=None), name & ncs.datetime(time_zone="*")
    parts = []
    for low, high in spans:
        parts.append(_within(naive, _midnight(low), _midnight(high)))
        parts.append(_within(zoned, _midnight(low, zone), _midnight(high, zone)))
    return _any(parts)


def _any(parts: Iterable[nw.Expr]) -> nw.Expr:
    return nw.any_horizontal(nw.lit(False), *parts, ignore_nulls=True)


def _within(content: nw.Expr, low: date | None, high: date | None) -> nw.Expr:
    if low is None or high is None:
        return content >= low if high is None else content < high
    return (content >= low) & (content < high)


def _midnight(day: date | None, zone: ZoneInfo | None = None) -> datetime | None:
    """When a day begins: without a zone as written there, with one in UTC."""
    if day is None:
        return None
    start = datetime.combine(day, time.min)
    if zone is None:
        return start
    ends_of_time = day in (date.min, date.max)  # where a zone would lead outside the calendar
    return start.replace(tzinfo=UTC if ends_of_time else zone).astimezone(UTC)
