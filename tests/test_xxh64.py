"""XXH64 is the one of its specification, whatever the lengths, the nulls and the slice."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.xxh64 import hashes

# By the package xxhash 4.1.0: each length at which the algorithm does something else.
KNOWN = {
    0: 0xEF46DB3751D8E999,
    1: 0x7A08A8F914CC241D,
    3: 0xF7BF6DAA7EF2163D,
    4: 0x979D8461F0667CCE,
    7: 0x92DA0AD5305896E8,
    8: 0x07CE2D7B8EBF717F,
    15: 0xA7C6DC81EF222A1D,
    16: 0x50ABE79DD9E1C510,
    23: 0xFD0E413DFA80C308,
    24: 0x0B3DAAE469F2A65A,
    31: 0x4007290DAFEF9162,
    32: 0xE2E5842A256B37A8,
    33: 0xA6C749CBF5496BD7,
    63: 0x9821C5D3FB996B2B,
    64: 0x2C6167BB8C8BB811,
    100: 0xB3D3C0580208C2B9,
    127: 0xF24F6C27D3338309,
    128: 0xAFE71050A38E2B04,
    299: 0xD239E288068466BE,
}


@pytest.mark.parametrize("n", KNOWN)
def test_it_is_what_the_specification_says(n: int):
    assert hashes(pl.Series([text(n)])).item() == KNOWN[n]


def text(n: int) -> str:
    return ("segferry, " * 30)[:n]


def test_letters_beyond_ascii_count_as_their_bytes():
    assert hashes(pl.Series(["Rīga"])).item() == 0x45D73648B0AF73FD


@given(st.lists(st.one_of(st.none(), st.text(max_size=100)), max_size=30), st.integers(0, 30))
def test_neighbours_nulls_and_slices_change_nothing(texts: list[str | None], start: int):
    alone = [None if one is None else hashes(pl.Series([one])).item() for one in texts]
    series = pl.Series(texts, dtype=pl.String)
    assert hashes(series).to_list() == alone
    assert hashes(series[start:]).to_list() == alone[start:]


def test_of_many_lengths_at_once_each_is_its_own():
    texts = [text(n % 300) + str(n) for n in range(9_000)]
    found = hashes(pl.Series(texts))
    assert found.n_unique() == 9_000
    some = [0, 299, 4095, 4096, 8_999]
    assert [found[n] for n in some] == [hashes(pl.Series([texts[n]])).item() for n in some]
