"""What a source looked like to a run: numbers by column and rule, so that two runs can be compared.

Counted in the reading that counts the segments. Nothing in it tells of a single person: which
values may stay in it, `core.profiles.everyday` says.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from core.columns import column, own
from core.profiles import everyday
from core.profiles.freshness import Freshness
from core.profiles.segments.compared import compared
from core.profiles.segments.counts import Counts
from core.profiles.segments.expressions import each_rule
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.words import rule_words
from core.profiles.sources import Kind, Schema, Source, translated

MOST_COLUMNS, MOST_RULES = 40, 60
TOP = 10  # values of a column
ORDERED = (Kind.number, Kind.date, Kind.moment)


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """A column over all rows: how many are empty, about how many different values, their range.

    Numbers have a mean, too. `top` are texts that several people have, with how many rows do.
    What could tell of a single person is None, or not in it.
    """

    kind: str
    empty: int
    distinct: int
    least: float | str | None = None  # dates as ISO
    most: float | str | None = None
    mean: float | None = None
    top: Mapping[str, int] | None = None


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

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        freshness = self.freshness.as_data() if self.freshness else None
        return asdict(self) | {"freshness": freshness}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Summary":
        """As `as_data` wrote it."""
        columns = {name: ColumnSummary(**one) for name, one in data["columns"].items()}
        rules = tuple(RuleSummary(**one) for one in data["rules"])
        freshness = Freshness.read(known) if (known := data.get("freshness")) else None
        return cls(data["rows"], columns, rules, data["day"], freshness)


def summarised(
    source: Source,
    segments: Mapping[str, Group],
    names: Iterable[str],
    today: date,
    time_zone: str,
) -> tuple[Counts, Summary]:
    """The counts of the segments, and the summary of these columns. Raises SourceFailed."""
    schema = source.schema()
    used = [name for name in dict.fromkeys(names) if name in schema][:MOST_COLUMNS]
    with translated(source):
        frame, texts = compared(source.scan(), segments.values(), schema)
        leaves = [
            one.alias(own(f"rule {n} {name}"))
            for name, rules in segments.items()
            for n, one in enumerate(each_rule(rules, texts, today, time_zone))
        ]
        native: pl.LazyFrame = frame.with_columns(*leaves).to_native()
        row, *tops = _collected(native, segments, used, schema)
    told = dict(zip(_counted_texts(used, schema), tops, strict=True))
    counts = {name: int(row[name_of(name)]) for name in segments}
    columns = {name: _column(row, name, schema[name], told.get(name)) for name in used}
    return (
        Counts(counts, int(row["any"]), int(row["rows"])),
        Summary(int(row["rows"]), columns, _rules(row, segments, schema), today.isoformat()),
    )


def name_of(segment: str) -> str:
    """The name of the column that counts a segment."""
    return own(f"in {segment}")


def _filled(value: pl.Expr, kind: Kind, dtype: pl.DataType) -> pl.Expr:
    """As rules see it, but that a text of blanks counts as filled, for that costs much to know."""
    if kind is Kind.text and dtype == pl.String:
        return value.str.len_bytes() > 0
    if kind is Kind.list:
        return value.list.len() > 0
    return value.is_finite() if dtype.is_float() else value.is_not_null()


def _collected(
    frame: pl.LazyFrame, segments: Mapping[str, Group], names: Sequence[str], schema: Schema
) -> list[Any]:
    """A row with all numbers, and the commonest texts of some columns, by one reading."""
    inside = {name: _tree(rules, name) for name, rules in segments.items()}
    any_of = pl.any_horizontal(*inside.values()) if inside else pl.lit(value=False)
    sums = [one.sum().alias(name_of(name)) for name, one in inside.items()]
    decided = [one for name, rules in segments.items() for one in _deciding(rules, name)]
    types = frame.collect_schema()
    about = [one for name in names for one in _about(name, schema[name], types[name])]
    query = frame.select(pl.len().alias("rows"), any_of.sum().alias("any"), *sums, *decided, *about)
    tops = [
        frame.select(it=column(name).cast(pl.String)).drop_nulls().group_by("it").len("n")
        for name in _counted_texts(names, schema)
    ]
    first, *others = pl.collect_all([query, *tops], engine="streaming")
    return [first.row(0, named=True), *others]


def _tree(rules: Group, segment: str, without: tuple[int, bool] | None = None) -> pl.Expr:
    """Whether a row is in the segment, by its rules' own columns; one may be taken as decided."""
    numbers = iter(range(len(list(rules.rules()))))

    def one(item: Group | Rule) -> pl.Expr:
        if isinstance(item, Rule):
            n = next(numbers)
            if without and without[0] == n:
                return pl.lit(without[1])
            return pl.col(own(f"rule {n} {segment}"))
        parts = [one(inner) for inner in item.items]
        joined = pl.all_horizontal if item.kind == "all" else pl.any_horizontal
        return ~joined(*parts) if item.kind == "none" else joined(*parts)

    return one(rules)


