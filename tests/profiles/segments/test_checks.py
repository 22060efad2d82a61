"""Rules that don't fit a source are refused with the field, its kind and what to do."""

from datetime import date

import pytest

from core.errors import Invalid, Unknown
from core.profiles.segments.checks import check
from core.profiles.segments.operators import Op, operators
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind
from tests.profiles.segments.conftest import SCHEMA


def checked(field, op, value):
    rule = {"field": field, "op": op, "value": value}
    check(Group.model_validate({"any": [{"none": [rule]}]}), SCHEMA, "The segment “Spenders”")


def test_an_unknown_field_is_named_with_the_nearest():
    with pytest.raises(
        Unknown, match=r"Spenders.*no field “nummer”. Did you mean “number”"
    ) as unknown:
        checked("nummer", "equals", 1)
    assert (unknown.value.nearest, unknown.value.field) == ("number", "nummer")


@pytest.mark.parametrize("name", ["Stadtu\u0308", "Stadt\u00fc ", "\u00a0Stadt\u00fc"])
def test_a_field_that_only_looks_the_same_is_said_to(name):
    with pytest.raises(Unknown, match="“Stadtü” looks alike, but is written with other characters"):
        raise Unknown("field", name, ["Stadt\u00fc"])


@pytest.mark.parametrize(
    ("field", "op", "value", "said"),
    [
        ("text", "more_than", 300, "“text” has text, so “is more than” can't compare it"),
        ("number", "contains", "1", "“number” has numbers, so “contains” can't"),
        ("flag", "more_than", 1, "“flag” has yes or no, so “is more than”"),
        ("day", "starts_with", "2026", "“day” has dates"),
        ("real", "is_true", None, "“real” has dates with a time"),
        ("tags", "equals", "a", "“tags” has lists, so “is” can't"),
        ("nested", "equals", "a", "“nested” has nested data"),
        ("text", "equals", 5, "can't be compared with 5. Put the value in quotes"),
        ("text", "is_one_of", ["a", True], "can't be compared with true"),
        ("number", "equals", "5", "can't be compared with “5”. Give a number"),
        ("number", "equals", True, "can't be compared with true"),
        ("number", "at_most", float("inf"), "can't be compared with inf"),
        ("number", "between", [1, "2"], "can't be compared with “2”"),
        ("number", "between", [2, 1], "can't be between 2 and 1: put the lower one first"),
        ("flag", "equals", "yes", "Give true or false"),
        ("day", "on", "31.12.2026", "Give a day, as in 2026-12-31"),
        ("day", "before", "2026-02-30", "Give a day"),
        ("told", "after", 2026, "Give a day"),
        ("day", "between", ["2026-02-02", "2026-02-01"], "put the lower one first"),
        ("text", "equals", " ", "is empty. Use “is_empty”"),
        ("text", "is_none_of", ["a", ""], "is empty. Use “is_empty”"),
        ("text", "contains", "", "is empty"),
        ("text", "contains", "\u200b", "is empty"),
        ("text", "matches", "(a", "“(a” for “text” isn't valid: unclosed group."),
        ("text", "matches", "(?<!a)b", "isn't valid: look-around"),
    ],
)
def test_what_does_not_fit_is_told(field, op, value, said):
    with pytest.raises(Invalid) as refused:
        checked(field, op, value)
    assert str(refused.value).startswith("The segment “Spenders”: ")
    assert said in str(refused.value)
    assert refused.value.field == field


VALUES = {Kind.text: "a", Kind.list: "a", Kind.number: 1, Kind.boolean: True}


@pytest.mark.parametrize(("field", "kind"), SCHEMA.items())
@pytest.mark.parametrize("op", Op)
def test_an_operator_fits_exactly_the_kinds_it_is_offered_for(field, kind, op):
    one = VALUES.get(kind, date(2026, 1, 1))
    value = {
        Op.is_one_of: [one],
        Op.is_none_of: [one],
        Op.between: [one, one],
        Op.in_last_days: 3,
        Op.not_in_last_days: 3,
        Op.in_share: {"percent": 10, "seed": "a"},
        Op.in_list: "VIP",
        **dict.fromkeys((Op.is_true, Op.is_false, Op.is_empty, Op.is_not_empty)),
    }.get(op, one)
    if op in operators(kind):
        checked(field, op, value)
    else:
        with pytest.raises(Invalid, match=f"“{field}” has"):
            checked(field, op, value)
