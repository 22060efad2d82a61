"""Segments are counted in one query; members are the rows in any of them."""

from datetime import date

import polars as pl
import pytest

from core.errors import SourceFailed
from core.profiles.segments.counts import Counts, counts, marked, members
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, Reading, open_source

TODAY, ZONE = date(2026, 1, 10), "Europe/Riga"


def group(field, op, value):
    return Group.model_validate({"all": [{"field": field, "op": op, "value": value}]})


SEGMENTS = {
    "any": group("country", "equals", "LV"),
    "rows": group("spent", "more_than", 10),
    "2": group("spent", "more_than", 1000),
}


@pytest.fixture
def source(tmp_path):
    frame = pl.DataFrame({"country": ["LV", "LV", "EE", None, ""], "spent": [1, 20, 30, None, 5]})
    frame.write_parquet(tmp_path / "p.parquet")
    return open_source(Reading("p", "file", tmp_path / "p.parquet"), tmp_path / "cache")


def test_each_segment_their_union_and_all_rows_are_counted(source):
    found = counts(source, SEGMENTS, TODAY, ZONE)
    assert found == Counts({"any": 2, "rows": 2, "2": 0}, members=3, rows=5)


def test_without_segments_there_are_only_rows(source):
    assert counts(source, {}, TODAY, ZONE) == Counts({}, members=0, rows=5)


def test_members_are_the_rows_in_any_segment(source):
    inside = members(source.scan(), SEGMENTS, source.schema(), TODAY, ZONE)
    assert inside.collect()[ROW].to_list() == [1, 2, 3]
    nobody = members(source.scan(), {}, source.schema(), TODAY, ZONE)
    assert nobody.collect().shape[0] == 0


IDS = [760123456789012345, 760123456789012346, 760123456789012399]


@pytest.mark.parametrize("dtype", [pl.Decimal(38, 0), pl.Decimal(38, 2), pl.Int64, pl.UInt64])
@pytest.mark.parametrize(
    ("op", "value", "members"),
    [
        ("equals", IDS[1], 1),
        ("is_one_of", IDS[:2], 2),
        ("is_one_of", [IDS[1], 5], 1),
        ("more_than", IDS[0], 2),
        ("at_most", IDS[0], 1),
        ("between", IDS[1:], 2),
        ("not_equals", IDS[1], 3),
        ("is_empty", None, 1),
    ],
)
def test_long_numbers_are_compared_digit_by_digit(tmp_path, dtype, op, value, members):
    pl.DataFrame({"id": pl.Series([*IDS, None], dtype=dtype)}).write_parquet(tmp_path / "p.parquet")
    source = open_source(Reading("p", "file", tmp_path / "p.parquet"), tmp_path / "cache")
    assert counts(source, {"s": group("id", op, value)}, TODAY, ZONE).members == members


@pytest.mark.parametrize(
    ("op", "value", "members"),
    [
        ("equals", "Z\u00fcrich", 3),
        ("equals", "Zu\u0308rich", 3),
        ("is_one_of", ["Zu\u0308rich", "Bern"], 4),
        ("not_equals", "Z\u00fcrich", 2),
        ("contains", "\u00fc", 3),
        ("starts_with", "Zu\u0308", 3),
        ("matches", "^Zu\u0308", 3),
        ("is_empty", None, 1),
    ],
)
def test_letters_are_equal_however_they_are_composed(tmp_path, op, value, members):
    towns = ["Z\u00fcrich", "Zu\u0308rich", "Z\u00fcri\u200bch\x00", "Bern", "\ufeff"]
    tags = [[town, None] for town in towns]
    frame = pl.DataFrame({"^town$": towns, "tags": tags, "rank": range(5)})
    frame.write_parquet(tmp_path / "p.parquet")
    source = open_source(Reading("p", "file", tmp_path / "p.parquet"), tmp_path / "cache")
    rules = {"s": group("^town$", op, value)}
    assert counts(source, rules, TODAY, ZONE).members == members
    inside = mark_or_filter(source, rules)
    assert inside.columns == [ROW, "^town$", "tags", "rank"]
    assert inside.height == members
    if op == "contains":
        tagged = {"s": group("tags", "contains", "Z\u00fcrich")}
        assert counts(source, tagged, TODAY, ZONE).members == 3


def mark_or_filter(source, rules):
    """The rows in the segments, which the marked ones agree with."""
    inside = members(source.scan(), rules, source.schema(), TODAY, ZONE).to_native().collect()
    marks = marked(source.scan(), "in it", rules, source.schema(), TODAY, ZONE)
    assert marks.to_native().collect().filter("in it").drop("in it").equals(inside)
    return inside


NUMBERS = [pl.Int8, pl.UInt8, pl.Int32, pl.UInt64, pl.Float32, pl.Float64, pl.Decimal(20, 3)]


@pytest.mark.parametrize("dtype", NUMBERS)
@pytest.mark.parametrize("value", [7, 7.0, 0.1, 12.345, -1])
def test_is_one_of_equals_equals_on_every_type(tmp_path, dtype, value):
    values = [7.0, 0.1, 12.345, None] if dtype in NUMBERS[4:] else [7, 0, 12, None]
    pl.DataFrame({"n": pl.Series(values).cast(dtype)}).write_parquet(tmp_path / "p.parquet")
    source = open_source(Reading("p", "file", tmp_path / "p.parquet"), tmp_path / "cache")
    rules = {
        "one": group("n", "equals", value),
        "some": group("n", "is_one_of", [value, 99]),
        "from": group("n", "between", [value, value]),
    }
    found = set(counts(source, rules, TODAY, ZONE).segments.values())
    assert found == {sum(value == one for one in values)}


def test_a_source_that_went_away_is_told(source, tmp_path):
    (tmp_path / "p.parquet").unlink()
    with pytest.raises(SourceFailed, match=r"p\.parquet is missing"):
        counts(source, SEGMENTS, TODAY, ZONE)
