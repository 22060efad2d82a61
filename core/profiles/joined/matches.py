"""How many rows of two tables belong to each other: whether the keys are the right ones."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from core.columns import own
from core.profiles.joined.aggregates import Day, aggregated, key_kind, with_fields
from core.profiles.joined.fields import Join, JoinedField
from core.profiles.joined.source import JoinedSource, Other
from core.profiles.sources import Source, translated

MATCHED = own("matched")
ANY_DAY = Day(date.min, "UTC")  # nothing here looks at a day


@dataclass(frozen=True, slots=True)
class Matches:
    """Rows of a source, those with a row in another, the rows there, and those that match none."""

    source: str  # the name of the other one
    rows: int
    matched: int
    other_rows: int
    unmatched: int


def matches(source: JoinedSource) -> list[Matches]:
    """Of each table that is joined to the source. Raises SourceFailed."""
    with translated(source):
        return [_matches(source.base, other) for other in source.others]


def _matches(base: Source, other: Other) -> Matches:
    key, other_key = other.join.key, other.join.other_key
    matched, rows = _counted(base, key, other.source, other_key)
    known, other_rows = _counted(other.source, other_key, base, key)
    return Matches(other.join.source, rows, matched, other_rows, other_rows - known)


def _counted(base: Source, key: str, other: Source, other_key: str) -> tuple[int, int]:
    """How many rows of the first have one in the second, and how many there are."""
    field = JoinedField.model_construct(name=MATCHED, exists="rows")
    join = Join.model_construct(source="", on={key: other_key}, fields=(field,))
    schema, theirs = base.schema(), other.schema()
    kind = key_kind(schema[key], theirs[other_key])
    rows = aggregated(other.scan(), theirs, join, ANY_DAY, kind)
    frame: nw.LazyFrame[Any] = with_fields(base.scan(), schema, join, rows, kind)
    one = nw.when(nw.col(MATCHED)).then(1).otherwise(0).sum()
    found = base.small(frame.select(one.alias("matched"), nw.len().alias("rows")))
    return int(found["matched"].item() or 0), int(found["rows"].item())
