"""What stands below the line that takes the first of a group's people."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.profiles.segments.borders import Border
from core.profiles.segments.top import Top
from core.profiles.sources import Kind
from pages.segments import draft, ends, first

SCHEMA = {"born": Kind.date, "id": Kind.text, "E-mail": Kind.text}
SHARED = "3 people have that value, with room for 1: id decides."
ALL_OR_NONE = "People that are alike in id as well are all in, or none of them."


@pytest.mark.parametrize(
    ("order", "found", "said"),
    [
        ("largest", Border(36_233, 1_000, 412.5, 1, 1), "from 412.5 up."),
        ("smallest", Border(36_233, 1_000, Decimal("4.50"), 1, 1), "up to 4.50."),
        (
            "largest",
            Border(36_233, 1_000, date(2026, 1, 31), 3, 1),
            f"from 2026-01-31 up. {SHARED}",
        ),
        (
            "largest",
            Border(36_233, 1_000, datetime(2026, 1, 31, 8, 5, tzinfo=UTC), 2, 2),
            "from 2026-01-31 08:05 UTC up.",
        ),
    ],
)
def test_where_the_first_end_is_said_with_who_shares_the_last_value(order, found, said):
    top = Top(count=1_000, by="spent", order=order, ties="id")
    assert ends.in_words(found, top) == f"1,000 of 36,233 with a value, {said}"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Border(0, 0), "Nobody of them has a value in spent."),
        (Border(7, 0), ALL_OR_NONE),
        (Border(7, 4, 2, 1, 1), f"4 of 7 with a value, from 2 up. {ALL_OR_NONE}"),
        (Border(4, 4, 2, 1, 1), "4 of 4 with a value, from 2 up."),
    ],
)
def test_fewer_than_were_wanted_have_a_reason(found, said):
    assert ends.in_words(found, Top(count=5, by="spent", ties="id")) == said


def test_a_group_begins_to_take_the_first_and_takes_all_again():
    node = draft.group()
    before = draft.bare(node)
    draft.take_first(node, "id")
    assert draft.lacks_top(node)
    draft.take_all(node)
    assert draft.bare(node) == before


@pytest.mark.parametrize(
    ("key", "chosen"), [("id", "id"), ("born", "E-mail"), (None, "E-mail"), ("gone", "E-mail")]
)
def test_equal_ones_are_told_apart_by_the_key_of_the_source_or_its_email(key, chosen):
    assert first.telling(SCHEMA, key) == chosen
