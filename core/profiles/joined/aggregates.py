"""Rows of another table as one row for each person, by expressions that every engine understands.

Values are taken as rules compare them: texts cleaned and composed, what is empty as null. So a key
matches, and rows count, in a database as in files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core.columns import content, own
from core.profiles.joined.fields import Join, JoinedField, Make
from core.profiles.segments.compared import Compared, compared
from core.profiles.segments.comparisons import Column, filled, in_last_days
from core.profiles.segments.expressions import expression
from core.profiles.sources import Kind, Schema, engine_of

KEY = own("key")
WHOLE = nw.Decimal(38, 0)  # in which whole numbers are added up, so that no sum runs over
UNSCALED = "sqlite"  # has no decimals, and fails where whole numbers run over
MOST_FLOATING, MOST_EXACT = 10**15, 10**18  # below which a number without fraction can be a key


@dataclass(frozen=True, slots=True)
class Day:
    """The day in `time_zone` that the last days are counted back from."""

    today: date
    time_zone: str


@dataclass(frozen=True, slots=True)
class _Table:
    """The other table with columns of ours, and how they are compared."""

    columns: Compared
    day: Day

    def column(self, name: str) -> Column:
        return self.columns.column(name, self.day.today, ZoneInfo(self.day.time_zone))

    def is_whole(self, name: str) -> bool:
        return self.columns.types[self.columns.names.get(name, name)].is_integer()

    def kind(self, name: str) -> Kind:
        return self.columns.schema[name]

    @property
    def is_unscaled(self) -> bool:
        return engine_of(self.columns.schema) == UNSCALED


def aggregated(
    frame: nw.LazyFrame[Any], schema: Schema, join: Join, day: Day, key: Kind
) -> nw.LazyFrame[Any]:
    """A row for each key that is in the table: KEY, and the fields by their names.

    `key` is the kind in which keys are compared.
    """
    rules = [field.where for field in join.fields if field.where]
    frame, columns = compared(frame, rules, schema, join.columns())
    table = _Table(columns, day)
    fields = list(enumerate(join.fields))
    rows = frame.select(
        _key(table, join.other_key, key).alias(KEY),
        *(_value(table, field).alias(_named("value", n)) for n, field in fields),
        *(_order(table, field).alias(_named("order", n)) for n, field in fields if field.by),
    )
    rows = _of_one_row(rows.filter(~nw.col(KEY).is_null()), fields)
    sums = [one for n, field in fields for one in _sums(n, field)]
    found = rows.group_by(KEY).agg(nw.len().alias(_named("rows", 0)), *sums)
    return found.select(KEY, *(_made(table, n, field) for n, field in fields))


def with_fields(
    frame: nw.LazyFrame[Any],
    schema: Schema,
    join: Join,
    others: nw.LazyFrame[Any],
    key: Kind,
) -> nw.LazyFrame[Any]:
    """The profiles in their order, each with the fields of what was `aggregated`."""
    frame, columns = compared(frame, (), schema, [join.key])
    table = _Table(columns, Day(date.min, "UTC"))  # nothing here looks at a day
    keyed = frame.with_columns(_key(table, join.key, key).alias(KEY))
    found = _left_joined(keyed, others).drop(KEY, *columns.ours)
    numbers = [one for field in join.fields for one in _without_rows(field)]
    return found.with_columns(*numbers) if numbers else found


def key_kind(one: Kind, other: Kind) -> Kind:
    """In which kind two columns are compared, of which one may hold nothing."""
    found = other if one is Kind.nothing else one
    return Kind.text if found is Kind.nothing else found


def _left_joined(left: nw.LazyFrame[Any], right: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    native, other = left.to_native(), right.to_native()
    if isinstance(native, pl.LazyFrame):
        kept = native.join(other, on=KEY, how="left", maintain_order="left")
        return nw.from_native(kept)
    return left.join(right, on=KEY, how="left")


def _key(table: _Table, name: str, kind: Kind) -> nw.Expr:
    """The key as it is compared, null where it is empty or can't be one, such as 1.5."""
    if table.kind(name) is Kind.nothing:
        return nw.lit(None, dtype=nw.Int64 if kind is Kind.number else nw.String)
    column = table.column(name)
    value = _content(column)
    if kind is not Kind.number or table.is_whole(name):
        return value
    most = MOST_FLOATING if column.places is None else MOST_EXACT
    whole = nw.when((value < most) & (value > -most)).then(value).cast(nw.Int64)
    return nw.when(whole == value).then(whole)


def _content(column: Column) -> nw.Expr:
    """What the column holds, null where it is empty."""
    return column.content if column.is_bare else nw.when(filled(column)).then(column.content)


