"""Rules as one expression that every engine understands, true or false for each row, never null.

Empty is null, not-a-number, blank text and a list without items. What is compared is always a
positive question, answered false for empty; a negative operator is its denial, and so keeps them.
Only operations are used that narwhals has for polars, Ibis and Spark alike.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import narwhals.selectors as ncs

from core.profiles.segments.rules import NEGATIVE, Group, Op, Rule
from core.profiles.segments.values import fitting
from core.profiles.sources import Kind, Schema

EXACT = 2**53  # integers below it are exact as floating point numbers
ONE = timedelta(days=1)
Days = tuple[date | None, date | None]  # from the first to before the second; None is open


def expression(rules: Group, schema: Schema, today: date, time_zone: str) -> nw.Expr:
    """Whether a row is in the segment: boolean, never null.

    `today` is the day in `time_zone` that the last days are counted back from. A day compared with
    a moment means the whole day there; moments without a zone are taken as told there. The last
    n days are those from today - n to today, both included, so that later ones are out.
    Raises Invalid for values that don't fit: call check first for every problem with its place.
    """
    zone = ZoneInfo(time_zone)

    def one(item: Group | Rule) -> nw.Expr:
        if isinstance(item, Rule):
            return _rule(item, schema[item.field], today, zone)
        parts = [one(inner) for inner in item.items]
        if item.kind == "all":
            return nw.all_horizontal(*parts, ignore_nulls=False)
        joined = nw.any_horizontal(*parts, ignore_nulls=False)
        return ~joined if item.kind == "none" else joined

    return one(rules)


def _rule(rule: Rule, kind: Kind, today: date, zone: ZoneInfo) -> nw.Expr:
    column, values = nw.col(rule.field), fitting(rule, kind)
    if rule.op in (Op.is_empty, Op.is_not_empty):
        held = _held(column, kind)
        return held if rule.op is Op.is_not_empty else ~held
    if kind in (Kind.date, Kind.moment):
        spans = _spans(rule.op, values, today)
        asked = _on_days(column, spans) if kind is Kind.date else _in_days(rule.field, spans, zone)
    else:
        asked = ASKED[kind](column, rule.op, values)
    asked = asked.fill_null(False)
    return ~asked if rule.op in NEGATIVE else asked


def _held(column: nw.Expr, kind: Kind) -> nw.Expr:
    """Whether the field holds anything."""
    if kind is Kind.text:
        return (column.str.strip_chars() != "").fill_null(False)
    if kind is Kind.number:
        return (column <= inf).fill_null(False)  # of integers nobody can ask for not-a-number
    if kind is Kind.list:
        return (column.list.len() > 0).fill_null(False)
    return ~column.is_null()


def _text(column: nw.Expr, op: Op, values: tuple[Any, ...]) -> nw.Expr:
    first = values[0]
    if op in (Op.equals, Op.not_equals):
        return _is(column, first)
    if op in (Op.is_one_of, Op.is_none_of):
        return column.is_in(values)
    found = _searched(column, op, first)
    could_be_blank = op is Op.matches or not first.strip()
    return found & _held(column, Kind.text) if could_be_blank else found


def _searched(column: nw.Expr, op: Op, text: str) -> nw.Expr:
    if op is Op.starts_with:
        return column.str.starts_with(text)
    if op is Op.ends_with:
        return column.str.ends_with(text)
    return column.str.contains(text, literal=op is Op.contains)


def _number(column: nw.Expr, op: Op, values: tuple[Any, ...]) -> nw.Expr:
    first = values[0]
    if op in (Op.is_one_of, Op.is_none_of):
        return _one_of_numbers(column, values)
    if op in (Op.equals, Op.not_equals):
        return _is(column, first)
    above: nw.Expr = column > first if op is Op.more_than else column >= first
    below: nw.Expr = column < first if op is Op.less_than else column <= first
    if op in (Op.less_than, Op.at_most):
        return below
    # Some engines sort not-a-number above everything: the upper bound keeps it out.
    most: nw.Expr = column <= (values[1] if op is Op.between else inf)
    return above & most


def _is(column: nw.Expr, value: object) -> nw.Expr:
    same: nw.Expr = column == value
    return same


def _one_of_numbers(column: nw.Expr, values: tuple[Any, ...]) -> nw.Expr:
    small = [float(value) for value in values if abs(value) < EXACT]
    large = [column == value for value in values if abs(value) >= EXACT]
    parts = [column.cast(nw.Float64).is_in(small)] if small else []
    return nw.any_horizontal(*parts, *large, ignore_nulls=True)


def _boolean(column: nw.Expr, op: Op, values: tuple[Any, ...]) -> nw.Expr:
    wanted = set(values) or {op is Op.is_true}
    return nw.any_horizontal(*(column if value else ~column for value in wanted), ignore_nulls=True)


def _list(column: nw.Expr, _op: Op, values: tuple[Any, ...]) -> nw.Expr:
    return column.cast(nw.List(nw.String)).list.contains(values[0])


ASKED: Mapping[Kind, Callable[[nw.Expr, Op, tuple[Any, ...]], nw.Expr]] = {
    Kind.text: _text,
    Kind.number: _number,
    Kind.boolean: _boolean,
    Kind.list: _list,
}


def _spans(op: Op, values: tuple[Any, ...], today: date) -> list[Days]:
    """The days that are asked for."""
    first = values[0]
    if op in (Op.in_last_days, Op.not_in_last_days):
        back = min(first, today.toordinal() - 1)
        return [(today - timedelta(days=back), _next(today))]
    if op is Op.before:
        return [(None, first)]
    if op is Op.after:
        return [(_next(first), None)]
    if op is Op.between:
        return [(first, _next(values[1]))]
    return [(value, _next(value)) for value in values]


def _next(day: date) -> date | None:
    return day + ONE if day < date.max else None


def _on_days(column: nw.Expr, spans: list[Days]) -> nw.Expr:
    return _any(_within(column, low, high) for low, high in spans)


def _in_days(field: str, spans: list[Days], zone: ZoneInfo) -> nw.Expr:
    """Of the two selections one is always empty: the schema doesn't say whether there is a zone."""
    name = ncs.matches(f"^{re.escape(field)}$")
    naive, zoned = name & ncs.datetime(time_zone=None), name & ncs.datetime(time_zone="*")
    told = [_within(naive, _midnight(low), _midnight(high)) for low, high in spans]
    real = [_within(zoned, _midnight(low, zone), _midnight(high, zone)) for low, high in spans]
    return _any([*told, *real])


def _any(parts: Iterable[nw.Expr]) -> nw.Expr:
    return nw.any_horizontal(nw.lit(False), *parts, ignore_nulls=True)


def _within(column: nw.Expr, low: date | None, high: date | None) -> nw.Expr:
    if low is None or high is None:
        return column >= low if high is None else column < high
    return (column >= low) & (column < high)


def _midnight(day: date | None, zone: ZoneInfo | None = None) -> datetime | None:
    """When a day begins: without a zone as told there, with one in UTC."""
    if day is None:
        return None
    start = datetime.combine(day, time.min)
    if zone is None:
        return start
    ends_of_time = day in (date.min, date.max)  # where a zone would lead outside the calendar
    return start.replace(tzinfo=UTC if ends_of_time else zone).astimezone(UTC)
