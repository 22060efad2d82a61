"""What a source looks like: its rows, and each of its columns with a small histogram.

The same numbers as a run keeps of the columns that it uses, but of all columns: two of them can be
compared. Nothing in it tells of a single person.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from core.columns import column
from core.profiles import column_summary, everyday
from core.profiles.column_summary import ORDERED, ColumnSummary, counted_texts
from core.profiles.everyday import TOGETHER
from core.profiles.freshness import Freshness
from core.profiles.segments.contents import TAILS
from core.profiles.sources import POLARS, Schema, Source, engine_of, translated
from core.profiles.summary import Summary

MOST_COLUMNS = 300
BARS = 12  # of a histogram


def profile(
    source: Source, personal: Collection[str], today: date, freshness: Freshness | None
) -> Summary | None:
    """The source with all its columns; of those `personal` only how full and how different.

    None for a source that another engine than polars reads: there it would have to be computed.
    Raises SourceFailed.
    """
    schema = source.schema()
    if engine_of(schema) != POLARS:
        return None
    names, columns, rows = list(schema)[:MOST_COLUMNS], dict[str, ColumnSummary](), 0
    with translated(source):
        frame: pl.LazyFrame = source.scan().to_native()
        for first in range(0, len(names), TOGETHER):
            few = names[first : first + TOGETHER]
            found, rows = _summed(frame, schema, few, set(personal))
            columns |= found
        for name, bars, ends in _histograms(frame, schema, columns, rows):
            columns[name] = replace(columns[name], bars=bars, ends=ends)
    return Summary(rows, columns, (), today.isoformat(), freshness)


def _summed(
    frame: pl.LazyFrame, schema: Schema, names: Sequence[str], personal: set[str]
) -> tuple[dict[str, ColumnSummary], int]:
    types = frame.collect_schema()
    questions = [
        one
        for name in names
        for one in column_summary.about(name, schema[name], types[name], personal=name in personal)
    ]
    counted = [n for n in counted_texts(names, schema) if n not in personal]
    queries = [column_summary.texts(frame, name) for name in counted]
    first, *tops = pl.collect_all(
        [frame.select(pl.len().alias("rows"), *questions), *queries], engine="streaming"
    )
    row, texts = first.row(0, named=True), dict(zip(counted, tops, strict=True))
    found = {n: column_summary.of(row, n, schema[n], texts.get(n)) for n in names}
    return found, int(row["rows"])


def _histograms(
    frame: pl.LazyFrame, schema: Schema, columns: Mapping[str, ColumnSummary], rows: int
) -> list[tuple[str, tuple[int, ...], tuple[Any, Any]]]:
    """Of the columns with a range: the rows between ends that a few strays lie beyond."""
    ranged = [n for n, one in columns.items() if one.least is not None and schema[n] in ORDERED]
    found = []
    for few in everyday.some(frame, ranged, rows):
        ends = {name: _ends(few[name]) for name in few.columns}
        known = {name: pair for name, pair in ends.items() if pair is not None}
        queries = [_bars(frame, name, *pair) for name, pair in known.items()]
        counted = pl.collect_all(queries, engine="streaming")
        for (name, pair), bars in zip(known.items(), counted, strict=True):
            shown = (_shown(pair[0], few[name].dtype), _shown(pair[1], few[name].dtype))
            found.append((name, _filled_bars(bars), shown))
    return found


def _ends(some: pl.Series) -> tuple[float, float] | None:
    """Between which values nearly all of these rows are, as numbers; None where there are none."""
    numbers = some.drop_nulls().to_physical().cast(pl.Float64)
    numbers = numbers.filter(numbers.is_finite())
    low, high = (numbers.quantile(share, "nearest") for share in TAILS)
    return None if low is None or high is None else (low, high)


def _bars(frame: pl.LazyFrame, name: str, low: float, high: float) -> pl.LazyFrame:
    value = column(name).to_physical().cast(pl.Float64)
    width = (high - low) or 1.0
    bar = ((value - low) / width * BARS).floor().clip(0, BARS - 1)
    only = pl.when(value.is_finite()).then(bar).cast(pl.Int64)
    return frame.select(bar=only).drop_nulls().group_by("bar").len("n")


def _filled_bars(counted: pl.DataFrame) -> tuple[int, ...]:
    """All of them in order; one with fewer people than may be told of counts as empty."""
    known = dict(counted.iter_rows())
    return tuple(n if (n := int(known.get(bar, 0))) >= everyday.LEAST else 0 for bar in range(BARS))


def _shown(value: float, dtype: pl.DataType) -> float | str:
    """A number, or the day (ISO) of a date or moment."""
    if dtype.is_numeric():
        return value
    found = pl.Series([int(value)]).cast(dtype).item()
    return str(found.isoformat()[:10])
