"""How many profiles are in each segment and in any of them, in one query; and which they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from core.profiles.segments.compared import Compared
from core.profiles.segments.expressions import expression, least
from core.profiles.segments.numbered import number
from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, SEGMENTS, Schema, Source, translated


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows: in each segment by its name, in any of them, and in the whole source."""

    segments: Mapping[str, int]
    members: int
    rows: int


def counts(source: Source, segments: Mapping[str, Group], today: date, time_zone: str) -> Counts:
    """Count the segments in one lazy query. Raises SourceFailed."""
    with translated(source):
        found = source.small(counting(source, segments, today, time_zone)).row(0, named=True)
    each = {name: int(found[_mark(place)]) for place, name in enumerate(segments)}
    return Counts(each, found["any"], found["rows"])


def counting(
    source: Source, segments: Mapping[str, Group], today: date, time_zone: str
) -> nw.LazyFrame[Any]:
    """That query: one row of counts."""
    frame, texts = ranked(source.scan(), segments.values(), source.schema(), today, time_zone)
    marks = [
        _number(expression(rules, texts, today, time_zone)).alias(_mark(place))
        for place, rules in enumerate(segments.values())
    ]
    sums = [nw.col(_mark(place)).sum() for place in range(len(segments))]
    # Of one segment it is the same sum, which a database then adds up once.
    either = sums[0] if len(sums) == 1 else _number(_in_any(_marked(segments))).sum()
    return frame.select(ROW, *marks).select(*sums, either.alias("any"), nw.len().alias("rows"))


def members(
    frame: nw.LazyFrame[Any],
    segments: Mapping[str, Group],
    schema: Schema,
    today: date,
    time_zone: str,
    numbered: Sequence[Group] = (),
) -> nw.LazyFrame[Any]:
    """The rows in any of the segments, lazily; with `numbered` SEGMENTS says in which of these."""
    if not any(group.tops() for group in numbered):  # who comes first is known from all rows
        frame = _narrowed(frame, segments, schema, today, time_zone)
    with_texts, texts = ranked(frame, [*segments.values(), *numbered], schema, today, time_zone)
    found = with_texts.filter(_inside(segments, texts, today, time_zone))
    if numbered:
        each = [expression(rules, texts, today, time_zone) for rules in numbered]
        found = found.with_columns(number(each).alias(SEGMENTS))
    return found.drop(texts.ours)


def marked(
    frame: nw.LazyFrame[Any],
    mark: str,
    segments: Mapping[str, Group],
    schema: Schema,
    today: date,
    time_zone: str,
) -> nw.LazyFrame[Any]:
    """The rows with a column `mark`: whether they are in any of the segments."""
    with_texts, texts = ranked(frame, segments.values(), schema, today, time_zone)
    inside = _inside(segments, texts, today, time_zone)
    return with_texts.with_columns(inside.alias(mark)).drop(texts.ours)


def _inside(segments: Mapping[str, Group], texts: Compared, today: date, time_zone: str) -> nw.Expr:
    return _in_any(expression(rules, texts, today, time_zone) for rules in segments.values())


def _narrowed(
    frame: nw.LazyFrame[Any],
    segments: Mapping[str, Group],
    schema: Schema,
    today: date,
    time_zone: str,
) -> nw.LazyFrame[Any]:
    """In polars the frame without rows that are out whatever their texts are, which cost most.

    Databases leave out what they needn't know by themselves.
    """
    if not isinstance(frame.to_native(), pl.LazyFrame):
        return frame
    bare = Compared(schema, frame.collect_schema())
    each = [least(rules, bare, today, time_zone) for rules in segments.values()]
    known = [one for one in each if one is not None]
    return frame.filter(_in_any(known)) if known and len(known) == len(each) else frame


def _in_any(inside: Iterable[nw.Expr]) -> nw.Expr:
    """True for rows in one of them; without segments for none, which the row's number says."""
    nobody = nw.col(ROW).is_null()
    return nw.any_horizontal(nobody, *inside, ignore_nulls=False)


def _mark(place: int) -> str:
    """The name of a segment's count."""
    return f"segment {place + 1}"


def _marked(segments: Mapping[str, Group]) -> Iterator[nw.Expr]:
    """Whether a row's mark of each segment says that it is in."""
    return (nw.col(_mark(place)) == 1 for place in range(len(segments)))


def _number(inside: nw.Expr) -> nw.Expr:
    """One or nothing; not every engine can add up flags, or make numbers of them.

    As a condition rules are looked at only as long as the answer isn't known, as columns all are.
    """
    return nw.when(inside).then(1).otherwise(0)
