"""Where the first of a group's people end: how many there are, and who shares the last value."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw

from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind, Source, translated


@dataclass(frozen=True, slots=True)
class Border:
    """People of a group with a value, and those of them who are among the first.

    `value` is the last that is in, None where nobody is; `alike` people have it, `within` of them
    are in.
    """

    people: int
    first: int
    value: Any = None
    alike: int = 0
    within: int = 0


def border(source: Source, group: Group, today: date, time_zone: str) -> Border:
    """The border of a group that takes the first of its people. Raises SourceFailed."""
    top = group.top
    if top is None:
        raise ValueError("It takes all of its people.")
    with translated(source):
        schema = source.schema()
        frame, texts = ranked(source.scan(), [group], schema, today, time_zone)
        by, place = texts.column(top.by, today, ZoneInfo(time_zone)), texts.places.name(group)
        if by.kind is Kind.nothing:
            return Border(0, 0)
        inside = nw.when(nw.col("place") <= top.count).then(1).otherwise(0)
        every = frame.select(by.content.alias("it"), nw.col(place).alias("place"))
        there = every.filter(~nw.col("place").is_null()).with_columns(inside.alias("inside"))
        # The sum of no rows is null in a database.
        sums = nw.len().alias("people"), nw.col("inside").sum().alias("first")
        people, first = (int(n or 0) for n in source.small(there.select(*sums)).row(0))
        if not first:
            return Border(people, 0)
        values = there.group_by("it").agg(nw.len().alias("n"), nw.col("inside").sum())
        last = values.filter(nw.col("inside") > 0).sort("it", descending=not top.is_descending)
        value, alike, within = source.small(last.head(1)).select("it", "n", "inside").row(0)
    return Border(people, first, value, int(alike), int(within))
