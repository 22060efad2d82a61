"""Each operator on each kind of field, and on every sort of emptiness."""

from datetime import date

import pytest


def rule(field, op, value=None):
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


@pytest.mark.parametrize(
    ("field", "op", "value", "places"),
    [
        ("text", "equals", "LV", "0"),
        ("text", "not_equals", "LV", "123456"),
        ("text", "is_one_of", ["LV", "lv"], "01"),
        ("text", "is_none_of", ["LV", "lv"], "23456"),
        ("text", "contains", "V", "02"),
        ("text", "contains", ".", "3"),
        ("text", "contains", " ", ""),
        ("text", "starts_with", "LV", "02"),
        ("text", "starts_with", "\u0020", ""),
        ("text", "ends_with", "V", "0"),
        ("text", "matches", "^L.$", "0"),
        ("text", "matches", "(?i)lv", "012"),
        ("text", "matches", ".*", "0123"),
        ("text", "matches", r"\s", ""),
        ("text", "is_empty", None, "456"),
        ("text", "is_not_empty", None, "0123"),
        ("number", "equals", 1, "0"),
        ("number", "equals", -2.5, "1"),
        ("number", "not_equals", 1, "123456"),
        ("number", "is_one_of", [1, -2.5], "01"),
        ("number", "is_none_of", [1, -2.5], "23456"),
        ("number", "more_than", 1, "25"),
        ("number", "at_least", 1, "025"),
        ("number", "less_than", 1, "13"),
        ("number", "at_most", 1, "013"),
        ("number", "between", [-2.5, 1], "01"),
        ("number", "between", [1, 1], "0"),
        ("number", "is_empty", None, "46"),
        ("number", "is_not_empty", None, "01235"),
        ("whole", "equals", 1.0, "0"),
        ("whole", "equals", 1.5, ""),
        ("whole", "equals", 2**53 + 1, "2"),
        ("whole", "is_one_of", [1, 2.5, 5.0], "04"),
        ("whole", "is_one_of", [2**53 + 1, 5], "24"),
        ("whole", "is_one_of", [2**53 + 1], "2"),
        ("whole", "is_none_of", [2**53, 5], "01256"),
        ("whole", "more_than", 4.5, "2345"),
        ("whole", "between", [-2, 1], "01"),
        ("whole", "is_empty", None, "6"),
        ("flag", "is_true", None, "03"),
        ("flag", "is_false", None, "14"),
        ("flag", "equals", True, "03"),
        ("flag", "not_equals", True, "12456"),
        ("flag", "is_one_of", [True, False], "0134"),
        ("flag", "is_none_of", [False], "02356"),
        ("flag", "is_empty", None, "256"),
        ("day", "on", "2026-03-29", "0"),
        ("day", "equals", date(2026, 3, 29), "0"),
        ("day", "not_equals", "2026-03-29", "123456"),
        ("day", "is_one_of", ["2026-03-29", "2026-03-30"], "02"),
        ("day", "is_none_of", ["2026-03-29", "2026-03-30"], "13456"),
        ("day", "before", "2026-03-29", "1345"),
        ("day", "before", "0001-01-01", ""),
        ("day", "after", "2026-03-29", "2"),
        ("day", "after", "9999-12-31", ""),
        ("day", "between", ["2026-03-28", "2026-03-29"], "01"),
        ("day", "in_last_days", 90, "013"),
        ("day", "in_last_days", 0, "0"),
        ("day", "in_last_days", 10**9, "01345"),
        ("day", "not_in_last_days", 90, "2456"),
        ("day", "is_empty", None, "6"),
        ("told", "on", "2026-03-29", "01"),
        ("told", "equals", "2026-03-29", "01"),
        ("told", "not_equals", "2026-03-29", "23456"),
        ("told", "is_one_of", ["2026-03-29", "2025-12-28"], "014"),
        ("told", "before", "2026-03-29", "345"),
        ("told", "after", "2026-03-29", "2"),
        ("told", "after", "9999-12-31", ""),
        ("told", "between", ["2026-03-28", "2026-03-29"], "013"),
        ("told", "in_last_days", 91, "0134"),
        ("told", "not_in_last_days", 91, "256"),
        ("told", "is_not_empty", None, "012345"),
        ("real", "on", "2026-03-29", "01"),
        ("real", "before", "2026-03-29", "345"),
        ("real", "before", "0001-01-01", ""),
        ("real", "after", "2026-03-29", "2"),
        ("real", "between", ["2026-03-28", "2026-03-29"], "013"),
        ("real", "in_last_days", 91, "0134"),
        ("real", "not_in_last_days", 91, "256"),
        ("real", "in_last_days", 10**9, "01345"),
        ("real", "is_none_of", ["2026-03-29"], "23456"),
        ("tags", "contains", "a", "0"),
        ("tags", "is_empty", None, "46"),
        ("tags", "is_not_empty", None, "01235"),
        ("sizes", "contains", "1", "05"),
        ("nested", "is_empty", None, "6"),
        ("nested", "is_not_empty", None, "012345"),
    ],
)
def test_each_operator_finds_what_it_says(found, field, op, value, places):
    assert found({"all": [rule(field, op, value)]}) == places


LV, FIRST, NEVER = (
    rule("text", "equals", "LV"),
    rule("number", "at_most", 1),
    rule("flag", "is_true"),
)


@pytest.mark.parametrize(
    ("rules", "places"),
    [
        ({"all": [LV, FIRST]}, "0"),
        ({"any": [LV, FIRST]}, "013"),
        ({"none": [LV, FIRST]}, "2456"),
        ({"none": [{"all": [FIRST, NEVER]}]}, "12456"),
        ({"all": [{"none": [LV]}, {"any": [FIRST, NEVER]}]}, "13"),
        ({"none": [{"none": [LV]}]}, "0"),
        ({"any": [{"all": [LV]}, {"none": [{"any": [FIRST, rule("text", "is_empty")]}]}]}, "02"),
    ],
)
def test_groups_nest_freely_and_none_keeps_the_empty(found, rules, places):
    assert found(rules) == places
