"""Profiles with every kind of field and of emptiness, and who of them a rule finds."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from core.profiles.segments.checks import check
from core.profiles.segments.expressions import expression
from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind, Schema

TODAY = date(2026, 3, 29)  # the day the clocks go forward in Riga
ZONE = "Europe/Riga"
SCHEMA: Schema = {
    "text": Kind.text,
    "number": Kind.number,
    "whole": Kind.number,
    "flag": Kind.boolean,
    "day": Kind.date,
    "told": Kind.moment,
    "real": Kind.moment,
    "tags": Kind.list,
    "sizes": Kind.list,
    "nested": Kind.other,
    "photo": Kind.bytes,
}
TYPES: Mapping[str, Any] = {
    "text": pl.String,
    "number": pl.Float64,
    "whole": pl.Int64,
    "flag": pl.Boolean,
    "day": pl.Date,
    "told": pl.Datetime("us"),
    "real": pl.Datetime("ms", "UTC"),
    "tags": pl.List(pl.String),
    "sizes": pl.List(pl.Int64),
    "nested": pl.Struct({"a": pl.Int64}),
}
ROWS: Mapping[str, list[Any]] = {
    "text": ["LV", "lv", "LVX", "a.c", "", " \t\u00a0", None],
    "number": [1.0, -2.5, float("inf"), float("-inf"), float("nan"), 300.0, None],
    "whole": [1, -2, 2**53 + 1, 2**53, 5, 300, None],
    "flag": [True, False, None, True, False, None, None],
    "day": [
        date(2026, 3, 29),
        date(2026, 3, 28),
        date(2026, 3, 30),
        date(2025, 12, 29),
        date(2025, 12, 28),
        date(1, 1, 1),
        None,
    ],
    "told": [
        datetime(2026, 3, 29),
        datetime(2026, 3, 29, 23, 59, 59, 999999),
        datetime(2026, 3, 30),
        datetime(2026, 3, 28, 23, 59),
        datetime(2025, 12, 28),
        datetime(2025, 12, 27, 23),
        None,
    ],
    "real": [
        datetime(2026, 3, 28, 22, tzinfo=UTC),  # the day begins: winter time, two hours ahead
        datetime(2026, 3, 29, 20, 59, 59, tzinfo=UTC),  # and ends: summer time, three
        datetime(2026, 3, 29, 21, tzinfo=UTC),
        datetime(2026, 3, 28, 21, 59, tzinfo=UTC),
        datetime(2025, 12, 27, 22, tzinfo=UTC),
        datetime(2025, 12, 27, 21, tzinfo=UTC),
        None,
    ],
    "tags": [["a"], ["b", None], ["ab"], [None], [], ["1"], None],
    "sizes": [[1], [2, 3], [10], [None], [], [1, 2], None],
    "nested": [{"a": 1}, {"a": None}, {"a": 2}, {"a": 3}, {"a": 4}, {"a": 5}, None],
}


@pytest.fixture
def found() -> Callable[..., str]:
    """The places (from 0) of the profiles that rules find, as digits one after the other."""
    frame = nw.from_native(pl.LazyFrame(ROWS, schema=dict(TYPES)))

    def find(rules: Mapping[str, Any]) -> str:
        group = Group.model_validate(rules)
        check(group, SCHEMA, "the segment")
        with_texts, texts = ranked(frame, [group], SCHEMA, TODAY, ZONE)
        inside = with_texts.select(inside=expression(group, texts, TODAY, ZONE))
        values = inside.to_native().collect()["inside"]
        assert values.dtype == pl.Boolean
        assert values.null_count() == 0
        return "".join(str(place) for place, value in enumerate(values) if value)

    return find
