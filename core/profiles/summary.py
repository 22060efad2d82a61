"""What a source looked like to a run: numbers by column and rule, so that two runs can be compared.

Counted in the reading that counts the segments. Nothing in it tells of a single person: which
values may stay in it, `core.profiles.everyday` says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import count
from typing import Any

import narwhals as nw
import polars as pl

from core.columns import own
from core.profiles import column_summary, everyday
from core.profiles.column_summary import ORDERED, ColumnSummary, counted_texts
from core.profiles.freshness import Freshness
from core.profiles.segments.compared import Compared
from core.profiles.segments.counts import Counts
from core.profiles.segments.expressions import each_rule, each_top
from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.words import rule_words
from core.profiles.sources import Kind, Schema, Source, translated
from core.profiles.sources.dbt.standing import Standing

MOST_COLUMNS, MOST_RULES = 40, 60
WHAT = ("passes", "kept out", "let in")  # what is counted of a rule


@dataclass(frozen=True, slots=True)
class RuleSummary:
    """One rule of a segment: how many rows pass it, and for how many it alone decides.

    `kept_out` would be in the segment if they passed it; `let_in` would not be if they didn't.
    """

    segment: str
    field: str
    words: str
    passes: int
    kept_out: int
    let_in: int


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
        return cls(data["rows"], columns, rules, data["day"], freshness, uncounted, dbt)


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
        passed = each_passed(segments, texts, today, time_zone)
        leaves = [one.alias(name) for name, one in passed.items()]
        native: pl.LazyFrame = frame.with_columns(*leaves).to_native()
        row, *tops = _collected(native, segments, used, schema)
        numbers = column_summary.numbers(native, row, used, schema)
    counted, rows = dict(zip(counted_texts(used, schema), tops, strict=True)), int(row["rows"])
    columns = {
        name: column_summary.of(one, rows, schema[name], counted.get(name))
        for name, one in numbers.items()
    }
    counts, decided = read_counts(row, rows, segments, schema)
    return counts, Summary(rows, columns, decided, today.isoformat())


def used_columns(names: Iterable[str], schema: Schema) -> list[str]:
    """Those of the columns that are summed up."""
    return [name for name in dict.fromkeys(names) if name in schema][:MOST_COLUMNS]


def each_passed(
    segments: Mapping[str, Group], texts: Compared, today: date, time_zone: str
) -> dict[str, nw.Expr]:
    """By the names of their columns: whether a row passes each rule.

    And whether it is in each group that takes the first of its people.
    """
    return {
        name(n, segment): one
        for segment, rules in segments.items()
        for name, each in ((rule_name, each_rule), (_top_name, each_top))
        for n, one in enumerate(each(rules, texts, today, time_zone))
    }


def rule_name(n: int, segment: str) -> str:
    """The name of the column that says whether a row passes rule n of a segment."""
    return own(f"rule {n} {segment}")


def _top_name(n: int, segment: str) -> str:
    return own(f"top {n} {segment}")


def rule_counts(
    segments: Mapping[str, Group], counted: Callable[[pl.Expr], pl.Expr]
) -> Iterator[pl.Expr]:
    """Of each segment and each rule how many rows, which `counted` adds up, by `rule_name`."""
    inside = {name: _tree(rules, name) for name, rules in segments.items()}
    any_of = pl.any_horizontal(*inside.values()) if inside else pl.lit(value=False)
    yield counted(any_of).alias("any")
    yield from (counted(one).alias(_name_of(name)) for name, one in inside.items())
    for name, rules in segments.items():
        yield from _deciding(rules, name, counted)


def read_counts(
    row: Mapping[str, Any], rows: int, segments: Mapping[str, Group], schema: Schema
) -> tuple[Counts, tuple[RuleSummary, ...]]:
    """From the row that `rule_counts` asks for."""
    counts = {name: int(row[_name_of(name)]) for name in segments}
    return Counts(counts, int(row["any"]), rows), _rules(row, segments, schema)


def _name_of(segment: str) -> str:
    return own(f"in {segment}")


def _collected(
    frame: pl.LazyFrame, segments: Mapping[str, Group], names: Sequence[str], schema: Schema
) -> list[Any]:
    """A row with all numbers, and the commonest texts of some columns, by one reading."""
    types = frame.collect_schema()
    about = [one for name in names for one in column_summary.about(name, schema[name], types[name])]
    query = frame.select(pl.len().alias("rows"), *rule_counts(segments, pl.Expr.sum), *about)
    tops = [column_summary.texts(frame, name) for name in counted_texts(names, schema)]
    first, *others = pl.collect_all([query, *tops], engine="streaming")
    return [first.row(0, named=True), *others]


def _tree(rules: Group, segment: str, without: tuple[int, bool] | None = None) -> pl.Expr:
    """Whether a row is in the segment, by its rules' own columns; one may be taken as decided.

    What a rule decides of who comes first isn't known from one row: it counts as nothing.
    """
    numbers, tops = count(), rules.tops()

    def one(item: Group | Rule) -> pl.Expr:
        if isinstance(item, Group) and item.top is not None:
            for _rule in item.rules():
                next(numbers)
            return pl.col(_top_name(tops.index(item), segment))
        if isinstance(item, Rule):
            n = next(numbers)
            if without and without[0] == n:
                return pl.lit(without[1])
            return pl.col(rule_name(n, segment))
        parts = [one(inner) for inner in item.items]
        joined = pl.all_horizontal if item.kind == "all" else pl.any_horizontal
        return ~joined(*parts) if item.kind == "none" else joined(*parts)

    return one(rules)


def _deciding(
    rules: Group, segment: str, counted: Callable[[pl.Expr], pl.Expr]
) -> Iterator[pl.Expr]:
    """Of each rule: how many pass it, whom it alone keeps out, and lets in."""
    inside = _tree(rules, segment)
    for n, _rule in enumerate(list(rules.rules())[:MOST_RULES]):
        both = [_tree(rules, segment, (n, passed)) for passed in (True, False)]
        either, neither = pl.any_horizontal(*both), pl.all_horizontal(*both)
        passed = pl.col(rule_name(n, segment)), either & ~inside, inside & ~neither
        for what, one in zip(WHAT, passed, strict=True):
            yield counted(one).alias(own(f"{what} {n} {segment}"))


def _rules(
    row: Mapping[str, Any], segments: Mapping[str, Group], schema: Schema
) -> tuple[RuleSummary, ...]:
    found = []
    for segment, rules in segments.items():
        for n, rule in enumerate(list(rules.rules())[:MOST_RULES]):
            kind = schema[rule.field]
            hidden = kind in (Kind.text, *ORDERED) and everyday.is_personal(rule.field, kind)
            words = rule_words(rule, valued=not hidden)
            numbers = (int(row[own(f"{what} {n} {segment}")]) for what in WHAT)
            found.append(RuleSummary(segment, rule.field, words, *numbers))
    return tuple(found[:MOST_RULES])
