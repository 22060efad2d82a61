"""What a source looks like: its rows, and each of its columns with a small histogram.

The same numbers as a run keeps of the columns that it uses, but of all columns: two of them can be
compared. Nothing in it tells of a single person.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from core.columns import column
from core.profiles import column_summary, everyday, profiled_there
from core.profiles.column_summary import ORDERED, ColumnSummary, counted_texts
from core.profiles.everyday import TOGETHER
from core.profiles.freshness import Freshness
from core.profiles.sources import POLARS, Schema, Source, engine_of, translated
from core.profiles.spreads import Spread, ends, in_bars, numbered, of_bars
from core.profiles.summary import Summary

MOST_COLUMNS = 300


def profile(
    source: Source, personal: Collection[str], today: date, freshness: Freshness | None
) -> Summary:
    """The source with all its columns; of those `personal` only how full and how different.

    A database counts them itself. Raises SourceFailed.
    """
    schema = source.schema()
    names = list(schema)[:MOST_COLUMNS]
    if engine_of(schema) != POLARS:
        there = profiled_there.profiled(source, names, personal)
        return Summary(there.rows, there.columns, (), today.isoformat(), freshness, there.uncounted)
    columns, rows = dict[str, ColumnSummary](), 0
    with translated(source):
        frame: pl.LazyFrame = source.scan().to_native()
        for first in range(0, len(names), TOGETHER):
            few = names[first : first + TOGETHER]
            found, rows = _summed(frame, schema, few, set(personal))
            columns |= found
        for name, spread in _spreads(frame, schema, columns, rows):
            columns[name] = replace(columns[name], bars=spread.bars, ends=spread.ends)
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
    rows, numbers = int(row["rows"]), column_summary.numbers(frame, row, names, schema)
    found = {n: column_summary.of(o, rows, schema[n], texts.get(n)) for n, o in numbers.items()}
    return found, rows


def _spreads(
    frame: pl.LazyFrame, schema: Schema, columns: Mapping[str, ColumnSummary], rows: int
) -> Iterator[tuple[str, Spread]]:
    """Of the columns with a range; the ends are those of some rows."""
    ranged = [n for n, one in columns.items() if one.least is not None and schema[n] in ORDERED]
    for few in everyday.some(frame, ranged, rows):
        numbers = few.select(numbered(column(n), schema[n]).alias(n) for n in few.columns)
        known = {one.name: pair for one in numbers if (pair := ends(one)) is not None}
        queries = [in_bars(frame, name, schema[name], *pair) for name, pair in known.items()]
        counted = pl.collect_all(queries, engine="streaming")
        for (name, pair), bars in zip(known.items(), counted, strict=True):
            yield name, of_bars(bars, schema[name], *pair)