def _value(table: _Table, field: JoinedField) -> nw.Expr:
    """What a row adds to the field, null (of rows: 0) where it isn't among those that count."""
    counts = _counts(table, field)
    if field.column is None:
        one: nw.Expr = nw.when(counts).then(1).otherwise(0)
        return one
    name = field.column
    if table.kind(name) is Kind.nothing:
        return nw.lit(None, dtype=nw.Float64 if field.make.gives else nw.String)
    value = _content(table.column(name))
    if table.kind(name) is Kind.boolean:
        value = nw.when(value).then(1).when(~value).then(0)
    elif field.make in (Make.sum, Make.average) and table.is_whole(name) and not table.is_unscaled:
        value = value.cast(WHOLE)
    return nw.when(counts).then(value)


def _order(table: _Table, field: JoinedField) -> nw.Expr:
    """By what a row comes first or last."""
    name = str(field.by)
    if table.kind(name) is Kind.nothing:
        return nw.lit(None, dtype=nw.Date)
    return nw.when(_counts(table, field)).then(_content(table.column(name)))


def _counts(table: _Table, field: JoinedField) -> nw.Expr:
    """Whether a row is among those that the field is made of; never null."""
    parts = [nw.lit(True)]
    if field.within_days is not None:
        column = table.column(str(field.by))
        is_late = filled if column.kind is Kind.nothing else in_last_days
        parts.append(is_late(column, (field.within_days,)).fill_null(False))
    if field.where is not None:
        parts.append(expression(field.where, table.columns, table.day.today, table.day.time_zone))
    return nw.all_horizontal(*parts, ignore_nulls=False)


def _of_one_row(
    rows: nw.LazyFrame[Any], fields: Sequence[tuple[int, JoinedField]]
) -> nw.LazyFrame[Any]:
    """Of the fields that are the value of one row: null in all rows but that, and those as new."""
    ordered = [(n, field.make) for n, field in fields if field.make.is_ordered and field.by]
    if not ordered:
        return rows
    ends = [_end(nw.col(_named("order", n)), make).alias(_named("end", n)) for n, make in ordered]
    found = rows.join(rows.group_by(KEY).agg(*ends), on=KEY, how="left")
    values = [
        nw.when(nw.col(_named("order", n)) == nw.col(_named("end", n)))
        .then(nw.col(_named("value", n)))
        .alias(_named("value", n))
        for n, _make in ordered
    ]
    return found.with_columns(*values)


def _end(order: nw.Expr, make: Make) -> nw.Expr:
    return order.max() if make is Make.last else order.min()


def _sums(n: int, field: JoinedField) -> list[nw.Expr]:
    """What is computed of the rows of one key."""
    value, make = nw.col(_named("value", n)), field.make
    if make.takes_rows:
        return [value.sum().alias(_named("value", n))]
    if make in (Make.sum, Make.average, Make.distinct):
        found = value.n_unique() if make is Make.distinct else value.sum()
        return [found.alias(_named("value", n)), value.count().alias(_named("filled", n))]
    # Of several rows that are as new as each other it is the largest value, whatever their order.
    least = make is Make.min or (make is Make.first and not field.by)
    return [(value.min() if least else value.max()).alias(_named("value", n))]


def _made(table: _Table, n: int, field: JoinedField) -> nw.Expr:
    """The field by its name, of what was computed."""
    value, filled_rows = nw.col(_named("value", n)), nw.col(_named("filled", n))
    found, make = value, field.make
    if make is Make.average:
        found = nw.when(filled_rows > 0).then(value.cast(nw.Float64) / filled_rows)
    if make is Make.sum:
        whole = field.column is not None and _is_whole_number(table, field.column)
        found = nw.when(filled_rows > 0).then(value.cast(nw.Int64) if whole else value)
    if make is Make.exists:
        found = value > 0
    elif _holds_flags(table, field):
        found = value == 1
    elif make is Make.number:
        found = value.cast(nw.Int64)
    elif make is Make.distinct:  # which counts empty values as one
        has_empty = filled_rows < nw.col(_named("rows", 0))
        found = nw.when(has_empty).then(value - 1).otherwise(value).cast(nw.Int64)
    return found.alias(field.name)


def _is_whole_number(table: _Table, name: str) -> bool:
    return table.kind(name) is Kind.number and table.is_whole(name)


def _holds_flags(table: _Table, field: JoinedField) -> bool:
    is_flag = field.column is not None and table.kind(field.column) is Kind.boolean
    return is_flag and field.make is not Make.distinct


def _without_rows(field: JoinedField) -> list[nw.Expr]:
    """Of a person without rows numbers of them are 0, and there is none; the rest stays empty."""
    if field.make in (Make.number, Make.distinct):
        return [content(field.name).fill_null(0)]
    if field.make is Make.exists:
        return [content(field.name).fill_null(False)]
    return []


def _named(what: str, n: int) -> str:
    return own(f"{what} {n}")
