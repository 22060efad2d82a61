"""What the configuration may say of fields from another table."""

import pytest
from pydantic import ValidationError

from core.profiles.joined.fields import Join, JoinedField


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({}, "exactly one of count, sum"),
        ({"count": "rows", "sum": "total"}, "exactly one of count, sum"),
        ({"count": "rows", "within_days": 9}, "`within_days` needs `by`"),
        ({"sum": "total", "by": "day"}, "`by` is for `within_days`, `first` and `last`"),
        ({"count": "total"}, "'rows'"),
        ({"count": "rows", "within_days": -1, "by": "day"}, "greater than or equal to 0"),
        ({"count": "rows", "within_days": True, "by": "day"}, "valid integer"),
        ({"count": "rows", "where": {"segment": "Rich"}}, "names no segment"),
        ({"count": "rows", "where": {"none": [{"sql": "a = 1"}]}}, "not of SQL"),
        (
            {
                "count": "rows",
                "where": {"all": [], "top": {"count": 1, "by": "a", "ties": "b"}},
            },
            "`top` is for segments",
        ),
        (
            {"count": "rows", "where": {"all": [{"field": "a", "op": "in_list", "value": "VIP"}]}},
            "no address list",
        ),
    ],
)
def test_a_field_that_says_too_much_or_too_little_is_refused(field, said):
    with pytest.raises(ValidationError) as refused:
        JoinedField.model_validate({"name": "made", **field})
    assert said in str(refused.value)


def test_a_join_knows_both_keys_and_all_columns_that_it_looks_at():
    rule = {"field": "status", "op": "equals", "value": "paid"}
    fields = [
        {"name": "paid", "sum": "total", "where": {"all": [rule]}},
        {"name": "newest", "last": "channel", "by": "day"},
    ]
    join = Join.model_validate({"source": "Orders", "on": {"id": "customer"}, "fields": fields})
    assert (join.key, join.other_key) == ("id", "customer")
    assert join.columns() == {"customer", "status", "total", "channel", "day"}
    same = Join.model_validate({"source": "Orders", "on": "id", "fields": fields})
    assert (same.key, same.other_key) == ("id", "id")


def test_a_field_is_made_once():
    fields = [{"name": "n", "count": "rows"}, {"name": "n", "exists": "rows"}]
    with pytest.raises(ValidationError, match="“n” is made twice"):
        Join.model_validate({"source": "Orders", "on": "id", "fields": fields})
