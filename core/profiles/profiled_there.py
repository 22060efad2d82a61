"""What the columns of a database look like, counted there; few rows travel, whatever it holds.

One statement counts all columns, a few more each of them. It is the same that is counted of files,
but that different values are counted exactly, and that the bars of numbers with more than FINE
different values are made of FINE narrow ones.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import narwhals as nw
import polars as pl

from core.errors import SourceFailed
from core.profiles import column_summary, everyday, spreads
from core.profiles.column_summary import (
    HUGE,
    ORDERED,
    ColumnSummary,
    Numbers,
    counted_texts,
)
from core.profiles.sources import Kind, Source

if TYPE_CHECKING:
    from core.profiles.sources.databases.source import DatabaseSource

FINE = 10_000  # narrow bars between the smallest and the largest number
CLOSER = 3  # looks at numbers, each between the ends that the one before has found
DAYS = 100_000  # different days that travel, the latest first
TOGETHER = 64  # columns of one statement
BOUND = 1.7976931348623157e308  # what lies beyond is no finite number
WHOLE = 2.0**53  # beyond it floating numbers have no fractions
SECONDS = 300.0  # that all statements may take
NO_TEXTS = pl.DataFrame(schema={"it": pl.String, "n": pl.Int64})
DIFFERENT = (Kind.text, Kind.boolean, *ORDERED)  # what different values are counted of


@dataclass(frozen=True, slots=True)
class Profiled:
    """The rows of the source and its columns.

    Of those `uncounted` different values, the commonest and the spread are missing: it took too
    long, or the database refused it.
    """

    rows: int
    columns: Mapping[str, ColumnSummary]
    uncounted: tuple[str, ...] = ()


def profiled(
    source: Source,
    names: Sequence[str],
    personal: Collection[str] = (),
    seconds: float = SECONDS,
    *,
    has_spread: bool = True,
) -> Profiled:
    """The columns `names`; of those `personal` only how full and how different.

    All of it may take `seconds`. Raises SourceFailed where rows and ranges can't be counted.
    """
    schema = source.schema()
    counted = [name for name in counted_texts(names, schema) if name not in personal]
    with cast("DatabaseSource", source.alone()).within(seconds):
        rows, numbers = _totals(source, names, set(personal))
        columns = {
            name: column_summary.of(one, rows, schema[name], NO_TEXTS if name in counted else None)
            for name, one in numbers.items()
        }
        left = [name for name, one in numbers.items() if schema[name] in DIFFERENT and one.filled]
        with suppress(SourceFailed):  # what failed may have ended the state that is read
            while left:
                name = left[0]
                one = columns[name] = _column(source, name, numbers[name], rows, name in counted)
                if has_spread and one.least is not None:
                    columns[name] = _with_spread(source, name, one, numbers[name])
                left.pop(0)
    return Profiled(rows, columns, tuple(left))


def _column(
    source: Source, name: str, numbers: Numbers, rows: int, has_commonest: bool
) -> ColumnSummary:
    kind, single = source.schema()[name], _single(source, name)
    numbers = replace(numbers, distinct=_different(source, single))
    texts = _texts(source, single, kind, numbers.distinct) if has_commonest else None
    return column_summary.of(numbers, rows, kind, texts)


def _with_spread(
    source: Source, name: str, found: ColumnSummary, numbers: Numbers
) -> ColumnSummary:
    kind = source.schema()[name]
    spread = spreads.of_counts(_counts(source, _single(source, name), kind, numbers), kind)
    return replace(found, bars=spread.bars, ends=spread.ends) if spread else found


def _totals(
    source: Source, names: Sequence[str], personal: set[str]
) -> tuple[int, dict[str, Numbers]]:
    """By one statement; of hundreds of columns by a few."""
    schema, rows, found = source.schema(), 0, dict[str, Numbers]()
    for first in range(0, len(names), TOGETHER):
        few = names[first : first + TOGETHER]
        short = {name: f"c{n}" for n, name in enumerate(few)}
        counts = [
            one
            for name, place in short.items()
            for one in _about(place, schema[name], is_ranged=_is_ranged(name, schema, personal))
        ]
        query = _written(source, short).select(nw.len().alias("rows"), *counts)
        row = source.small(query).row(0, named=True)
        rows = int(row["rows"])
        found |= {name: _numbers(row, place, schema[name]) for name, place in short.items()}
    return rows, found


def _is_ranged(name: str, schema: Mapping[str, Kind], personal: set[str]) -> bool:
    kind = schema[name]
    return kind in ORDERED and name not in personal and not everyday.is_personal(name, kind)


def _about(place: str, kind: Kind, *, is_ranged: bool) -> Iterator[nw.Expr]:
    value = nw.col(place)
    if kind is Kind.list:
        yield _number_of(value.list.len() > 0).alias(f"full {place}")
        return
    value = _finite(value) if kind is Kind.number else value
    yield value.count().alias(f"full {place}")
    if not is_ranged:
        return
    yield from (value.min().alias(f"least {place}"), value.max().alias(f"most {place}"))
    if kind is Kind.number:
        meant = nw.when((value > -HUGE) & (value < HUGE)).then(value)
        yield meant.mean().alias(f"mean {place}")
        small = nw.when((value > -WHOLE) & (value < WHOLE)).then(value)
        yield _number_of(small != small.round()).alias(f"fractions {place}")


def _numbers(row: Mapping[str, Any], place: str, kind: Kind) -> Numbers:
    least, most, mean = (row.get(f"{what} {place}") for what in ("least", "most", "mean"))
    whole = kind is Kind.number and row.get(f"fractions {place}") == 0
    return Numbers(int(row[f"full {place}"] or 0), 0, least, most, mean, whole)


def _different(source: Source, single: nw.LazyFrame[Any]) -> int:
    groups = single.group_by("it").agg(nw.len().alias("n"))
    return int(source.small(groups.select(nw.len().alias("n"))).item())


def _texts(source: Source, single: nw.LazyFrame[Any], kind: Kind, distinct: int) -> pl.DataFrame:
    """The texts or flags (it) with their rows (n), where they are few; of long ones a part."""
    if distinct > everyday.MOST:
        return NO_TEXTS
    groups = single.group_by("it").agg(nw.len().alias("n"))
    if kind is Kind.text:
        groups = groups.with_columns(nw.col("it").str.slice(0, everyday.LONGEST + 1))
    return source.small(groups).select(pl.col("it").cast(pl.String), "n")


def _counts(
    source: Source, single: nw.LazyFrame[Any], kind: Kind, numbers: Numbers
) -> pl.DataFrame:
    """The numbers or days (it) with the rows (n) that have each; of many numbers about so."""
    if kind is not Kind.number:
        days = (
            single.select(nw.col("it").cast(nw.Date).alias("it")) if kind is Kind.moment else single
        )
        groups = days.group_by("it").agg(nw.len().alias("n"))
        found = source.small(groups.sort("it", descending=True).head(DAYS))
        return found.select(spreads.numbered(pl.col("it"), kind), "n").drop_nulls()
    low, high = float(numbers.least), float(numbers.most)
    for _closer in range(CLOSER):
        found = source.small(_narrow(single, low, high))
        if (found["it"] == found["most"]).all():
            break
        first, last = spreads.tails(found).iter_rows(named=True)
        low, high = first["it"], last["most"]
    return found


def _narrow(single: nw.LazyFrame[Any], low: float, high: float) -> nw.LazyFrame[Any]:
    """Narrow bars between two numbers: the smallest (it), the largest (most), the rows (n).

    What lies before or beyond them has a bar of its own.
    """
    value, width = nw.col("it"), (high - low) or 1.0
    place = ((value - low) / width * FINE).clip(-1.0, FINE + 1.0).round()
    groups = single.select(value, place.cast(nw.Int64).alias("place")).group_by("place")
    return groups.agg(nw.len().alias("n"), value.min().alias("it"), value.max().alias("most"))


def _single(source: Source, name: str) -> nw.LazyFrame[Any]:
    """The values (it) of one column, without its empty ones."""
    frame = _written(source, {name: "it"})
    if source.schema()[name] is Kind.number:
        frame = frame.select(_finite(nw.col("it")).alias("it"))
    return frame.filter(~nw.col("it").is_null())


def _written(source: Source, names: Mapping[str, str]) -> nw.LazyFrame[Any]:
    from core.profiles.sources.databases.prepared import as_written  # heavy

    schema = source.schema()
    kinds = {name: schema[name] for name in names}
    found: nw.LazyFrame[Any] = nw.from_native(as_written(source.scan().to_native(), kinds, names))
    return found


def _finite(value: nw.Expr) -> nw.Expr:
    number = value.cast(nw.Float64)
    return nw.when((number >= -BOUND) & (number <= BOUND)).then(number)


def _number_of(is_so: nw.Expr) -> nw.Expr:
    return nw.when(is_so).then(1).otherwise(0).sum()
