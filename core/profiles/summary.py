"""What a source looked like to a run: numbers by column and rule, so that two runs can be compared.

Counted in the reading that counts the segments. Nothing in it tells of a single person: which
values may stay in it, `core.profiles.everyday` says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from core.columns import own
from core.profiles import column_summary, rule_summary
from core.profiles.column_summary import ColumnSummary, counted_texts
from core.profiles.freshness import Freshness
from core.profiles.rule_summary import RuleSummary, TopSummary
from core.profiles.segments.counts import Counts
from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group
from core.profiles.sources import Schema, Source, translated
from core.profiles.sources.dbt.standing import Standing

MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Summary:
    """A source as a run has read it on that day (ISO); rows count; up to when its data went."""

    rows: int
    columns: Mapping[str, ColumnSummary]
    rules: tuple[RuleSummary, ...] = ()
    day: str = ""
    freshness: Freshness | None = None  # None: a former version didn't look
    uncounted: tuple[str, ...] = ()  # columns of which a database didn't count all in time
    dbt: Standing | None = None  # of the model of dbt that it is
    tops: tuple[TopSummary, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        freshness = self.freshness.as_data() if self.freshness else None
        dbt = self.dbt.as_data() if self.dbt else None
        return asdict(replace(self, dbt=None)) | {"freshness": freshness, "dbt": dbt}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Summary":
        """As `as_data` wrote it."""
        columns = {name: ColumnSummary.read(one) for name, one in data["columns"].items()}
        rules = tuple(RuleSummary(**one) for one in data["rules"])
        freshness = Freshness.read(known) if (known := data.get("freshness")) else None
        uncounted = tuple(data.get("uncounted", ()))
        dbt = Standing.read(found) if (found := data.get("dbt")) else None
        tops = tuple(TopSummary(**one) for one in data.get("tops", ()))
        return cls(data["rows"], columns, rules, data["day"], freshness, uncounted, dbt, tops)


def summarised(
    source: Source,
    segments: Mapping[str, Group],
    names: Iterable[str],
    today: date,
    time_zone: str,
) -> tuple[Counts, Summary]:
    """The counts of the segments, and the summary of these columns. Raises SourceFailed."""
    schema = source.schema()
    used = used_columns(names, schema)
    with translated(source):
        frame, texts = ranked(source.scan(), segments.values(), schema, today, time_zone)
        given = segments, texts, today, time_zone
        found = rule_summary.each_passed(*given) | rule_summary.each_place(*given)
        leaves = [one.alias(name) for name, one in found.items()]
        native: pl.LazyFrame = frame.with_columns(*leaves).to_native()
        row, *texts_of = _collected(native, segments, used, schema)
        numbers = column_summary.numbers(native, row, used, schema)
    counted, rows = dict(zip(counted_texts(used, schema), texts_of, strict=True)), int(row["rows"])
    columns = {
        name: column_summary.of(one, rows, schema[name], counted.get(name))
        for name, one in numbers.items()
    }
    rules, tops = rule_summary.read(row, segments, schema, columns)
    summary = Summary(rows, columns, rules, today.isoformat(), tops=tops)
    return read_counts(row, rows, segments), summary


def used_columns(names: Iterable[str], schema: Schema) -> list[str]:
    """Those of the columns that are summed up."""
    return [name for name in dict.fromkeys(names) if name in schema][:MOST_COLUMNS]


def segment_counts(
    segments: Mapping[str, Group], schema: Schema, counted: Callable[[pl.Expr], pl.Expr]
) -> Iterator[pl.Expr]:
    """Of each segment, and of what decides in it, how many rows, which `counted` adds up.

    They have the columns of `each_passed` and `each_place`.
    """
    inside = {name: rule_summary.inside_of(rules, name) for name, rules in segments.items()}
    any_of = pl.any_horizontal(*inside.values()) if inside else pl.lit(value=False)
    yield counted(any_of).alias("any")
    yield from (counted(one).alias(_name_of(name)) for name, one in inside.items())
    yield from rule_summary.decided(segments, counted)
    for name, how in rule_summary.place_sums(segments, schema).items():
        yield getattr(pl.col(name), how)()


def read_counts(row: Mapping[str, Any], rows: int, segments: Iterable[str]) -> Counts:
    """From the row that `segment_counts` asks for."""
    counts = {name: int(row[_name_of(name)]) for name in segments}
    return Counts(counts, int(row["any"]), rows)


def _name_of(segment: str) -> str:
    return own(f"in {segment}")


def _collected(
    frame: pl.LazyFrame, segments: Mapping[str, Group], names: Sequence[str], schema: Schema
) -> list[Any]:
    """A row with all numbers, and the commonest texts of some columns, by one reading."""
    types = frame.collect_schema()
    about = [one for name in names for one in column_summary.about(name, schema[name], types[name])]
    counts = segment_counts(segments, schema, pl.Expr.sum)
    query = frame.select(pl.len().alias("rows"), *counts, *about)
    tops = [column_summary.texts(frame, name) for name in counted_texts(names, schema)]
    first, *others = pl.collect_all([query, *tops], engine="streaming")
    return [first.row(0, named=True), *others]
