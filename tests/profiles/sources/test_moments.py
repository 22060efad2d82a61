"""Days and moments: each way of writing them is read, also beside the usual one in a column."""

from datetime import date, datetime

import polars as pl

from core.profiles.sources.moments import days, moments, zoned_moments

IT = pl.col("it")


def read(how: pl.Expr, *texts: str | None) -> list[object]:
    values = pl.DataFrame({"it": texts}, schema={"it": pl.String}).select(how).to_series()
    return values.dt.replace_time_zone(None).to_list() if values.dtype == pl.Datetime else [*values]


def test_what_is_written_otherwise_is_read_beside_the_usual():
    texts = ["2026-01-31", "2026/1/31", "2026.01.31.", "2026-02-30", None]
    assert read(days(IT), *texts) == [*[date(2026, 1, 31)] * 3, None, None]
    ten = datetime(2026, 1, 31, 10)
    texts = ["2026-01-31 10:00:00", "2026-01-31T10:00:00", "2026/1/31 10:00", "2026-01-31 25:00:00"]
    assert read(moments(IT), *texts) == [ten, ten, ten, None]
    parts = ["2026-01-31 10:00:00.5", "2026-01-31", "2026-01-31 10:00"]
    assert read(moments(IT), *parts) == [ten.replace(microsecond=500_000), ten.replace(hour=0), ten]
    assert read(moments(IT), "2026-01-31", "2026/1/31") == [ten.replace(hour=0)] * 2


def test_moments_with_a_zone_are_moments_in_utc_however_it_is_written():
    zones = ["Z", " UTC", "GMT", "+00", "-00:00", "+0000"]
    offsets = ["+02", " +02:00", "+0200"]
    utc = [f"2026-01-31T10:00:00{zone}" for zone in zones]
    local = [f"2026-01-31 12:00{zone}" for zone in offsets]
    assert read(zoned_moments(IT), *utc, *local) == [datetime(2026, 1, 31, 10)] * 9
    assert read(zoned_moments(IT), "2026-01-31 10:00:00.25Z") == [
        datetime(2026, 1, 31, 10, 0, 0, 250_000)
    ]


def test_days_before_months_and_months_before_days():
    assert read(days(IT, "dmy"), "31.12.2026", "1/2/2026") == [date(2026, 12, 31), date(2026, 2, 1)]
    half = ["12/31/2026, 1:30 PM", "12/31/2026 13:30", "12/31/2026 13:30:00.0"]
    assert read(moments(IT, "mdy"), *half) == [datetime(2026, 12, 31, 13, 30)] * 3
    assert read(moments(IT, "mdy"), "12/31/2026", "13/31/2026") == [datetime(2026, 12, 31), None]
