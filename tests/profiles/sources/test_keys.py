"""A source's key: a column, filled and different in each row."""

from datetime import date
from pathlib import Path

import pytest

from core.configuration.source import Source, open_source
from core.errors import Invalid, Unknown
from core.profiles.joined.aggregates import Day
from core.profiles.sources.keys import check_key
from core.settings import Settings

DAY = Day(date(2026, 11, 28), "UTC")


def check(settings: Settings, tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text)
    spec = Source(name="People", path=str(path))
    source = open_source(spec, settings, confined=False, day=DAY)
    check_key(source, key)


def test_a_key_that_is_filled_and_different_in_each_row_is_good(settings: Settings, tmp_path: Path):
    check(settings, tmp_path, "id,email\n1,a@example.com\n01,b@example.com\n", "id")


def test_a_key_that_is_no_column_names_the_nearest_one(settings: Settings, tmp_path: Path):
    with pytest.raises(Unknown, match="Did you mean “customer_id”"):
        check(settings, tmp_path, "customer_id,email\n1,a@example.com\n", "customer")


def test_a_key_that_is_empty_is_refused_with_a_row(settings: Settings, tmp_path: Path):
    with pytest.raises(Invalid, match="is empty in 2 rows, such as row 2") as caught:
        check(settings, tmp_path, "id,email\n1,a@x.lv\n,b@x.lv\n  ,c@x.lv\n", "id")
    assert caught.value.field == "key"


def test_a_key_that_repeats_is_refused_with_its_rows(settings: Settings, tmp_path: Path):
    with pytest.raises(Invalid, match="“c4” is in rows 2 and 4"):
        check(settings, tmp_path, "id,n\nc1,1\nc4,2\nc3,3\nc4,4\nc3,5\n", "id")
