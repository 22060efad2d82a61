"""Segments are counted in one query; members are the rows in any of them."""

from datetime import date

import polars as pl
import pytest

from core.errors import SourceFailed
from core.profiles.segments.counts import Counts, counts, members
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


def test_a_source_that_went_away_is_told(source, tmp_path):
    (tmp_path / "p.parquet").unlink()
    with pytest.raises(SourceFailed, match=r"p\.parquet is missing"):
        counts(source, SEGMENTS, TODAY, ZONE)
