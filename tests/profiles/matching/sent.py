"""What becomes of rows that are sent, for the tests of matching."""

from collections.abc import Collection

import polars as pl

from core.destinations.klaviyo.capabilities import LAYOUT
from core.profiles.matching.fields import Match, PhoneRegion
from core.profiles.matching.matching import Matching
from core.profiles.matching.rows import encoded
from core.profiles.sources import ROW


def profiles(
    frame: pl.DataFrame,
    match: Match,
    region: PhoneRegion | None = "LV",
    clear: Collection[str] = (),
) -> pl.DataFrame:
    """As `encoded` gives them; numbers of phones are Latvian unless another region is given."""
    lazy = frame.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)).lazy()
    return encoded(lazy, Matching.of(lazy, match, region, LAYOUT, clear)).collect()
