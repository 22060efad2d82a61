"""What is told of a text without cleaning it is what cleaning it tells."""

import itertools

import narwhals as nw
import polars as pl
import pytest

from core.profiles.cleaning import comparable
from core.profiles.segments import quickly

# Blanks, what cleaning takes out or changes, what composes with others, and what becomes ASCII.
SIGNS = tuple(" \t\x01\x7f\xa0\xad\u200b\u0301\u030a\u212a\u037e")
LETTERS = ("K", "L", "k", ";", "~", "!")
TEXTS = ["".join(one) for n in range(4) for one in itertools.product(SIGNS + LETTERS, repeat=n)]
VALUES = ("K", "KL", "k;", ";", "~", "!", " K", "K ", "LK!")


@pytest.fixture(scope="module")
def frame() -> nw.DataFrame:
    found = pl.DataFrame({"plain": TEXTS})
    cleaned = comparable(found["plain"])
    blank = cleaned.str.strip_chars() == ""
    return nw.from_native(found.with_columns(cleaned=pl.when(~blank).then(cleaned)))


PLAIN, CLEANED = nw.col("plain"), nw.col("cleaned")


@pytest.mark.parametrize(
    "values", [*([one] for one in VALUES), ["K", "KL", "LK!"], list(VALUES[:4])]
)
def test_the_same_texts_are_found(frame: nw.DataFrame, values: list[str]):
    assert all(map(quickly.is_plain, values))
    quick = quickly.same(PLAIN, CLEANED, values).fill_null(False)
    found = frame.select(quick=quick, slow=CLEANED.is_in(values).fill_null(False))
    assert found["quick"].to_list() == found["slow"].to_list()
    assert found["slow"].sum() > len(values)


@pytest.mark.parametrize("value", VALUES)
def test_the_same_beginnings_are_found(frame: nw.DataFrame, value: str):
    quick = quickly.begins(PLAIN, CLEANED, value).fill_null(False)
    found = frame.select(quick=quick, slow=CLEANED.str.starts_with(value).fill_null(False))
    assert found["quick"].to_list() == found["slow"].to_list()


def test_the_same_texts_are_filled(frame: nw.DataFrame):
    found = frame.select(quick=quickly.filled(PLAIN, CLEANED), slow=~CLEANED.is_null())
    assert found["quick"].to_list() == found["slow"].to_list()


@pytest.mark.parametrize("value", ["", " ", "ü", "a\tb", "a\xa0b", "\x7f"])
def test_of_other_texts_nothing_is_told_quickly(value: str):
    assert not quickly.is_plain(value)
