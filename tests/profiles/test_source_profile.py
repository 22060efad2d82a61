"""What is kept of each column of a source after a refresh, and that it tells of nobody."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from core.profiles.source_profile import profile
from core.profiles.sources import Reading, open_source
from core.profiles.spreads import BARS
from core.profiles.summary import Summary

TODAY = date(2026, 11, 28)


def seen(tmp_path: Path, *personal: str, **columns: object) -> Summary:
    path = tmp_path / "people.parquet"
    pl.DataFrame(columns).write_parquet(path)
    source = open_source(Reading("People", "file", path), tmp_path / "cache")
    found = profile(source, personal, TODAY, None)
    assert found is not None
    assert Summary.read(json.loads(json.dumps(found.as_data()))) == found
    return found


def test_each_column_has_its_kind_share_of_empty_range_and_commonest_values(tmp_path: Path):
    found = seen(
        tmp_path,
        country=["LV"] * 60 + ["EE"] * 30 + [None] * 10,
        spent=[float(n % 50) + 0.5 for n in range(100)],
        seen=[date(2026, 11, 1) + timedelta(days=n % 20) for n in range(100)],
        at=[datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(100)],
        agreed=[True] * 80 + [False] * 20,
    )
    assert found.rows == 100
    country, spent, agreed = (found.columns[n] for n in ("country", "spent", "agreed"))
    assert (country.kind, country.empty, country.top) == ("text", 10, {"LV": 60, "EE": 30})
    assert (spent.least, spent.most, spent.mean) == (0.5, 49.5, 25.0)
    assert (sum(spent.bars or ()), len(spent.bars or ())) == (100, BARS)
    assert found.columns["seen"].ends == ("2026-11-01", "2026-11-20")
    assert found.columns["at"].bars
    assert agreed.top == {"true": 80, "false": 20}


def test_nothing_of_a_single_person_is_in_it(tmp_path: Path):
    found = seen(
        tmp_path,
        "member",
        email=[f"p{n}@example.com" for n in range(100)],
        first_name=["Ilze"] * 100,
        customer=list(range(5000, 5100)),
        member=[f"M{n % 3}" for n in range(100)],
        birth_date=[date(1980, 1, 1)] * 100,
        spent=[1.0] * 99 + [1_000_000.0],
    )
    text = json.dumps(found.as_data())
    for secret in ("p1@", "Ilze", "5001", "M1", "1980"):
        assert secret not in text
    assert found.columns["email"].empty == 0
    assert found.columns["member"].distinct in (2, 3, 4)
    bars = found.columns["spent"].bars or ()
    assert sum(bars) in (99, 100)
    assert all(n == 0 or n >= 5 for n in bars)


def test_a_source_without_rows_has_its_columns(tmp_path: Path):
    found = seen(tmp_path, spent=pl.Series([], dtype=pl.Float64))
    assert (found.rows, found.columns["spent"].empty, found.columns["spent"].bars) == (0, 0, None)


def test_few_different_values_are_counted_exactly_and_empty_ones_are_none(tmp_path: Path):
    numbers = [float(n % 10) for n in range(500)]
    found = seen(tmp_path, spent=[*numbers, None, float("nan")], city=[*["Riga"] * 501, ""])
    assert (found.columns["spent"].distinct, found.columns["spent"].empty) == (10, 2)
    assert (found.columns["city"].distinct, found.columns["city"].top) == (1, {"Riga": 501})


def test_the_spread_of_decimals_ends_where_they_do(tmp_path: Path):
    found = seen(tmp_path, spent=[Decimal(n % 50) + Decimal("0.25") for n in range(500)])
    assert found.columns["spent"].ends == (0.25, 49.25)
