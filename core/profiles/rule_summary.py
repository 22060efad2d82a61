"""Whom each rule of a segment decides about, and each group that takes the first of its people."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Literal
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core.columns import own
from core.profiles import everyday
from core.profiles.column_summary import ORDERED, ColumnSummary, plain
from core.profiles.segments.compared import Compared
from core.profiles.segments.expressions import each_rule, each_top
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.top import Order, Top
from core.profiles.segments.words import rule_words
from core.profiles.sources import Kind, Schema

MOST = 60  # rules, and groups that take the first of their people
WHAT = ("passes", "kept out", "let in")  # what is counted of a rule or such a group
Sum = Literal["min", "max", "sum"]


@dataclass(frozen=True, slots=True)
class RuleSummary:
    """One rule of a segment: how many rows pass it, and for how many it alone decides.

    `kept_out` would be in the segment if they passed it; `let_in` would not be if they didn't.
    """

    segment: str
    field: str
    words: str
    passes: int
    kept_out: int
    let_in: int


@dataclass(frozen=True, slots=True)
class TopSummary:
    """One group of a segment that takes the first `count` of its `people`, those with a value.

    `border` is the last value that is in, a number or a day (ISO): None where everybody is in, and
    where it could tell of a single person. The others are as of a rule.
    """

    segment: str
    field: str
    count: int
    order: Order
    people: int
    border: float | str | None
    passes: int
    kept_out: int
    let_in: int


def each_passed(
    segments: Mapping[str, Group], texts: Compared, today: date, time_zone: str
) -> dict[str, nw.Expr]:
    """By the names of their columns: whether a row passes each rule.

    And whether it is in each group that takes the first of its people.
    """
    return {
        name(n, segment): one
        for segment, rules in segments.items()
        for name, each in ((_rule_name, each_rule), (_top_name, each_top))
        for n, one in enumerate(each(rules, texts, today, time_zone))
    }


def each_place(
    segments: Mapping[str, Group], texts: Compared, today: date, time_zone: str
) -> dict[str, nw.Expr]:
    """By the names of `place_sums`: of each such group who has a place, and the values within."""
    found: dict[str, nw.Expr] = {}
    for segment, n, group, top in _tops(segments):
        by, place = texts.column(top.by, today, ZoneInfo(time_zone)), texts.places.name(group)
        found[_people_name(n, segment)] = nw.when(~nw.col(place).is_null()).then(1).otherwise(0)
        if by.kind is not Kind.nothing:
            within = nw.when(nw.col(place) <= top.count)
            found[_border_name(n, segment)] = within.then(by.content)
    return found


def place_sums(segments: Mapping[str, Group], schema: Schema) -> dict[str, Sum]:
    """How each of these columns becomes one value, of rows or of such values alike."""
    found: dict[str, Sum] = {}
    for segment, n, _group, top in _tops(segments):
        found[_people_name(n, segment)] = "sum"
        if schema[top.by] is not Kind.nothing:
            found[_border_name(n, segment)] = "min" if top.is_descending else "max"
    return found


def decided(
    segments: Mapping[str, Group], counted: Callable[[pl.Expr], pl.Expr]
) -> Iterator[pl.Expr]:
    """Of each rule and such group how many pass it, whom it alone keeps out, and lets in.

    `counted` adds up rows, in which are the columns of `each_passed`.
    """
    for segment, rules in segments.items():
        inside = inside_of(rules, segment)
        for leaf in _leaves(rules, segment):
            both = [inside_of(rules, segment, (leaf, passed)) for passed in (True, False)]
            either, neither = pl.any_horizontal(*both), pl.all_horizontal(*both)
            passed = pl.col(leaf), either & ~inside, inside & ~neither
            for what, one in zip(WHAT, passed, strict=True):
                yield counted(one).alias(_count_name(what, leaf))


def inside_of(rules: Group, segment: str, without: tuple[str, bool] | None = None) -> pl.Expr:
    """Whether a row is in the segment, by its rules' own columns; one may be taken as decided.

    What a rule decides of who comes first isn't known from one row: it counts as nothing.
    """
    numbers, tops = count(), rules.tops()

    def leaf(name: str) -> pl.Expr:
        return pl.lit(without[1]) if without and without[0] == name else pl.col(name)

    def one(item: Group | Rule) -> pl.Expr:
        if isinstance(item, Rule):
            return leaf(_rule_name(next(numbers), segment))
        if item.top is not None:
            for _rule in item.rules():
                next(numbers)
            return leaf(_top_name(tops.index(item), segment))
        parts = [one(inner) for inner in item.items]
        joined = pl.all_horizontal if item.kind == "all" else pl.any_horizontal
        return ~joined(*parts) if item.kind == "none" else joined(*parts)

    return one(rules)


def read(
    row: Mapping[str, Any],
    segments: Mapping[str, Group],
    schema: Schema,
    columns: Mapping[str, ColumnSummary],
) -> tuple[tuple[RuleSummary, ...], tuple[TopSummary, ...]]:
    """From a row with what `decided` counts and the values of `place_sums`.

    `columns` are those of the source that are summed up: of others no border is known.
    """
    return _read_rules(row, segments, schema), _read_tops(row, segments, columns)


def _read_rules(
    row: Mapping[str, Any], segments: Mapping[str, Group], schema: Schema
) -> tuple[RuleSummary, ...]:
    found = []
    for segment, rules in segments.items():
        for n, rule in enumerate(list(rules.rules())[:MOST]):
            kind = schema[rule.field]
            hidden = kind in (Kind.text, *ORDERED) and everyday.is_personal(rule.field, kind)
            words = rule_words(rule, valued=not hidden)
            numbers = _counts(row, _rule_name(n, segment))
            found.append(RuleSummary(segment, rule.field, words, *numbers))
    return tuple(found[:MOST])


def _read_tops(
    row: Mapping[str, Any], segments: Mapping[str, Group], columns: Mapping[str, ColumnSummary]
) -> tuple[TopSummary, ...]:
    found = []
    for segment, n, _group, top in _tops(segments):
        numbers = _counts(row, _top_name(n, segment))
        people = int(row[_people_name(n, segment)] or 0)
        ranged = top.by in columns and columns[top.by].most is not None
        last = row.get(_border_name(n, segment)) if ranged and people > numbers[0] else None
        found.append(
            TopSummary(segment, top.by, top.count, top.order, people, plain(last), *numbers)
        )
    return tuple(found[:MOST])


def _tops(segments: Mapping[str, Group]) -> Iterator[tuple[str, int, Group, Top]]:
    """Each group that takes the first of its people, with its segment and its number there."""
    for segment, rules in segments.items():
        for n, group in enumerate(rules.tops()[:MOST]):
            if group.top is not None:
                yield segment, n, group, group.top


def _leaves(rules: Group, segment: str) -> Sequence[str]:
    """The names of the columns of what decides."""
    of_rules = [_rule_name(n, segment) for n, _rule in enumerate(list(rules.rules())[:MOST])]
    return of_rules + [_top_name(n, segment) for n, _top in enumerate(rules.tops()[:MOST])]


def _counts(row: Mapping[str, Any], leaf: str) -> tuple[int, int, int]:
    passes, kept_out, let_in = (int(row[_count_name(what, leaf)]) for what in WHAT)
    return passes, kept_out, let_in


def _rule_name(n: int, segment: str) -> str:
    """The name of the column that says whether a row passes rule n of a segment."""
    return own(f"rule {n} {segment}")


def _top_name(n: int, segment: str) -> str:
    return own(f"top {n} {segment}")


def _people_name(n: int, segment: str) -> str:
    return own(f"people {n} {segment}")


def _border_name(n: int, segment: str) -> str:
    return own(f"border {n} {segment}")


def _count_name(what: str, leaf: str) -> str:
    return own(f"{what} {leaf}")
