"""Any tree of rules on any profiles agrees with a plain evaluation, and is never null."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from math import isnan
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.profiles.segments.checks import check
from core.profiles.segments.compared import compared
from core.profiles.segments.expressions import expression
from core.profiles.segments.operators import Op, operators
from core.profiles.segments.rules import Group, Rule
from core.profiles.sources import Kind
from tests.profiles.segments.conftest import SCHEMA, TODAY, TYPES, ZONE

FIELDS = ["text", "number", "whole", "flag", "day", "told", "real", "tags"]
TEXTS = st.sampled_from(["LV", "lv", "L", "V", "a.c", "abc", " ", "", "x y", "\u00a0"])
NUMBERS = st.sampled_from([-2, 0, 1, 1.5, 300, 2**53, 2**53 + 1])
DAYS = st.integers(-5, 3).map(lambda n: TODAY + timedelta(days=n))
MOMENTS = st.integers(-5 * 48, 3 * 48).map(
    lambda n: datetime(2026, 3, 29) + timedelta(minutes=30 * n)
)
VALUES = {
    "text": TEXTS,
    "number": st.sampled_from([-2.0, 1.0, 1.5, 300.0, float("nan"), float("inf"), float("-inf")]),
    "whole": st.sampled_from([-2, 0, 1, 300, 2**53, 2**53 + 1]),
    "flag": st.booleans(),
    "day": DAYS,
    "told": MOMENTS,
    "real": MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC)),
    "tags": st.lists(st.none() | TEXTS, max_size=3),
}
GIVEN = {
    Kind.text: TEXTS.filter(str.strip),
    Kind.list: TEXTS.filter(bool),
    Kind.number: NUMBERS,
    Kind.boolean: st.booleans(),
    Kind.date: DAYS,
    Kind.moment: DAYS.map(str),
}


@st.composite
def rules(draw):
    field = draw(st.sampled_from(FIELDS))
    op = draw(st.sampled_from(operators(SCHEMA[field])))
    return Rule(field=field, op=op, value=draw(value_for(op, GIVEN[SCHEMA[field]])))


def value_for(op, one):
    if op in (Op.is_true, Op.is_false, Op.is_empty, Op.is_not_empty):
        return st.none()
    if op in (Op.is_one_of, Op.is_none_of):
        return st.lists(one, min_size=1, max_size=3)
    if op in (Op.in_last_days, Op.not_in_last_days):
        return st.integers(0, 6)
    if op is Op.between:
        return st.lists(one, min_size=2, max_size=2).map(sorted)
    if op is Op.in_list:
        known = {"name": "VIP", "count": 2, "digest": "", "addresses": ["lv", "a.c"]}
        return st.just(known)
    if op is Op.in_share:
        return st.fixed_dictionaries(
            {"percent": st.sampled_from([100, 50, 7.5]), "seed": st.sampled_from(["a", "b"])}
        )
    return st.sampled_from(["^L", "c$", r"\s", ".*", "(?i)v"]) if op is Op.matches else one


def groups(items):
    def group(kind, members):
        return Group.model_validate({kind: tuple(members)})

    return st.builds(
        group, st.sampled_from(["all", "any", "none"]), st.lists(items, min_size=1, max_size=3)
    )


TREES = groups(st.recursive(rules(), groups, max_leaves=6))
PROFILES = st.lists(
    st.fixed_dictionaries({field: st.none() | VALUES[field] for field in FIELDS}),
    min_size=1,
    max_size=8,
)


def in_group(group, row):
    answers = [
        in_group(i, row) if isinstance(i, Group) else fits(i, row[i.field]) for i in group.items
    ]
    return {"all": all(answers), "any": any(answers), "none": not any(answers)}[group.kind]


def is_empty(value):
    if isinstance(value, float):
        return isnan(value)
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def fits(rule, value):
    if rule.op in (Op.is_empty, Op.is_not_empty):
        return is_empty(value) == (rule.op is Op.is_empty)
    denied = {
        Op.not_equals: Op.equals,
        Op.is_none_of: Op.is_one_of,
        Op.not_in_last_days: Op.in_last_days,
    }
    if rule.op in denied:
        return not positive(denied[rule.op], rule, value)
    return positive(rule.op, rule, value)


def positive(op, rule, value):
    if is_empty(value):
        return False
    given = rule.value if isinstance(rule.value, list) else [rule.value]
    if SCHEMA[rule.field] in (Kind.date, Kind.moment):
        value = day_of(value)
        given = [date.fromisoformat(v) if isinstance(v, str) else v for v in given]
    return ANSWERS[op](value, given)


def day_of(value):
    if not isinstance(value, datetime):
        return value
    return (value.astimezone(ZoneInfo(ZONE)) if value.tzinfo else value).date()


def share_of(value, seed):
    """Which percent of all numbers is below that of the value."""
    whole = hashlib.md5(f"{seed}/{value}".encode(), usedforsecurity=False)
    return int(whole.hexdigest()[:8], 16) / 2**32 * 100


ANSWERS = {
    Op.equals: lambda value, given: value == given[0],
    Op.on: lambda value, given: value == given[0],
    Op.is_one_of: lambda value, given: value in given,
    Op.contains: lambda value, given: given[0] in value,
    Op.starts_with: lambda value, given: value.startswith(given[0]),
    Op.ends_with: lambda value, given: value.endswith(given[0]),
    Op.matches: lambda value, given: re.search(given[0], value) is not None,
    Op.more_than: lambda value, given: value > given[0],
    Op.at_least: lambda value, given: value >= given[0],
    Op.less_than: lambda value, given: value < given[0],
    Op.at_most: lambda value, given: value <= given[0],
    Op.between: lambda value, given: given[0] <= value <= given[1],
    Op.before: lambda value, given: value < given[0],
    Op.after: lambda value, given: value > given[0],
    Op.in_last_days: lambda value, given: TODAY - timedelta(days=given[0]) <= value <= TODAY,
    Op.in_list: lambda value, given: value.strip().lower() in given[0].addresses,
    Op.in_share: lambda value, given: share_of(value, given[0].seed) < given[0].percent,
    Op.is_true: lambda value, _given: value is True,
    Op.is_false: lambda value, _given: value is False,
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, PROFILES)
def test_an_expression_agrees_with_a_plain_evaluation_and_is_never_null(tree, profiles):
    check(tree, SCHEMA, "the segment")
    frame = pl.DataFrame(profiles, schema={field: TYPES[field] for field in FIELDS}).lazy()
    with_texts, texts = compared(nw.from_native(frame), [tree], SCHEMA)
    inside = with_texts.select(x=expression(tree, texts, TODAY, ZONE))
    assert inside.to_native().collect()["x"].to_list() == [in_group(tree, p) for p in profiles]
