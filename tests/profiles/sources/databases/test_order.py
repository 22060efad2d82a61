"""Of rows with one address the same one comes first, however they arrive."""

import random

import polars as pl

from core.profiles.sources import ROW
from core.profiles.sources.databases.order import settled

ROWS = [("a@x.lv", 3, "Cc"), ("b@x.lv", 1, "Bb"), ("a@x.lv", 1, "Aa"), ("a@x.lv", None, "Dd")]


def first(rows: list[tuple], by: list[str]) -> dict[str, str]:
    """Whose row comes first, by address."""
    frame = pl.LazyFrame(rows, ["email", "id", "name"], orient="row").with_row_index(ROW, 1)
    frame = frame.with_columns(pl.col(ROW).cast(pl.Int64))
    found = settled(frame, pl.col("email"), by).sort(ROW).collect()
    assert sorted(found[ROW]) == list(range(1, len(rows) + 1))
    kept = found.unique("email", keep="first", maintain_order=True)
    return dict(kept.select("email", "name").iter_rows())


def test_it_is_the_one_with_the_least_key():
    for seed in range(5):
        rows = random.Random(seed).sample(ROWS, len(ROWS))
        assert first(rows, ["id"]) == {"a@x.lv": "Aa", "b@x.lv": "Bb"}


def test_without_a_key_it_is_the_first_by_the_named_columns():
    for seed in range(5):
        rows = random.Random(seed).sample(ROWS, len(ROWS))
        assert first(rows, ["name", "id"]) == {"a@x.lv": "Aa", "b@x.lv": "Bb"}


def test_where_all_addresses_differ_nothing_moves():
    rows = [("b@x.lv", 2, "Bb"), ("a@x.lv", 1, "Aa"), (None, 3, "Cc"), (None, 0, "Dd")]
    frame = pl.LazyFrame(rows, ["email", "id", "name"], orient="row").with_row_index(ROW, 1)
    assert settled(frame, pl.col("email"), ["id"]) is frame


def test_lists_and_what_is_empty_have_an_order_too():
    frame = pl.LazyFrame({ROW: [1, 2, 3], "email": ["a"] * 3, "tags": [None, ["b"], ["a", None]]})
    found = settled(frame, pl.col("email"), ["tags"]).sort(ROW).collect()
    assert found["tags"].to_list() == [["a", None], ["b"], None]
