"""What rules compare: columns of ours, beside those that a source has.

Texts are cleaned and composed first. In other engines than polars every column that rules look at
is prepared, so that the engine's own ideas of a text or a number make no difference.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core.columns import column, own
from core.profiles.cleaning import comparable, holds_text
from core.profiles.segments.comparisons import Column
from core.profiles.segments.numbers import ANY
from core.profiles.segments.rules import Group
from core.profiles.segments.shares import Share, numbered
from core.profiles.sources import Kind, Schema

Asked = tuple[str, str]  # a field, and what stands before its text in a share's hash


@dataclass(frozen=True, slots=True)
class Compared:
    """Which columns are compared in place of fields, and what they hold.

    `is_bare`: whether they are null wherever a field is empty.
    """

    schema: Schema
    types: Mapping[str, nw.dtypes.DType]  # of the columns of the frame, ours among them
    names: Mapping[str, str] = field(default_factory=dict)  # of columns of ours, by field
    is_bare: bool = False
    shares: Mapping[Asked, str] = field(default_factory=dict)  # of columns with digits, see shares

    @property
    def ours(self) -> list[str]:
        """The names of all columns of ours."""
        return [*self.names.values(), *self.shares.values()]

    def column(self, field: str, today: date, zone: ZoneInfo) -> Column:
        """What is compared of a field."""
        name = self.names.get(field, field)
        dtype = self.types[name]
        return Column(
            name,
            self.schema[field],
            today,
            zone,
            places=_places(dtype, is_scaled=not self.is_bare),
            is_zoned=isinstance(dtype, nw.Datetime) and dtype.time_zone is not None,
            is_bare=self.is_bare and field in self.names,
            shares={prefix: name for (of, prefix), name in self.shares.items() if of == field},
        )


def compared(
    frame: nw.LazyFrame[Any], rules: Iterable[Group], schema: Schema, more: Collection[str] = ()
) -> tuple[nw.LazyFrame[Any], Compared]:
    """The frame with columns of ours beside it, for what the rules look at, and `more` fields."""
    every = [rule for group in rules for rule in group.rules()]
    fields = {rule.field for rule in every}.union(more)
    shares = {(one.field, one.value.prefix) for one in every if isinstance(one.value, Share)}
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return _with_texts(native, fields, shares, schema)
    return _prepared(native, fields, shares, schema)


def _with_texts(
    native: pl.LazyFrame, fields: Collection[str], shares: Collection[Asked], schema: Schema
) -> tuple[nw.LazyFrame[Any], Compared]:
    types = native.collect_schema()
    names = {name: own(f"compared {name}") for name in fields if holds_text(types[name])}
    texts = [
        column(name)
        .map_batches(comparable, return_dtype=types[name], is_elementwise=True)
        .alias(ours)
        for name, ours in names.items()
    ]
    found = _numbered(shares, names)
    digits = [
        pl.col(names[name])
        .map_batches(partial(numbered, prefix=prefix), pl.String, is_elementwise=True)
        .alias(ours)
        for (name, prefix), ours in found.items()
    ]
    native = native.with_columns(texts)
    frame = nw.from_native(native.with_columns(digits) if digits else native)
    return frame, Compared(schema, frame.collect_schema(), names, shares=found)


def _numbered(shares: Collection[Asked], names: Mapping[str, str]) -> dict[Asked, str]:
    """Names of the columns with digits; fields without texts, of which nothing is known, need none.

    They are short, for a database may cut names.
    """
    wanted = sorted(asked for asked in shares if asked[0] in names)
    return {asked: own(f"share {n}") for n, asked in enumerate(wanted, 1)}


def _prepared(
    native: Any, fields: Collection[str], shares: Collection[Asked], schema: Schema
) -> tuple[nw.LazyFrame[Any], Compared]:
    from core.profiles.sources.databases.prepared import prepared, with_shares  # heavy

    kinds = {name: schema[name] for name in sorted(fields)}
    names = {name: own(f"compared {n}") for n, name in enumerate(kinds, 1)}
    found = _numbered([one for one in shares if kinds[one[0]] is Kind.text], names)
    wanted = {ours: (names[name], prefix) for (name, prefix), ours in found.items()}
    frame = nw.from_native(with_shares(prepared(native, kinds, names), wanted))
    return frame, Compared(schema, frame.collect_schema(), names, is_bare=True, shares=found)


def _places(of: nw.dtypes.DType, *, is_scaled: bool) -> int | None:
    """After the point; of decimals in databases the schema doesn't say how many there are."""
    if isinstance(of, nw.Decimal):
        return of.scale if is_scaled else ANY
    return 0 if of.is_integer() else None
