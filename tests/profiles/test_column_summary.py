"""The numbers of a column as people read them."""

import pytest

from core.profiles.column_summary import several


@pytest.mark.parametrize(
    ("distinct", "read"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1_000, "≈ 1,000"),
        (1_482, "≈ 1,500"),
        (115_849, "≈ 120,000"),
    ],
)
def test_estimated_numbers_of_different_values_say_no_more_than_they_know(distinct: int, read: str):
    assert several(distinct) == read
