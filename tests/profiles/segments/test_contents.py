"""What columns hold: commonest values, spreads, and the spellings that somebody may have meant."""

from datetime import date

import polars as pl
import pytest

from core.profiles.segments.contents import BARS, MOST, contents, near
from core.profiles.sources import Kind

CITIES = ["Rīga"] * 5 + ["Jelgava"] * 3 + ["Rīgas rajons"] * 2 + ["", "  ", None]


def _contents(values: list, kind: Kind):
    return contents(pl.LazyFrame({"it": values}), {"it": kind}, ["it"])["it"]


def test_the_commonest_values_come_first_and_empty_ones_are_none():
    found = _contents(CITIES, Kind.text)
    assert found.common == (("Rīga", 5), ("Jelgava", 3), ("Rīgas rajons", 2))
    assert (found.filled, found.distinct) == (10, 3)


def test_values_that_rules_take_for_the_same_are_offered_once():
    assert _contents(["Rīga", "Ri\u0304ga"], Kind.text).common == (("Rīga", 2),)


def test_of_addresses_that_each_have_a_row_of_their_own_none_is_offered():
    assert _contents([f"p{n}@example.lv" for n in range(MOST + 1)], Kind.text).common == ()


def test_items_of_lists_and_flags_are_counted():
    assert _contents([["a", "b"], ["a"], [], None], Kind.list).common == (("a", 2), ("b", 1))
    assert _contents([True, True, False, None], Kind.boolean).common == ((True, 2), (False, 1))


def test_numbers_have_quarters_and_a_histogram_that_one_stray_does_not_flatten():
    found = _contents([*map(float, range(1, 101)), float("nan"), 9e6], Kind.number)
    assert found.quantiles == (1, 26, 51, 76, 9_000_000)
    assert found.ends == (2, 100)
    assert len(found.bars) == BARS
    assert sum(found.bars) == found.filled == 101
    assert max(found.bars) < 10


def test_dates_and_moments_have_days():
    found = _contents([date(2026, 1, 1), date(2026, 1, 3), None], Kind.date)
    assert found.quantiles[0] == date(2026, 1, 1)
    assert found.quantiles[-1] == date(2026, 1, 3)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_column_without_any_value_has_nothing_to_offer(kind: Kind):
    types = {Kind.number: pl.Float64, Kind.date: pl.Date, Kind.moment: pl.Datetime}
    types |= {Kind.boolean: pl.Boolean, Kind.list: pl.List(pl.String)}
    frame = pl.LazyFrame({"it": [None]}, schema={"it": types.get(kind, pl.String)})
    found = contents(frame, {"it": kind}, ["it"])["it"]
    assert (found.filled, found.common, found.quantiles) == (0, (), ())


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("riga", [("Rīga", 5), ("Rīgas rajons", 2)]),
        ("JELGAVA", [("Jelgava", 3)]),
        ("rajons", [("Rīgas rajons", 2)]),
        ("Jelgva", [("Jelgava", 3)]),
        ("Tallinn", []),
        (" ", []),
    ],
)
def test_near_values_differ_by_case_marks_or_a_letter(typed: str, offered: list):
    frame = pl.LazyFrame({"it": CITIES})
    assert list(near(frame, {"it": Kind.text}, "it", typed)) == offered
