"""What the members of a segment are like beside everyone: values by column, and overlaps.

Of each column its values are counted, or bands of them: quarters of numbers and old dates, times
before today of recent ones, and of what is different for nearly everybody whether it is filled.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import narwhals as nw
import polars as pl

from core.columns import column, own
from core.masking import Masks
from core.profiles.segments.expressions import expression
from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind, Schema
from core.texts import _

MANY = 10_000  # different values from which on only filled and empty are told apart
FEW = 12  # different numbers that are counted by themselves
SHOWN = 5  # values of a column
DIFFERENT = 0.05  # share of people, 0 to 1, by which a value has to differ
LEAST = 20  # people with a value that is worth a word
MOST = 6  # of what is different
EACH = 2  # of one column
ITS_OWN = 0.25  # different values a row, 0 to 1, from which on a value says who somebody is
DAYS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Part:
    """A value of a column, or a band of them, in words; people in the segment, and everyone."""

    words: str
    inside: int
    everyone: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that members have more or less often than everyone; shares from 0 to 1."""

    field: str
    words: str
    inside: float
    everyone: float


@dataclass(frozen=True, slots=True)
class Description:
    """The members of a segment; `columns` by name, each with its commonest values or its bands."""

    members: int
    rows: int
    columns: Mapping[str, tuple[Part, ...]]
    different: tuple[Difference, ...]


def describe(
    frame: nw.LazyFrame[Any],
    rules: Group,
    schema: Schema,
    names: Sequence[str],
    when: "When",
    seen: Masks | None = None,
) -> Description:
    """The segment by these columns, of which one at a time is read.

    With `seen` values are written as it shows them; numbers and dates that it hides are left out.
    """
    native: pl.LazyFrame = frame.to_native()
    inside = marks(frame, [rules], schema, when).to_series()
    found = {}
    for name in names:
        if parts := _parts(native, inside, name, schema[name], when.today, seen):
            found[name] = parts
    used = set(rules.fields())
    others = {name: parts for name, parts in found.items() if name not in used}
    members, rows = int(inside.sum()), len(inside)
    shown = {name: _commonest(parts, schema[name]) for name, parts in found.items()}
    return Description(members, rows, shown, _different(others, members, rows))


@dataclass(frozen=True, slots=True)
class When:
    """The day that the last days are counted back from, in this time zone."""

    today: date
    time_zone: str


def overlap(
    frame: nw.LazyFrame[Any],
    groups: Sequence[Group],
    schema: Schema,
    when: When,
    counted: Callable[[nw.LazyFrame[Any]], pl.DataFrame] | None = None,
) -> dict[tuple[bool, ...], int]:
    """How many are in exactly these of the segments, and in no other of them.

    `counted` runs the query where the frame isn't one of polars: Source.small.
    """
    marked = _marks(frame, groups, schema, when)
    counts = marked.group_by(marked.collect_schema().names()).agg(nw.len().alias("n"))
    rows = counted(counts) if counted else counts.to_native().collect()
    found = {tuple(map(bool, row[:-1])): int(row[-1]) for row in rows.iter_rows()}
    return {which: n for which, n in found.items() if any(which)}


def marks(
    frame: nw.LazyFrame[Any], groups: Sequence[Group], schema: Schema, when: When
) -> pl.DataFrame:
    """A column for each of the segments, in order: whether the row is in it."""
    native: pl.LazyFrame = _marks(frame, groups, schema, when).to_native()
    return native.collect()


def _marks(
    frame: nw.LazyFrame[Any], groups: Sequence[Group], schema: Schema, when: When
) -> nw.LazyFrame[Any]:
    with_texts, texts = ranked(frame, groups, schema, when.today, when.time_zone)
    marked = [
        expression(rules, texts, when.today, when.time_zone).alias(own(f"mark {n}"))
        for n, rules in enumerate(groups)
    ]
    return with_texts.select(*marked)


def _parts(
    frame: pl.LazyFrame,
    inside: pl.Series,
    name: str,
    kind: Kind,
    today: date,
    seen: Masks | None,
) -> tuple[Part, ...]:
    """All values or bands of a column; none of what can't be counted."""
    banded = kind in (Kind.number, Kind.date, Kind.moment)
    if not banded and kind not in (Kind.text, Kind.boolean):
        return ()
    if banded and seen and seen.hides(name):
        return ()
    values = frame.select(it=column(name)).collect()["it"]
    if banded:
        numbered, words = _banded(values, kind, today)
    else:
        numbered, words = _valued(values, lambda one: seen.value(name, one) if seen else one)
    counts = (
        pl.DataFrame({"it": numbered, "inside": inside})
        .group_by("it")
        .agg(inside=pl.col("inside").sum(), everyone=pl.len())
        .sort("it", nulls_last=True)
    )
    empty = _("empty")
    return tuple(
        Part(empty if it is None else words(it), int(within), int(everyone))
        for it, within, everyone in counts.iter_rows()
    )


