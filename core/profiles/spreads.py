"""How the values of a column are spread: rows in bars between ends, beyond which few strays lie.

Dates and moments are spread by days.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from core.columns import column
from core.profiles import everyday
from core.profiles.segments.contents import TAILS
from core.profiles.sources import Kind

BARS = 12
FIRST_DAY = date(1970, 1, 1)  # the day that has the number 0


@dataclass(frozen=True, slots=True)
class Spread:
    """The rows of each bar, few counted as none; where the first begins and the last ends."""

    bars: tuple[int, ...]
    ends: tuple[float | str, float | str]  # days as ISO


def numbered(value: pl.Expr, kind: Kind) -> pl.Expr:
    """The values as finite numbers, days by their place in the calendar; others null."""
    is_day = kind in (Kind.date, Kind.moment)
    number = (value.cast(pl.Date).to_physical() if is_day else value).cast(pl.Float64)
    return pl.when(number.is_finite()).then(number)


def ends(some: pl.Series) -> tuple[float, float] | None:
    """Between which of these numbers nearly all of them are; None where there are none."""
    numbers = some.drop_nulls()
    low, high = (numbers.quantile(share, "nearest") for share in TAILS)
    return None if low is None or high is None else (low, high)


def in_bars(frame: pl.LazyFrame, name: str, kind: Kind, low: float, high: float) -> pl.LazyFrame:
    """How many rows (n) have a value in each bar."""
    bar = _bar(numbered(column(name), kind), low, high)
    return frame.select(bar=bar).drop_nulls().group_by("bar").len("n")


def of_bars(counted: pl.DataFrame, kind: Kind, low: float, high: float) -> Spread:
    """From the rows (n) of each bar, in any order."""
    known = {bar: int(n) for bar, n in counted.iter_rows()}
    rows = (known.get(bar, 0) for bar in range(BARS))
    bars = tuple(n if n >= everyday.LEAST else 0 for n in rows)
    return Spread(bars, (_shown(low, kind), _shown(high, kind)))


def of_counts(counts: pl.DataFrame, kind: Kind) -> Spread | None:
    """From the numbers (it) with the rows (n) that have each; None where there are none."""
    if counts.is_empty():
        return None
    low, high = (float(one) for one in tails(counts)["it"])
    bars = counts.group_by(bar=_bar(pl.col("it"), low, high)).agg(pl.col("n").sum())
    return of_bars(bars, kind, low, high)


def tails(counts: pl.DataFrame) -> pl.DataFrame:
    """The first and the last of the numbers (it) with their rows (n) that few lie beyond."""
    ordered = counts.sort("it")
    below, rows = ordered["n"].cum_sum(), int(ordered["n"].sum())
    places = [below.search_sorted(round(share * (rows - 1)), "right") for share in TAILS]
    return ordered[places]


def _bar(value: pl.Expr, low: float, high: float) -> pl.Expr:
    width = (high - low) or 1.0
    return ((value - low) / width * BARS).floor().clip(0, BARS - 1).cast(pl.Int64)


def _shown(value: float, kind: Kind) -> float | str:
    return value if kind is Kind.number else (FIRST_DAY + timedelta(days=value)).isoformat()
