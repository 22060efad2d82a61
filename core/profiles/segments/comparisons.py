"""What operators compare, as expressions that every engine understands.

Each is a positive question about one column: true, false, or null where the column is empty. Only
operations are used that narwhals has for polars, Ibis and Spark alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw

from core.columns import content
from core.profiles.segments import quickly
from core.profiles.segments.address_list import AddressList, addresses_of
from core.profiles.segments.numbers import Near, Number, near
from core.profiles.sources import Kind

ONE = timedelta(days=1)
BEYOND = 2**63  # whole numbers of 64 bits are nearer to zero
Values = tuple[Any, ...]  # that fit the column's kind
Days = tuple[date | None, date | None]  # from the first to before the second; None is open


@dataclass(frozen=True, slots=True)
class Column:
    """What is compared of a field; the last days are counted back from `today`, a day in `zone`."""

    name: str  # of the column that is compared
    kind: Kind
    today: date
    zone: ZoneInfo
    places: int | None = None  # of its numbers after the point; None where they float
    is_zoned: bool = False  # whether its moments have a time zone
    is_bare: bool = False  # whether it is null wherever it is empty
    shares: Mapping[str, str] = field(default_factory=dict)  # columns of digits, by their prefix
    address: str | None = None  # the column with its text as addresses are sent
    lists: Mapping[AddressList, str] = field(default_factory=dict)  # columns that say who is in one
    plain: str | None = None  # the column with its text as it is written, in a database

    @property
    def content(self) -> nw.Expr:
        """What it holds."""
        return content(self.name)

    def near(self, value: float) -> Near:
        """The numbers that it can hold around this one."""
        return near(value, self.places)


def filled(column: Column, _values: Values = ()) -> nw.Expr:
    """Whether it holds anything: no null, not-a-number, blank text or list without items."""
    content = column.content
    if column.kind is Kind.list:
        return (content.list.len() > 0).fill_null(False)
    if column.kind is Kind.text and not column.is_bare:
        return (content.str.strip_chars() != "").fill_null(False)
    if column.plain:
        return quickly.filled(nw.col(column.plain), content)
    if _may_be_nan(column):
        return (content <= inf).fill_null(False)
    return ~content.is_null()


def equals(column: Column, values: Values) -> nw.Expr:
    """Whether it is the value; a date or a moment, whether it is on that day."""
    return is_one_of(column, values)


def is_one_of(column: Column, values: Values) -> nw.Expr:
    """Whether it is any of the values; a date or a moment, whether it is on any of the days."""
    if column.kind is Kind.text:
        return _is_one_of_texts(column, values)
    if column.kind is Kind.number:
        return _is_one_of_numbers(column, values)
    if column.kind is Kind.boolean:
        parts = [is_true(column) if value else is_false(column) for value in set(values)]
        return nw.any_horizontal(*parts, ignore_nulls=True)
    return _on_days(column, *((value, _next(value)) for value in values))


def _is_one_of_texts(column: Column, values: Values) -> nw.Expr:
    if column.plain and all(map(quickly.is_plain, values)):
        return quickly.same(nw.col(column.plain), column.content, values)
    if len(values) > 1:
        return column.content.is_in(values)
    same: nw.Expr = column.content == values[0]
    return same


def _is_one_of_numbers(column: Column, values: Values) -> nw.Expr:
    held = [found.below for found in map(column.near, values) if found.is_held]
    alike = [[one for one in held if isinstance(one, of)] for of in (int, float, Decimal)]
    parts = [_equals_any(column.content, ones) for ones in alike if ones]
    return _any(parts) if parts else _never(column)


def _equals_any(content: nw.Expr, numbers: list[Any]) -> nw.Expr:
    same: nw.Expr = content == numbers[0]
    return same if len(numbers) == 1 else content.is_in(numbers)


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
    if column.plain and quickly.is_plain(values[0]):
        return quickly.begins(nw.col(column.plain), column.content, values[0])
    return _found(column, values[0], column.content.str.starts_with(values[0]))


def ends_with(column: Column, values: Values) -> nw.Expr:
    """Whether a text ends with this text."""
    return _found(column, values[0], column.content.str.ends_with(values[0]))


def matches(column: Column, values: Values) -> nw.Expr:
    """Whether the regular expression finds something in a text that is not blank."""
    found = column.content.str.contains(values[0])
    return found if column.is_bare else found & filled(column)


def _found(column: Column, text: str, found: nw.Expr) -> nw.Expr:
    """In blank text nothing is found, not even blanks."""
    return found if column.is_bare or text.strip() else found & filled(column)


def more_than(column: Column, values: Values) -> nw.Expr:
    """Whether a number is above the value."""
    bound = column.near(values[0]).below
    return _within_reach(column, bound, _a_number(column, column.content > bound))


def at_least(column: Column, values: Values) -> nw.Expr:
    """Whether a number is the value or above it."""
    bound = column.near(values[0]).above
    return _within_reach(column, bound, _a_number(column, column.content >= bound))


def less_than(column: Column, values: Values) -> nw.Expr:
    """Whether a number is below the value."""
    bound = column.near(values[0]).above
    return _within_reach(column, bound, column.content < bound)


def at_most(column: Column, values: Values) -> nw.Expr:
    """Whether a number is the value or below it."""
    bound = column.near(values[0]).below
    return _within_reach(column, bound, column.content <= bound)


def _within_reach(column: Column, bound: Number, found: nw.Expr) -> nw.Expr:
    """Spark 4.2 takes an empty whole number for one below a bound that none of 64 bits reaches."""
    return found if -BEYOND < bound < BEYOND else found & ~column.content.is_null()


def _a_number(column: Column, above: nw.Expr) -> nw.Expr:
    """Engines sort not-a-number above everything: the upper bound keeps it out."""
    return above & (column.content <= inf) if _may_be_nan(column) else above


def _may_be_nan(column: Column) -> bool:
    """Whether it may hold not-a-number: whole ones and those with fixed places can't."""
    return column.kind is Kind.number and column.places is None and not column.is_bare


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


def in_share(column: Column, values: Values) -> nw.Expr:
    """Whether a text is of a share of all texts, which is the same wherever it is asked."""
    (share,) = values
    below: nw.Expr = nw.col(column.shares[share.prefix]) < share.end
    return below if column.is_bare else below & filled(column)


def in_list(column: Column, values: Values) -> nw.Expr:
    """Whether a text, as an address is sent, is one of an address list."""
    addresses = addresses_of(values[0])
    if not addresses or column.address is None:
        return _never(column)
    if column.is_bare:
        return nw.col(column.lists[values[0]])
    return nw.col(column.address).is_in(addresses)


def _next(day: date) -> date | None:
    return day + ONE if day < date.max else None


def _on_days(column: Column, *spans: Days) -> nw.Expr:
    if spans == ((None, None),):
        return _never(column)  # after the last day of all
    if column.kind is Kind.date:
        return _any(_within(column.content, low, high) for low, high in spans)
    zone = column.zone if column.is_zoned else None
    ends = [(_midnight(low, zone), _midnight(high, zone)) for low, high in spans]
    return _any(_within(column.content, low, high) for low, high in ends)


def _never(column: Column) -> nw.Expr:
    """False in each row."""
    return column.content.is_null() & nw.lit(False)


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
