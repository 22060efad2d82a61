"""What columns hold: examples that tell something, and the share of what would not be sent."""

import polars as pl
import pytest

from core.profiles.matching.examples import FIRST, SHOWN, held

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("values", "examples", "empty"),
    [
        (["Ilze", "Anna", "Ilze", None], ("Ilze", "Anna"), 0.25),
        ([" ", "", None, "Riga"], ("Riga",), 0.75),
        ([1.5, NAN, INF, None], (1.5,), 0.75),
        ([[], [None], ["a"], ["b", None]], (["a"], ["b", None]), 0.5),
        ([True, False, None, None], (True, False), 0.5),
        ([None, None], (), 1.0),
        ([1, 2, 3, 4], (1, 2, 3), 0.0),
    ],
)
def test_a_column_is_told_by_a_few_values_and_its_share_of_empty_ones(values, examples, empty):
    found = held(pl.LazyFrame({"len": values}), ["len"])["len"]
    assert (found.examples, found.empty) == (examples, empty)


def test_a_column_that_is_empty_at_first_has_examples_from_further_on():
    n = 5 * FIRST
    frame = pl.LazyFrame({"n": range(n)}).with_columns(
        rare=pl.when(pl.col("n") >= n - 2).then(pl.format("r{}", "n"))
    )
    found = held(frame, ["rare", "n"])
    assert found["rare"].examples == (f"r{n - 2}", f"r{n - 1}")
    assert found["n"].examples == tuple(range(SHOWN))
    assert found["rare"].empty == pytest.approx(1 - 2 / n)


def test_no_columns_and_no_rows_are_no_fault():
    assert held(pl.LazyFrame({"a": ["x"]}), []) == {}
    none = held(pl.LazyFrame(schema={"a": pl.String}), ["a"])["a"]
    assert (none.examples, none.empty) == ((), 0.0)
