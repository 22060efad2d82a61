"""What a database looked like to a run, counted there: its segments, their rules, its columns.

The rows are counted by which of the rules they pass: so each is asked once of each row, and what
every rule decides is added up here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from core.profiles import rule_summary
from core.profiles.profiled_there import profiled
from core.profiles.segments import counts
from core.profiles.segments.counts import Counts
from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, Source
from core.profiles.summary import Summary, read_counts, segment_counts, used_columns

MOST = 50_000  # different sets of rules that rows pass
SECONDS = 120.0  # that the columns may take


def summarised_there(
    source: Source,
    segments: Mapping[str, Group],
    names: Iterable[str],
    today: date,
    time_zone: str,
    *,
    most: int = MOST,
) -> tuple[Counts, Summary]:
    """The counts of the segments, and the summary of these columns. Raises SourceFailed.

    What each rule decides is missing where rows pass more than `most` different sets of them.
    """
    schema, day = source.schema(), today.isoformat()
    row = _counted(source, segments, today, time_zone, most)
    counted = (
        counts.counts(source, segments, today, time_zone)
        if row is None
        else read_counts(row, int(row["rows"]), segments)
    )
    found = profiled(source, used_columns(names, schema), seconds=SECONDS, has_spread=False)
    summary = Summary(counted.rows, found.columns, day=day, uncounted=found.uncounted)
    if row is None:
        return counted, summary
    rules, tops = rule_summary.read(row, segments, schema, found.columns)
    return counted, replace(summary, rules=rules, tops=tops)


def _counted(
    source: Source, segments: Mapping[str, Group], today: date, time_zone: str, most: int
) -> Mapping[str, Any] | None:
    """What `segment_counts` gives, and the rows; None for more than `most` sets of rules."""
    schema = source.schema()
    frame, texts = ranked(source.scan(), segments.values(), schema, today, time_zone)
    given = segments, texts, today, time_zone
    passed, places = rule_summary.each_passed(*given), rule_summary.each_place(*given)
    short = {name: f"r{n}" for n, name in enumerate(passed | places)}  # databases may cut names
    marks = [one.alias(short[name]) for name, one in (passed | places).items()]
    marked = frame.select(nw.col(ROW).alias("every"), *marks)
    sums = [
        getattr(nw.col(short[name]), how)()
        for name, how in rule_summary.place_sums(segments, schema).items()
    ]
    groups = marked.group_by("every", *(short[name] for name in passed))
    found = source.small(groups.agg(nw.len().alias("n"), *sums).head(most + 1))
    if found.height > most:
        return None
    found = found.rename({ours: name for name, ours in short.items()})
    rows = pl.col("n").cast(pl.Int64)
    counted = segment_counts(
        segments, schema, lambda one: pl.when(one).then(rows).otherwise(0).sum()
    )
    return found.select(rows.sum().alias("rows"), *counted).row(0, named=True)
