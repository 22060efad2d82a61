"""What the columns of a source hold, for whoever writes rules: values, spreads, near spellings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import polars as pl

from core.columns import column
from core.profiles.cleaning import comparable
from core.profiles.folding import folded
from core.profiles.segments.grouped import MOST as MOST_GROUPS
from core.profiles.segments.grouped import grouped, sizes
from core.profiles.sources import Kind, Schema, Source

MOST = 50  # values of a column that are offered
BARS = 24  # of a histogram
NEAR = 3  # values that are offered in place of one that nobody has
TOP = 1_000  # values that are cleaned before the commonest are taken
UNLIKE = 3  # the rank of values that don't hold what was typed
COMMON = 5_000  # values among which a misspelt one is looked for
ALIKE = 0.72  # share of letters, 0 to 1, from which on two values may be the same
QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
TAILS = (0.01, 0.99)  # a histogram's ends: a few strays beyond stand in its first or last bar

Counted = tuple[tuple[Any, int], ...]  # values with the number of rows that hold them
SPREAD = (Kind.number, Kind.date, Kind.moment)  # what has an order worth a picture


@dataclass(frozen=True, slots=True)
class Contents:
    """What a column holds; rows count, commonest values first.

    Of numbers and dates also the least, the quarters and the greatest, and a histogram: the first
    bar's beginning, the last one's end, and the rows of each bar between.
    """

    filled: int
    distinct: int
    common: Counted
    quantiles: tuple[Any, ...] = ()
    bars: tuple[int, ...] = ()
    ends: tuple[Any, Any] | None = None


def contents(frame: pl.LazyFrame, schema: Schema, names: Sequence[str]) -> dict[str, Contents]:
    """What each of the columns holds, by one reading of them all."""
    types = frame.collect_schema()
    queries = [_query(frame, name, types[name], schema[name]) for name in names]
    found = pl.collect_all(queries, engine="streaming")
    return {name: _contents(one, schema[name]) for name, one in zip(names, found, strict=True)}


def contents_there(source: Source, names: Sequence[str]) -> dict[str, Contents]:
    """The same of a database's columns, whose values it counts itself. Raises SourceFailed."""
    schema, found = source.schema(), {}
    for name in names:
        kind = schema[name]
        if kind not in (*SPREAD, Kind.text, Kind.boolean):
            found[name] = Contents(0, 0, ())
            continue
        counts = grouped(source, name, kind)
        one = _contents(counts, kind)
        if kind is Kind.text and counts.height == MOST_GROUPS:
            filled, distinct = sizes(source, name)
            one = replace(one, filled=filled, distinct=distinct)
        found[name] = one
    return found


def near(frame: pl.LazyFrame, schema: Schema, name: str, value: str) -> Counted:
    """Values that one may have meant by a value that nobody has, with their rows; NEAR at most.

    First those that differ by case or marks alone, then those that hold it, then misspelt ones.
    """
    types = frame.collect_schema()
    if schema[name] not in (Kind.text, Kind.list):
        return ()
    return near_of(_query(frame, name, types[name], schema[name]), value)


def near_of(counts: pl.LazyFrame, value: str) -> Counted:
    """The same of texts (it) with their rows (n)."""
    wanted = folded(value)
    if not wanted:
        return ()
    found = counts.with_columns(folded=_folded())
    ranked = found.filter(pl.col("folded") != "").with_columns(rank=_rank(wanted))
    first = ranked.sort("rank", -pl.col("n").cast(pl.Int64), "it").head(COMMON)
    some = first.collect(engine="streaming")
    alike = some.filter(pl.col("rank") < UNLIKE)
    if alike.is_empty():
        close = get_close_matches(wanted, some["folded"].to_list(), NEAR, ALIKE)
        alike = some.filter(pl.col("folded").is_in(close))
    return tuple(alike.head(NEAR).select("it", "n").iter_rows())


def _rank(wanted: str) -> pl.Expr:
    """0 for the same, 1 for what begins with it, 2 for what holds it, else UNLIKE."""
    it = pl.col("folded")
    begins, holds = it.str.starts_with(wanted), it.str.contains(wanted, literal=True)
    return pl.when(it == wanted).then(0).when(begins).then(1).when(holds).then(2).otherwise(UNLIKE)


def _folded() -> pl.Expr:
    """The same of the column `it`."""
    bare = pl.col("it").str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return bare.str.to_lowercase().str.strip_chars()


def _query(frame: pl.LazyFrame, name: str, dtype: pl.DataType, kind: Kind) -> pl.LazyFrame:
    """`it`, a value that the column holds, and `n`, the rows that do."""
    value = column(name)
    if kind in (Kind.text, Kind.list):
        value = value.cast(pl.List(pl.String) if kind is Kind.list else pl.String)
    elif kind is Kind.moment:
        value = value.cast(pl.Date)
    elif kind not in (Kind.number, Kind.date, Kind.boolean):
        return frame.select(it=value.is_not_null().cast(pl.Int8), n=1).filter(it=1).head(0)
    elif dtype.is_float():
        value = pl.when(value.is_finite()).then(value)
    single = frame.select(it=value)
    if kind is Kind.list:
        single = single.explode("it")
    return single.drop_nulls().group_by("it").len("n")


def _contents(counts: pl.DataFrame, kind: Kind) -> Contents:
    """From the values with their rows, in any order."""
    if kind in (Kind.text, Kind.list):
        counts = counts.filter(pl.col("it").str.strip_chars() != "")
    filled, distinct = int(counts["n"].sum()), counts.height
    common = _common(counts)
    if kind not in SPREAD or not distinct:
        return Contents(filled, distinct, common)
    ordered = counts.sort("it")
    below = ordered["n"].cum_sum()
    values = ordered["it"]

    def quantile(share: float) -> Any:
        return values[min(int(below.search_sorted(share * filled, "left")), distinct - 1)]

    ends = quantile(TAILS[0]), quantile(TAILS[1])
    quantiles = tuple(_whole(quantile(share)) for share in QUANTILES)
    bars = _bars(ordered, *ends)
    return Contents(filled, distinct, common, quantiles, bars, (_whole(ends[0]), _whole(ends[1])))


def _common(counts: pl.DataFrame) -> Counted:
    """The commonest values as rules compare them; of as common ones in their own order.

    None where each has a row of its own, as addresses do.
    """
    top = counts.top_k(TOP, by="n")
    if top.schema["it"] == pl.String:
        top = top.with_columns(comparable(top["it"])).group_by("it").agg(pl.col("n").sum())
    if counts.height > MOST and top["n"].max() == 1:
        return ()
    ordered = top.sort("n", "it", descending=[True, False]).head(MOST)
    return tuple((_whole(value), n) for value, n in ordered.iter_rows())


def _bars(ordered: pl.DataFrame, low: Any, high: Any) -> tuple[int, ...]:
    value = pl.col("it").to_physical().cast(pl.Float64)
    begin, end = (pl.Series([one], dtype=ordered.schema["it"]) for one in (low, high))
    start = float(begin.to_physical().item())
    width = float(end.to_physical().item()) - start or 1.0
    bar = ((value - start) / width * BARS).floor().clip(0, BARS - 1).cast(pl.Int64)
    found = dict(ordered.group_by(bar.alias("bar")).agg(pl.col("n").sum()).iter_rows())
    return tuple(int(found.get(one, 0)) for one in range(BARS))


def _whole(value: Any) -> Any:
    """300.0 as 300: a rule reads as people write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
