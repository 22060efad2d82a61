"""Rules read as plain words."""

import pytest

from core.profiles.segments.rules import Group
from core.profiles.segments.words import words


def rule(field, op, value=None):
    return {"field": field, "op": op, "value": value}


SPENDERS = {
    "all": [
        rule("country", "equals", "LV"),
        rule("value", "more_than", 1300),
        {"any": [rule("last", "in_last_days", 90), rule("tier", "is_one_of", ["silver", "gold"])]},
    ]
}

TOP = {"count": 1000, "by": "value", "ties": "email"}
BOTH = [rule("a", "is_true"), rule("b", "is_true")]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            SPENDERS,
            "country is LV and value is more than 1,300"
            " and (last in the last 90 days or tier is one of silver, gold)",
        ),
        ({"any": [rule("a", "is_true"), rule("b", "is_empty")]}, "a is true or b is empty"),
        ({"none": [rule("a", "equals", True), rule("b", "on", 1)]}, "not (a is true or b on 1)"),
        ({"all": [rule("a", "between", [1, 2.5])]}, "a is between 1 and 2.5"),
        ({"all": [rule("a", "in_last_days", 1)]}, "a in the last 1 day"),
        (
            {"all": [rule("a", "is_true")], "top": TOP},
            "the first 1,000 by value, largest first, of those with a is true",
        ),
        (
            {"any": [rule("a", "is_true"), {"all": [], "top": {**TOP, "order": "smallest"}}]},
            "a is true or (the first 1,000 by value, smallest first, of everyone)",
        ),
        ({"all": [{"any": [rule("a", "on", "2026-01-31")]}]}, "a on 2026-01-31"),
        ({"all": [{"any": BOTH}]}, "a is true or b is true"),
        ({"none": [{"all": BOTH}]}, "not (a is true and b is true)"),
    ],
)  # fmt: skip
def test_rules_read_as_a_phrase(rules, said):
    assert words(Group.model_validate(rules)) == said
