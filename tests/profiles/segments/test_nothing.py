"""Fields that hold nothing yet: every rule suits them, and what is asked for is in none of them."""

from datetime import date

import narwhals as nw
import polars as pl
import pytest

from core.errors import Invalid
from core.profiles.segments.checks import check
from core.profiles.segments.compared import compared
from core.profiles.segments.expressions import expression
from core.profiles.segments.operators import Op, operators
from core.profiles.segments.rules import Group
from core.profiles.segments.values import assumed
from core.profiles.sources import Kind

DAYS = ["2026-01-01", "2026-02-01"]
VALUES = [
    ((Op.on, Op.before, Op.after), DAYS[:1]),
    ((Op.in_last_days, Op.not_in_last_days), [90]),
    ((Op.equals, Op.not_equals), ["LV", 42, 1.5, True, DAYS[0]]),
    ((Op.is_one_of, Op.is_none_of), [["LV", "EE"], [1, 2], DAYS]),
    ((Op.contains, Op.starts_with, Op.ends_with, Op.matches), ["a"]),
    ((Op.more_than, Op.at_least, Op.less_than, Op.at_most), [300]),
    ((Op.in_share,), [{"percent": 100, "seed": "a"}]),
    ((Op.in_list,), [{"name": "VIP", "count": 1, "digest": "", "addresses": ["a"]}]),
    ((Op.between,), [[1, 2.5], DAYS]),
    ((Op.is_true, Op.is_false, Op.is_empty, Op.is_not_empty), [None]),
]


def group(op: Op, value: object) -> Group:
    return Group.model_validate({"all": [{"field": "it", "op": op, "value": value}]})


def test_any_rule_is_taken_and_finds_nobody_unless_it_asks_for_nothing():
    assert operators(Kind.nothing) == tuple(Op)
    cases = [(op, value) for ops, values in VALUES for op in ops for value in values]
    assert {op for op, _value in cases} == set(Op)
    rules = [group(op, value) for op, value in cases]
    for one in rules:
        check(one, {"it": Kind.nothing}, "")
    frame = nw.from_native(pl.LazyFrame({"it": [None, None]}, schema={"it": pl.String}))
    with_texts, texts = compared(frame, rules, {"it": Kind.nothing})
    marks = [expression(one, texts, date(2026, 1, 1), "Etc/UTC") for one in rules]
    named = [mark.alias(str(n)) for n, mark in enumerate(marks)]
    columns = with_texts.select(*named).collect().iter_columns()
    for (op, _value), found in zip(cases, columns, strict=True):
        assert found.to_list() == [op.negative] * 2, op


@pytest.mark.parametrize(
    ("op", "value", "said"),
    [
        (Op.equals, " ", "is empty"),
        (Op.between, ["a", 5], "can't be compared with “a”"),
        (Op.between, [5, 1], "put the lower one first"),
        (Op.before, "soon", "Give a day"),
        (Op.matches, "(", "isn't valid"),
        (Op.more_than, "300", "without quotes"),
    ],
)
def test_what_no_field_could_be_compared_with_is_refused(op, value, said):
    with pytest.raises(Invalid, match=said):
        check(group(op, value), {"it": Kind.nothing}, "The segment “Spenders”")


def test_the_value_says_what_such_a_field_is_taken_for():
    kinds = [(Op.equals, 5, Kind.number), (Op.between, DAYS, Kind.date), (Op.on, None, Kind.date)]
    for op, value, kind in kinds:
        assert assumed(op, value, Kind.nothing) is kind
    assert assumed(Op.equals, 5, Kind.text) is Kind.text
