"""What members are like beside everyone: values, bands, what is different, and overlaps."""

from datetime import date, timedelta

import narwhals as nw
import polars as pl
import pytest

from core.profiles.segments.description import (
    Difference,
    Part,
    When,
    describe,
    overlap,
)
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, Kind

TODAY = date(2026, 11, 28)
WHEN = When(TODAY, "Europe/Riga")
SCHEMA = {
    "id": Kind.text,
    "country": Kind.text,
    "tier": Kind.text,
    "spent": Kind.number,
    "ordered": Kind.date,
    "opted": Kind.boolean,
    "tags": Kind.list,
}


def rule(field: str, op: str, value: object = None) -> Group:
    """A segment with one rule."""
    return Group.model_validate({"all": [{"field": field, "op": op, "value": value}]})


LATVIA = rule("country", "equals", "LV")


@pytest.fixture
def frame() -> nw.LazyFrame:
    """A hundred people, the first forty in Latvia and mostly gold."""
    n = range(100)
    data = {
        ROW: [i + 1 for i in n],
        "id": [f"C{i}" if i < 90 else "" for i in n],
        "country": ["LV" if i < 40 else "EE" for i in n],
        "tier": ["gold" if i < 30 else None if i >= 90 else "silver" for i in n],
        "spent": [float(i) for i in n],
        "ordered": [TODAY - timedelta(days=i * 4) for i in n],
        "opted": [i % 2 == 0 for i in n],
        "tags": [["a"] for _ in n],
    }
    return nw.from_native(pl.LazyFrame(data))


def test_values_and_bands_are_counted_in_the_segment_and_for_everyone(frame: nw.LazyFrame):
    found = describe(frame, LATVIA, SCHEMA, list(SCHEMA), WHEN)
    assert (found.members, found.rows) == (40, 100)
    columns = found.columns
    assert columns["tier"] == (Part("gold", 30, 30), Part("silver", 10, 60))
    assert columns["spent"] == (
        Part("up to 24", 25, 25),
        Part("24 – 49", 15, 25),
        Part("49 – 74", 0, 25),
        Part("above 74", 0, 25),
    )
    assert columns["opted"] == (Part("no", 20, 50), Part("yes", 20, 50))
    assert "tags" not in columns


def test_values_that_say_who_somebody_is_are_only_filled_or_empty(frame: nw.LazyFrame):
    found = describe(frame, LATVIA, SCHEMA, ["id"], WHEN).columns["id"]
    assert found == (Part("filled", 40, 90),)


def test_recent_dates_are_told_by_how_long_ago_they_are(frame: nw.LazyFrame):
    found = describe(frame, LATVIA, SCHEMA, ["ordered"], WHEN).columns["ordered"]
    assert [(part.words, part.everyone) for part in found] == [
        ("last 30 days", 8),
        ("30 to 90 days ago", 15),
        ("90 to 365 days ago", 69),
        ("more than 365 days ago", 8),
    ]


def test_what_is_different_leaves_out_what_the_rules_say_themselves(frame: nw.LazyFrame):
    found = describe(frame, LATVIA, SCHEMA, ["country", "tier", "opted"], WHEN).different
    assert found[:2] == (
        Difference("tier", "gold", 0.75, 0.3),
        Difference("tier", "silver", 0.25, 0.6),
    )
    assert {one.field for one in found} == {"tier"}


def test_of_two_values_that_are_different_one_is_named(frame: nw.LazyFrame):
    found = describe(frame, rule("spent", "less_than", 40), SCHEMA, ["country"], WHEN).different
    assert found == (Difference("country", "LV", 1.0, 0.4),)


def test_a_segment_of_nobody_and_a_source_without_rows_have_no_differences(frame: nw.LazyFrame):
    nobody = describe(frame, rule("country", "equals", "XX"), SCHEMA, list(SCHEMA), WHEN)
    assert (nobody.members, nobody.different) == (0, ())
    empty = describe(frame.filter(nw.col(ROW) < 0), LATVIA, SCHEMA, list(SCHEMA), WHEN)
    assert (empty.rows, empty.different) == (0, ())


def test_overlaps_are_of_those_in_exactly_these_segments(frame: nw.LazyFrame):
    groups = [LATVIA, rule("spent", "less_than", 50), rule("tier", "equals", "gold")]
    assert overlap(frame, groups, SCHEMA, WHEN) == {
        (True, True, True): 30,
        (True, True, False): 10,
        (False, True, False): 10,
    }
