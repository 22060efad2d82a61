"""Rules as one expression that every engine understands, true or false for each row, never null.

Empty is null, not-a-number, blank text and a list without items. What is compared is always a
positive question, answered false for empty; a negative operator denies it, and so keeps them.
"""

from datetime import date
from zoneinfo import ZoneInfo

import narwhals as nw

from core.profiles.segments.compared import Compared
from core.profiles.segments.comparisons import Column, filled
from core.profiles.segments.operators import Op
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.values import fitting
from core.profiles.sources import Kind, Schema


def expression(rules: Group, compared: Compared, today: date, time_zone: str) -> nw.Expr:
    """Whether a row of the frame that was `compared` is in the segment: boolean, never null.

    `today` is the day in `time_zone` that the last days are counted back from. A day compared with
    a moment means the whole day there; moments without a zone are read as written there. The last
    n days are those from today - n to today, both included, so that later ones are out.
    Whoever takes the first of a group's people has the frame `ranked`.
    Raises Invalid for values that don't fit: call check first for every problem with its place.
    """
    zone = ZoneInfo(time_zone)

    def one(item: Group | Rule) -> nw.Expr:
        if isinstance(item, Rule):
            return _rule(item, compared.column(item.field, today, zone))
        if item.top is not None:
            return (nw.col(compared.places.name(item)) <= item.top.count).fill_null(False)
        cheap_first = sorted(item.items, key=lambda inner: _cost(inner, compared.schema))
        parts = [one(inner) for inner in cheap_first]
        if item.kind == "all":
            return nw.all_horizontal(*parts, ignore_nulls=False)
        joined = nw.any_horizontal(*parts, ignore_nulls=False)
        return ~joined if item.kind == "none" else joined

    return one(rules)


def least(rules: Group, compared: Compared, today: date, time_zone: str) -> nw.Expr | None:
    """What a row passes at least to be in the segment, without a look at its texts.

    None where nothing is known without them.
    """
    if rules.kind != "all" or rules.tops():
        return None
    cheap = tuple(item for item in rules.items if not _cost(item, compared.schema))
    return expression(Group(all=cheap), compared, today, time_zone) if cheap else None


def each_rule(rules: Group, compared: Compared, today: date, time_zone: str) -> list[nw.Expr]:
    """Of each rule by itself, in the order of `rules.rules()`, whether a row passes it."""
    zone = ZoneInfo(time_zone)
    return [_rule(rule, compared.column(rule.field, today, zone)) for rule in rules.rules()]


def each_top(rules: Group, compared: Compared, today: date, time_zone: str) -> list[nw.Expr]:
    """Of each group with a `top` by itself, in the order of `rules.tops()`, whether a row is in."""
    return [expression(group, compared, today, time_zone) for group in rules.tops()]


def _cost(item: Group | Rule, schema: Schema) -> int:
    """How dear it is to look at: an engine that knows the answer by then leaves out the rest.

    Texts cost most, for they are cleaned first; of them those that few people equal least.
    """
    if isinstance(item, Group):
        return 0 if item.top is not None else sum(_cost(inner, schema) for inner in item.items)
    if schema[item.field] not in (Kind.text, Kind.list):
        return 0
    return 1 if item.op in (Op.equals, Op.is_one_of) else 2


def _rule(rule: Rule, column: Column) -> nw.Expr:
    values = fitting(rule, column.kind)
    # Where nothing is filled, nothing is found either, whatever is compared.
    compare = filled if column.kind is Kind.nothing else rule.op.compare
    found = compare(column, values).fill_null(False)
    return ~found if rule.op.negative else found