def _deciding(rules: Group, segment: str) -> list[pl.Expr]:
    """Of each rule: how many pass it, whom it alone keeps out, and lets in."""
    inside, found = _tree(rules, segment), []
    for n, _rule in enumerate(list(rules.rules())[:MOST_RULES]):
        both = [_tree(rules, segment, (n, passed)) for passed in (True, False)]
        either, neither = pl.any_horizontal(*both), pl.all_horizontal(*both)
        found += [
            pl.col(own(f"rule {n} {segment}")).sum().alias(own(f"passes {n} {segment}")),
            (either & ~inside).sum().alias(own(f"kept out {n} {segment}")),
            (inside & ~neither).sum().alias(own(f"let in {n} {segment}")),
        ]
    return found


def _about(name: str, kind: Kind, dtype: pl.DataType) -> list[pl.Expr]:
    """The numbers of a column; ranges only where they tell of no single person."""
    value = column(name)
    found = [_filled(value, kind, dtype).sum().alias(own(f"full {name}"))]
    if kind in (Kind.text, Kind.boolean, *ORDERED):
        found.append(value.approx_n_unique().alias(own(f"distinct {name}")))
    if kind not in ORDERED or everyday.is_personal(name, kind):
        return found
    if kind is Kind.number:
        number = value.cast(pl.Float64)
        value = pl.when(number.is_finite()).then(number)
        whole = (value == value.round()).all()
        found += [value.mean().alias(own(f"mean {name}")), whole.alias(own(f"whole {name}"))]
    return [*found, value.min().alias(own(f"least {name}")), value.max().alias(own(f"most {name}"))]


def _counted_texts(names: Collection[str], schema: Schema) -> list[str]:
    """The columns of which the commonest values are counted."""
    kinds = (Kind.text, Kind.boolean)
    return [n for n in names if schema[n] in kinds and not _is_personal(n, schema[n])]


def _is_personal(name: str, kind: Kind) -> bool:
    return kind is not Kind.boolean and everyday.is_personal(name, kind)


def _column(
    row: Mapping[str, Any], name: str, kind: Kind, counted: pl.DataFrame | None
) -> ColumnSummary:
    filled = int(row[own(f"full {name}")] or 0)
    distinct = int(row.get(own(f"distinct {name}")) or 0)
    top = None
    if counted is not None:
        common = set(everyday.in_common(counted))
        ordered = counted.sort("n", "it", descending=[True, False])
        top = {it: int(n) for it, n in ordered.iter_rows() if it in common}
        top = dict(list(top.items())[:TOP])
    ids = row.get(own(f"whole {name}")) and distinct > everyday.ITS_OWN * filled
    least, most, mean = (
        None if ids else _plain(row.get(own(f"{what} {name}")))
        for what in ("least", "most", "mean")
    )
    number = mean if isinstance(mean, float) else None
    return ColumnSummary(str(kind), int(row["rows"]) - filled, distinct, least, most, number, top)


def _plain(value: Any) -> float | str | None:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return None if value is None else float(value)


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


WHAT = ("passes", "kept out", "let in")
