"""Many matched properties: what they cost grows with their number, not with its square."""

import time

import polars as pl
import pytest

from core.destinations.klaviyo.capabilities import LAYOUT
from core.plan.hashes import HASH
from core.profiles.matching.fields import Match
from core.profiles.matching.matching import Matching
from core.profiles.matching.rows import hashed, too_large
from core.profiles.matching.summary import summary
from core.profiles.sources import ROW

WIDE = 1_000
MOST = 5.0  # seconds of processor time; by squares it took more than twenty


@pytest.mark.parametrize("action", ["summary", "hashed", "too_large"])
def test_a_thousand_properties_are_no_burden(tmp_path, action):
    names = [f"p{n}" for n in range(WIDE)]
    frame = pl.DataFrame({ROW: [1], "email": ["a@b.lv"], **{name: ["text"] for name in names}})
    frame.write_parquet(tmp_path / "wide.parquet")
    rows = pl.scan_parquet(tmp_path / "wide.parquet")
    match = Match(email="email", properties={name: name for name in names})
    how = Matching.of(rows, match, None, LAYOUT)
    began = time.process_time()
    if action == "summary":
        assert summary(rows, how).valid == 1
    elif action == "hashed":
        assert hashed(rows, how, HASH).collect().height == 1
    else:
        assert too_large(rows, how).is_empty()
    assert time.process_time() - began < MOST
