"""What a database looked like to a run, counted there: its segments, their rules, its columns.

The rows are counted by which of the rules they pass: so each is asked once of each row, and what
every rule decides is added up here.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import narwhals as nw
import polars as pl

from core.profiles.profiled_there import profiled
from core.profiles.segments import counts
from core.profiles.segments.counts import Counts
from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, Source
from core.profiles.summary import (
    RuleSummary,
    Summary,
    each_passed,
    read_counts,
    rule_counts,
    used_columns,
)

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
    counted, rules = _counted(source, segments, today, time_zone, most)
    used = used_columns(names, source.schema())
    found = profiled(source, used, seconds=SECONDS, has_spread=False)
    day = today.isoformat()
    return counted, Summary(counted.rows, found.columns, rules, day, uncounted=found.uncounted)


def _counted(
    source: Source, segments: Mapping[str, Group], today: date, time_zone: str, most: int
) -> tuple[Counts, tuple[RuleSummary, ...]]:
    schema = source.schema()
    frame, texts = ranked(source.scan(), segments.values(), schema, today, time_zone)
    passed = each_passed(segments, texts, today, time_zone)
    short = {name: f"r{n}" for n, name in enumerate(passed)}  # for a database may cut names
    marks = [one.alias(short[name]) for name, one in passed.items()]
    marked = frame.select(nw.col(ROW).alias("every"), *marks)
    groups = marked.group_by("every", *short.values()).agg(nw.len().alias("n"))
    found = source.small(groups.head(most + 1))
    if found.height > most:
        return counts.counts(source, segments, today, time_zone), ()
    found = found.rename({ours: name for name, ours in short.items()})
    rows = pl.col("n").cast(pl.Int64)
    passing = rule_counts(segments, lambda one: pl.when(one).then(rows).otherwise(0).sum())
    row = found.select(rows.sum().alias("rows"), *passing).row(0, named=True)
    return read_counts(row, int(row["rows"]), segments, schema)
