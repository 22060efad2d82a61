"""What rules compare: columns of ours, beside those that a source has.

Texts are cleaned and composed first. In other engines than polars every column that rules look at
is prepared, so that the engine's own ideas of a text or a number make no difference.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core.columns import column, own
from core.profiles.cleaning import comparable, holds_text
from core.profiles.segments.comparisons import Column
from core.profiles.segments.numbers import ANY
from core.profiles.segments.rules import Group
from core.profiles.sources import Schema


@dataclass(frozen=True, slots=True)
class Compared:
    """Which columns are compared in place of fields, and what they hold.

    `is_bare`: whether they are null wherever a field is empty.
    """

    schema: Schema
    types: Mapping[str, nw.dtypes.DType]  # of the columns of the frame, ours among them
    names: Mapping[str, str] = field(default_factory=dict)  # of columns of ours, by field
    is_bare: bool = False

    def column(self, field: str, today: date, zone: ZoneInfo) -> Column:
        """What is compared of a field."""
        name = self.names.get(field, field)
        of = self.types[name]
        return Column(
            name,
            self.schema[field],
            today,
            zone,
            places=_places(of, is_scaled=not self.is_bare),
            is_zoned=isinstance(of, nw.Datetime) and of.time_zone is not None,
            is_bare=self.is_bare and field in self.names,
        )


def compared(
    frame: nw.LazyFrame[Any], rules: Iterable[Group], schema: Schema
) -> tuple[nw.LazyFrame[Any], Compared]:
    """The frame with columns of ours beside it, for what the rules look at."""
    fields = {rule.field for group in rules for rule in group.rules()}
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return _with_texts(native, fields, schema)
    return _prepared(native, fields, schema)


def _with_texts(
    native: pl.LazyFrame, fields: Collection[str], schema: Schema
) -> tuple[nw.LazyFrame[Any], Compared]:
    types = native.collect_schema()
    names = {name: own(f"compared {name}") for name in fields if holds_text(types[name])}
    texts = [
        column(name)
        .map_batches(comparable, return_dtype=types[name], is_elementwise=True)
        .alias(ours)
        for name, ours in names.items()
    ]
    frame = nw.from_native(native.with_columns(texts))
    return frame, Compared(schema, frame.collect_schema(), names)


def _prepared(
    native: Any, fields: Collection[str], schema: Schema
) -> tuple[nw.LazyFrame[Any], Compared]:
    from core.profiles.sources.databases.prepared import prepared  # heavy

    kinds = {name: schema[name] for name in sorted(fields)}
    names = {name: own(f"compared {n}") for n, name in enumerate(kinds, 1)}
    frame = nw.from_native(prepared(native, kinds, names))
    return frame, Compared(schema, frame.collect_schema(), names, is_bare=True)


def _places(of: nw.dtypes.DType, *, is_scaled: bool) -> int | None:
    """After the point; of decimals in databases the schema doesn't say how many there are."""
    if isinstance(of, nw.Decimal):
        return of.scale if is_scaled else ANY
    return 0 if of.is_integer() else None
