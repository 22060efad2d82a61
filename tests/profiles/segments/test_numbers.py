"""Numbers are compared exactly, whatever a column holds them in."""

from decimal import Decimal

import narwhals as nw
import polars as pl
import pytest

from core.errors import Invalid
from core.profiles.segments.checks import check
from core.profiles.segments.compared import compared
from core.profiles.segments.counts import members
from core.profiles.segments.numbers import near
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, Kind
from tests.profiles.segments.conftest import TODAY, ZONE

SCHEMA = {"whole": Kind.number, "exact": Kind.number, "floating": Kind.number}
PEOPLE = pl.LazyFrame(
    {
        ROW: [0, 1, 2],
        "whole": [2**53, 2**53 + 1, 5],
        "exact": [Decimal("0.1"), Decimal("0.10000000000000000001"), Decimal(3)],
        "floating": [float(2**53), 0.1, float("nan")],
    },
    schema_overrides={"exact": pl.Decimal(38, 20)},
)


def found(field, op, value):
    group = Group.model_validate({"all": [{"field": field, "op": op, "value": value}]})
    check(group, SCHEMA, "")
    rows = members(nw.from_native(PEOPLE), {"it": group}, SCHEMA, TODAY, ZONE)
    return rows.to_native().collect()[ROW].to_list()


@pytest.mark.parametrize(
    ("field", "op", "value", "rows"),
    [
        ("whole", "equals", float(2**53), [0]),  # written with a point, and a whole number still
        ("whole", "more_than", float(2**53), [1]),
        ("whole", "is_one_of", [2**53 + 1, 5.5], [1]),
        ("whole", "more_than", 5.5, [0, 1]),
        ("whole", "less_than", 10**60, [0, 1, 2]),  # more than any engine holds
        ("whole", "is_one_of", [10**60, 1e300, 5], [2]),
        ("exact", "equals", 0.1, [0]),
        ("exact", "more_than", 0.1, [1, 2]),
        ("exact", "at_most", 1e-60, []),
        ("exact", "is_one_of", [0.1, 3], [0, 2]),
        ("floating", "equals", 2**53 + 1, []),
        ("floating", "at_least", 2**53 + 1, []),
        ("floating", "less_than", 2**53 + 1, [0, 1]),
        ("floating", "equals", 0.1, [1]),
    ],
)
def test_numbers_are_compared_exactly(field, op, value, rows):
    assert found(field, op, value) == rows


def test_a_number_that_nothing_can_hold_is_refused():
    with pytest.raises(Invalid, match="can't be compared with 1000"):
        found("whole", "less_than", 10**400)


def test_a_number_is_between_those_that_a_column_can_hold():
    assert near(1.5, 0) == near(1.2, 0)
    assert (near(1.5, 0).below, near(1.5, 0).above) == (1, 2)
    assert near(0.125, 2).below == Decimal("0.12")
    assert near(7, 2).is_held
    assert not near(2**53 + 1, None).is_held


def test_only_fields_of_rules_get_a_column_beside_them():
    group = Group.model_validate({"all": [{"field": "text", "op": "is_empty"}]})
    texts = nw.from_native(pl.LazyFrame({"text": ["a"], "other": ["b"]}))
    frame, _texts = compared(texts, [group], {"text": Kind.text, "other": Kind.text})
    assert len(frame.collect_schema()) == 3
