"""The first people by a field: what such a group may look like, and which fields it can take."""

import pytest
from pydantic import ValidationError

from core.errors import Invalid, Unknown
from core.profiles.segments.checks import check
from core.profiles.segments.rules import Group
from core.profiles.segments.sql.writing import condition
from tests.profiles.segments.conftest import SCHEMA

RULE = {"field": "flag", "op": "is_true"}
TOP = {"count": 2, "by": "number", "ties": "text"}


def first(top=None, items=(RULE,), kind="all"):
    return {kind: list(items), "top": TOP | (top or {})}


def within(n):
    """So many such groups, each in the next."""
    return first(items=[within(n - 1)] if n > 1 else [RULE])


@pytest.mark.parametrize(
    ("rules", "places"),
    [
        (first(), "03"),  # minus infinity is less than 1, not-a-number is no number
        (first({"order": "smallest"}), "03"),
        (first(items=()), "25"),
        (first({"order": "smallest"}, items=()), "13"),
        (first({"count": 1}, items=()), "2"),
        (first({"count": 3, "by": "whole"}, kind="none"), "245"),
        (first({"by": "real", "count": 1}, items=()), "2"),
        (first({"by": "told", "order": "smallest", "count": 1}, items=()), "5"),
        ({"none": [first({"count": 6}, items=())]}, "46"),
        ({"all": [first(items=()), {"field": "whole", "op": "less_than", "value": 400}]}, "5"),
        (first({"count": 1, "by": "whole"}, items=[first({"count": 3}, items=())]), "2"),
    ],
)
def test_the_first_are_those_with_the_largest_or_smallest_values(found, rules, places):
    assert found(rules) == places


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"top": TOP}, "exactly one of all, any, none"),
        ({"segment": "Rich", "top": TOP}, "put what stands beside it into “all”"),
        ({"any": [], "top": TOP}, "the group “any” has no rule"),
        (first({"count": 0}), "greater than or equal to 1"),
        (first({"count": "2"}), "valid integer"),
        (first({"order": "best"}), "'largest' or 'smallest'"),
        ({"all": [RULE], "top": {"count": 1, "by": "number"}}, "ties"),
    ],
)
def test_a_group_that_says_too_much_or_too_little_is_refused(rules, said):
    with pytest.raises(ValidationError) as refused:
        Group.model_validate(rules)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("top", "said"),
    [
        ({"by": "text"}, "“text” has text, of which none is larger than another"),
        ({"by": "flag"}, "come by a field with numbers or dates"),
        ({"by": "tags"}, "come by a field with numbers or dates"),
        ({"ties": "day"}, "decided by a field with text or numbers, such as an id"),
    ],
)
def test_a_field_without_order_or_that_tells_nobody_apart_is_refused(top, said):
    with pytest.raises(Invalid) as refused:
        check(Group.model_validate(first(top)), SCHEMA, "The segment “S”")
    assert str(refused.value).startswith("The segment “S”: The field ")
    assert said in str(refused.value)


def test_a_field_that_is_not_there_is_named_and_all_that_are_used_are_known():
    group = Group.model_validate({"any": [first({"by": "gone"})]})
    assert set(group.fields()) == {"flag", "gone", "text"}
    with pytest.raises(Unknown, match="gone"):
        check(group, SCHEMA, "")


def test_few_of_them_lie_within_each_other():
    check(Group.model_validate(within(3)), SCHEMA, "")
    with pytest.raises(Invalid, match="More than 3 groups"):
        check(Group.model_validate(within(4)), SCHEMA, "")


def test_who_comes_first_can_not_be_written_as_sql():
    with pytest.raises(Invalid, match="can't be written as SQL"):
        condition(Group.model_validate(first()), SCHEMA)
