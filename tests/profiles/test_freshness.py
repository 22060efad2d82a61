"""How old the data of a source is, told on every clock and for columns of every kind."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.errors import Invalid, Unknown
from core.profiles.freshness import Freshness, Unclear, check_column, freshness
from core.profiles.sources import Kind, Reading, Source, open_source

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)  # 06:00 in Riga
RIGA = "Europe/Riga"


def opened(tmp_path: Path, **columns: object) -> Source:
    path = tmp_path / "people.parquet"
    pl.DataFrame(columns or {"n": [1]}).write_parquet(path)
    return open_source(Reading("People", "file", path), tmp_path / "cache")


def of_column(tmp_path: Path, *values: object, zone: str = RIGA) -> Freshness:
    return freshness(opened(tmp_path, seen=list(values)), "seen", NOW, zone)


def hours(found: Freshness) -> float:
    length = found.age(NOW)
    assert length is not None
    return length / timedelta(hours=1)


def test_files_are_as_old_as_the_latest_of_them(tmp_path: Path):
    source = opened(tmp_path)
    assert source.written() is not None
    for ago, name in ((50, "a"), (3, "b")):
        path = tmp_path / "parts" / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        pl.DataFrame({"n": [1]}).write_parquet(path)
        at = (NOW - timedelta(hours=ago)).timestamp()
        os.utime(path, (at, at))
    folder = open_source(Reading("Parts", "file", tmp_path / "parts"), tmp_path / "cache")
    found = freshness(folder, None, NOW, RIGA)
    assert (found.by, hours(found), found.unclear) == (None, 3, None)


@pytest.mark.parametrize(("ahead", "unclear"), [(5, None), (11, Unclear.future)])
def test_a_file_s_time_may_be_a_little_ahead(tmp_path: Path, ahead: int, unclear: Unclear | None):
    opened(tmp_path)
    at = (NOW + timedelta(minutes=ahead)).timestamp()
    os.utime(tmp_path / "people.parquet", (at, at))
    source = open_source(Reading("People", "file", tmp_path / "people.parquet"), tmp_path / "c")
    found = freshness(source, None, NOW, RIGA)
    assert (found.unclear, found.age(NOW)) == (unclear, None if unclear else timedelta())


def test_a_date_counts_until_the_end_of_its_day_where_dates_are_meant(tmp_path: Path):
    found = of_column(tmp_path, date(2026, 11, 26), date(2026, 11, 27), None)
    assert hours(found) == 6  # since midnight in Riga
    assert hours(of_column(tmp_path, date(2026, 11, 27), zone="UTC")) == 4
    assert hours(of_column(tmp_path, date(2026, 11, 28))) == 0  # today's, which isn't over
    honolulu = of_column(tmp_path, date(2026, 11, 28), zone="Pacific/Honolulu")
    assert (honolulu.at, honolulu.ahead) == (None, 1)  # there it is the 27th


def test_moments_count_as_they_are_and_without_a_zone_where_dates_are_meant(tmp_path: Path):
    naive = datetime(2026, 11, 28, 5, 0)
    assert hours(of_column(tmp_path, naive)) == 1
    assert hours(of_column(tmp_path, datetime(2026, 11, 28, 1, 0, tzinfo=UTC))) == 3
    assert of_column(tmp_path, naive, zone="UTC").unclear is Unclear.future


def test_the_hour_that_comes_twice_and_the_one_that_never_does_have_an_age(tmp_path: Path):
    for month, day in ((3, 29), (10, 25)):
        naive = datetime(2026, month, day, 3, 30)
        found = of_column(tmp_path, naive)
        assert found.at is not None
        assert found.at.tzinfo is UTC


def test_dates_in_the_future_are_passed_over_and_counted(tmp_path: Path):
    later = [date(2027, 1, 1), date(9999, 12, 31)]
    found = of_column(tmp_path, date(2026, 11, 25), *later)
    assert (hours(found), found.ahead, found.unclear) == (54, 2, None)
    assert of_column(tmp_path, *later) == Freshness("seen", None, 2, Unclear.future)


def test_what_can_not_be_told_says_why(tmp_path: Path):
    source = opened(tmp_path, seen=pl.Series([None, None], dtype=pl.Date), name=["a", "b"])
    assert freshness(source, "seen", NOW, RIGA).unclear is Unclear.empty
    assert freshness(source, "name", NOW, RIGA).unclear is Unclear.no_dates
    assert freshness(source, "gone", NOW, RIGA).unclear is Unclear.no_column


def test_a_column_whose_name_looks_like_a_pattern_is_taken_literally(tmp_path: Path):
    path = tmp_path / "people.parquet"
    pl.DataFrame({"^s.*$": [date(2026, 11, 27)], "seen": [date(2026, 1, 1)]}).write_parquet(path)
    source = open_source(Reading("People", "file", path), tmp_path / "cache")
    assert hours(freshness(source, "^s.*$", NOW, RIGA)) == 6


def test_it_is_the_same_again_after_json():
    for one in (Freshness(at=NOW), Freshness("seen", None, 3, Unclear.future)):
        assert Freshness.read(one.as_data()) == one


def test_only_a_column_of_dates_or_an_empty_one_may_be_named():
    schema = {"seen": Kind.date, "name": Kind.text, "later": Kind.nothing}
    check_column(schema, "seen")
    check_column(schema, "later")
    with pytest.raises(Unknown):
        check_column(schema, "gone")
    with pytest.raises(Invalid, match=r"“name” holds text\. Choose a field of dates"):
        check_column(schema, "name")