Words = Callable[[Any], str]


def _valued(values: pl.Series, written: Words) -> tuple[pl.Series, Words]:
    """Texts and flags by themselves; where they say who somebody is, whether there is one."""
    if values.dtype == pl.Boolean:
        return values, lambda one: _("yes") if one else _("no")
    texts = values.cast(pl.String)
    filled = texts.str.strip_chars() != ""
    texts = pl.select(pl.when(filled).then(texts)).to_series()
    different, n = texts.n_unique(), texts.len() - texts.null_count()
    if different > MANY or (different > FEW and different > ITS_OWN * n):
        return texts.is_not_null().cast(pl.Int8).replace(0, None), lambda _one: _("filled")
    return texts, written


def _banded(values: pl.Series, kind: Kind, today: date) -> tuple[pl.Series, Words]:
    """Numbers and dates by the number of their band."""
    if kind is Kind.number:
        if values.dtype.is_float():
            values = pl.select(pl.when(values.is_finite()).then(values)).to_series()
        if values.n_unique() <= FEW:
            return values, _number
        return _quarters(values, _number)
    days = values.cast(pl.Date)
    recent = (days >= today - timedelta(days=DAYS[-1])).mean()
    if isinstance(recent, float) and recent >= 0.5:
        return _recent(days, today)
    return _quarters(days, _month)


def _recent(days: pl.Series, today: date) -> tuple[pl.Series, Words]:
    words = (
        _("later than today"),
        _("last {n} days").format(n=DAYS[0]),
        *(_("{a} to {b} days ago").format(a=a, b=b) for a, b in pairwise(DAYS)),
        _("more than {n} days ago").format(n=DAYS[-1]),
    )
    ends = [today, *(today - timedelta(days=n) for n in DAYS)]
    band = pl.sum_horizontal(pl.lit(days) < pl.lit(end) for end in ends)
    on_day = pl.lit(days) <= today
    first = pl.when(on_day).then(pl.max_horizontal(band, 1)).otherwise(0)
    return pl.select(pl.when(pl.lit(days).is_not_null()).then(first)).to_series(), words.__getitem__


def _quarters(values: pl.Series, written: Words) -> tuple[pl.Series, Words]:
    """By everyone's quarters, of which two alike count once."""
    full = values.drop_nulls().sort()
    if full.is_empty():
        return values, written
    ends = sorted({full[int(share * (full.len() - 1))] for share in (0.25, 0.5, 0.75)})
    band = pl.sum_horizontal(pl.lit(values) > pl.lit(end) for end in ends)
    between = [f"{written(a)} – {written(b)}" for a, b in pairwise(ends)]
    first = _("up to {n}").format(n=written(ends[0]))
    words = (first, *between, _("above {n}").format(n=written(ends[-1])))
    banded = pl.select(pl.when(pl.lit(values).is_not_null()).then(band)).to_series()
    return banded, words.__getitem__


def _month(value: date) -> str:
    return f"{value:%Y-%m}"


def _number(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1 else f"{round(value, 2):,.12g}"


def _commonest(parts: tuple[Part, ...], kind: Kind) -> tuple[Part, ...]:
    """The commonest values of texts that members have, with all others as one; all bands."""
    if kind not in (Kind.text, Kind.boolean):
        return tuple(part for part in parts if part.inside or part.words != _("empty"))
    there = [part for part in parts if part.inside] or parts
    ordered = sorted(there, key=lambda part: -part.inside)
    if len(ordered) <= SHOWN:
        return tuple(ordered)
    rest = ordered[SHOWN - 1 :]
    sums = sum(part.inside for part in rest), sum(part.everyone for part in rest)
    return (*ordered[: SHOWN - 1], Part(_("others"), *sums))


def _different(
    columns: Mapping[str, tuple[Part, ...]], members: int, rows: int
) -> tuple[Difference, ...]:
    """What members have more or less often, most different first."""
    if not members:
        return ()
    found = [
        Difference(name, part.words, part.inside / members, part.everyone / rows)
        for name, parts in columns.items()
        for part in parts
        if part.everyone >= min(LEAST, rows / 10)
    ]
    found = [one for one in found if abs(one.inside - one.everyone) >= DIFFERENT]
    # Of as different ones what members have comes before what they lack.
    found.sort(key=lambda one: (-round(abs(one.inside - one.everyone), 6), -one.inside))
    chosen: list[Difference] = []
    for one in found:
        most = 1 if len(columns[one.field]) <= EACH else EACH  # of two, one says the other
        if sum(other.field == one.field for other in chosen) < most:
            chosen.append(one)
    return tuple(chosen[:MOST])
