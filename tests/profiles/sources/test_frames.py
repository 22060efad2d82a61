"""The types that a source's columns come in, and what becomes of their values."""

from decimal import Decimal

import polars as pl

from core.profiles.sources import Kind
from core.profiles.sources.frames import kinds, normalised


def test_decimals_stay_as_they_are():
    whole = pl.Series("id", [760123456789012345, None]).cast(pl.Decimal(38, 0))
    frame = normalised(pl.LazyFrame([whole]))
    assert kinds(frame) == {"id": Kind.number}
    assert frame.collect()["id"].to_list() == [Decimal(760123456789012345), None]


def test_numbers_of_32_bits_are_those_that_people_see():
    frame = normalised(pl.LazyFrame({"n": pl.Series([0.1, 16777216, None], dtype=pl.Float32)}))
    assert frame.collect()["n"].to_list() == [0.1, 16777216.0, None]
