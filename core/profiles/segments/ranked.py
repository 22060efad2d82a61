"""Which place people have in groups that take the first ones by a field: columns beside others.

A place counts all who come before, and those who are alike: of two who share the first place both
have the second. Everybody of the source has to be in the frame, for places are among all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core.columns import own
from core.profiles.segments.compared import Compared, compared
from core.profiles.segments.comparisons import Column, filled
from core.profiles.segments.expressions import expression
from core.profiles.segments.places import Places
from core.profiles.segments.rules import Group
from core.profiles.segments.top import PREFIX, Top
from core.profiles.sources import Kind, Schema


def ranked(
    frame: nw.LazyFrame[Any], rules: Iterable[Group], schema: Schema, today: date, time_zone: str
) -> tuple[nw.LazyFrame[Any], Compared]:
    """The frame as it is `compared`, with a column of places for each group that has a `top`."""
    every = list(rules)
    frame, texts = compared(frame, every, schema)
    for groups in _levels(every):
        places = [
            _Place(group, group.top, len(texts.places.names) + n)
            for n, group in enumerate(groups, 1)
            if group.top
        ]
        frame = _with_places(frame, texts, places, today, time_zone)
        known = [(place.group, place.name) for place in places]
        texts = replace(texts, places=Places((*texts.places.tops, *known)))
    return frame, texts


def placed(
    frame: nw.LazyFrame[Any], rules: Iterable[Group], schema: Schema, today: date, time_zone: str
) -> tuple[nw.LazyFrame[Any], Places]:
    """The frame with the columns of places alone: for whoever looks at some of its rows only."""
    found, texts = ranked(frame, rules, schema, today, time_zone)
    others = [name for name in texts.ours if name not in texts.places.names]
    return found.drop(others), texts.places


@dataclass(frozen=True, slots=True)
class _Place:
    """A group whose people have a place, and the number of its column, from 1."""

    group: Group
    top: Top
    n: int

    @property
    def name(self) -> str:
        return own(f"rank {self.n}")

    @property
    def value(self) -> str:
        """The column of what they come by, null for whoever isn't among the group's people."""
        return own(f"value {self.n}")

    @property
    def ties(self) -> str:
        """The column of what is lower of whoever comes first among people with the same value."""
        return own(f"ties {self.n}")


def _levels(rules: Iterable[Group]) -> Iterator[list[Group]]:
    """Each group with a `top` once: those without others in them, those with such ones, and so on.

    Each level is a query within the next one, of which databases allow few.
    """
    left: list[Group] = []
    for group in (one for rules_of_one in rules for one in rules_of_one.tops()):
        if group not in left:
            left.append(group)
    while left:
        level = [one for one in left if not any(inner in left for inner in one.tops()[:-1])]
        yield level
        left = [one for one in left if one not in level]


def _with_places(
    frame: nw.LazyFrame[Any], texts: Compared, places: list[_Place], today: date, time_zone: str
) -> nw.LazyFrame[Any]:
    zone, columns, ours = ZoneInfo(time_zone), list[nw.Expr](), list[str]()
    for place in places:
        by, ties = (texts.column(name, today, zone) for name in (place.top.by, place.top.ties))
        there = filled(by).fill_null(False)
        if place.group.items:
            rules = place.group.model_copy(update={"top": None})
            there &= expression(rules, texts, today, time_zone)
        columns += [_value(by, there).alias(place.value), _number(ties).alias(place.ties)]
        ours += [place.value, place.ties]
    native = frame.with_columns(*columns).to_native()
    if isinstance(native, pl.LazyFrame):
        ranks = [_rank(place).alias(place.name) for place in places]
        return nw.from_native(native.with_columns(ranks).drop(ours))
    from core.profiles.sources.databases import prepared  # heavy

    orders = {one.name: (one.value, one.ties, one.top.is_descending) for one in places}
    found: nw.LazyFrame[Any] = nw.from_native(prepared.with_places(native, orders))
    return found.drop(ours)


def _value(by: Column, there: nw.Expr) -> nw.Expr:
    if by.kind is Kind.nothing:
        return nw.lit(None, dtype=nw.Int64)
    return nw.when(there).then(by.content)


def _number(ties: Column) -> nw.Expr:
    if ties.kind is Kind.nothing:
        return nw.lit(None, dtype=nw.Int64)
    content = nw.col(ties.shares[PREFIX]) if ties.kind is Kind.text else ties.content
    return nw.when(filled(ties)).then(content)


def _rank(place: _Place) -> pl.Expr:
    """Both as numbers without gaps, one above the other in 64 bits; nothing in `ties` is last."""
    value = pl.col(place.value).rank("dense", descending=place.top.is_descending)
    ties = pl.col(place.ties).rank("dense").cast(pl.UInt64).fill_null(2**32 - 1)
    return (value.cast(pl.UInt64) * 2**32 + ties).rank("max").cast(pl.Int64)
