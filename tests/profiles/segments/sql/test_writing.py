"""Rules are written as SQL that means the same rules."""

from typing import Any

import pytest
from hypothesis import assume, given, settings

from core.errors import Invalid
from core.profiles.cleaning import comparable_text
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.sql.reading import read
from core.profiles.segments.sql.writing import WRITTEN, condition
from core.profiles.sources import Kind
from tests.contracts.rules.people import KINDS
from tests.contracts.rules.trees import trees

NAMES = {  # of columns, as somebody's file may have them
    "text": 'Total "Spent", €',
    "whole": "order",
    "floating": "current_date",
    "exact": "Interval",
    "flag": "vārds",
    "day": "date",
    "told": "it's",
    "tags": "select",
    "real": "x1_Y",
    "short": "null",
    "sizes": "a.b",
}
SCHEMA = {NAMES[field]: kind for field, kind in KINDS.items()}


def plain(item: Group | Rule) -> Any:
    """Without groups of one, which brackets don't tell, and with texts as they are compared."""
    if isinstance(item, Rule):
        value = item.model_dump()["value"]
        several = isinstance(value, list)
        values = [_text(one) for one in (value if several else [value])]
        return (item.field, item.op, values if several else values[0])
    items = [plain(one) for one in item.items]
    if item.kind == "none" and len(items) == 1 and items[0][0] == "any":
        items = items[0][1]
    return items[0] if len(items) == 1 and item.kind != "none" else (item.kind, items)


def _text(value: object) -> object:
    return comparable_text(value) if isinstance(value, str) else value


def named(tree: Any) -> Any:
    if isinstance(tree, dict) and "field" in tree:
        return tree | {"field": NAMES[tree["field"]]}
    if isinstance(tree, dict):
        return {key: named(one) for key, one in tree.items()}
    return [named(one) for one in tree] if isinstance(tree, list) else tree


@settings(max_examples=60, deadline=None)
@given(trees(tuple(KINDS)))
def test_rules_written_as_sql_are_read_as_the_same_rules(tree: dict[str, Any]):
    rules = Group.model_validate(named(tree))
    assume({rule.op for rule in rules.rules()} <= WRITTEN)
    assert plain(read(condition(rules, SCHEMA)).rules) == plain(rules)


def rule(field: str, op: str, value: object = None) -> dict[str, object]:
    return {"field": field, "op": op, "value": value}


SHOP = {
    "country": Kind.text,
    "total": Kind.number,
    "day": Kind.date,
    "active": Kind.boolean,
    "tags": Kind.list,
}


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (
            {
                "all": [
                    rule("country", "equals", "LV"),
                    rule("total", "between", [1, 2.5]),
                    {"any": [rule("day", "in_last_days", 90), rule("active", "is_false")]},
                    {"none": [rule("country", "contains", "50%"), rule("tags", "contains", "a")]},
                ]
            },
            "country = 'LV'\nand total between 1 and 2.5\n"
            "and (day between current_date - interval '90 days' and current_date or active is"
            " false)\nand not (country like '%50\\%%' or 'a' = any(tags))",
        ),
        ({"all": [rule("country", "is_empty")]}, "country is null"),
        ({"any": [rule("day", "on", "2026-01-31"), rule("active", "is_true")]},
         "day = date '2026-01-31' or active"),
    ],
    ids=["several", "one", "short"],
)  # fmt: skip
def test_rules_are_written_as_people_write_sql(rules: dict, text: str):
    assert condition(Group.model_validate(rules), SHOP) == text


def test_a_segment_has_no_words_in_sql():
    rules = Group.model_validate({"all": [{"any": [{"segment": "Spenders"}]}]})
    with pytest.raises(Invalid, match="Only rules can be written as SQL"):
        condition(rules, SHOP)


def test_what_would_be_too_long_stays_rules():
    rules = Group.model_validate({"all": [rule("country", "equals", "x" * 10_001)]})
    with pytest.raises(Invalid, match="longer than 10,000 characters"):
        condition(rules, SHOP)
