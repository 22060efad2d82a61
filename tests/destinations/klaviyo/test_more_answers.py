"""Answers about the plan and about campaigns, of which one part is odd."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.destinations.klaviyo.more_answers import Messages, UsageRows

GOOD = {"usage_used": 5, "usage_max": 10, "unit": "profiles", "as_of": "2026-11-28T00:00:00Z"}


@pytest.mark.parametrize(
    "odd",
    [
        {"unit": "emails", "usage_max": None},
        {"usage_max": -1},
        {"usage_max": 10.5},
        {"usage_used": None},
        {"usage_used": float("inf")},
        {"as_of": None},
        {"unit": None},
    ],
)
def test_one_odd_row_of_the_usage_hides_no_other(odd: dict[str, Any]):
    rows = [{"id": "a", "attributes": GOOD | odd}, {"id": "b"}, {"id": "c", "attributes": GOOD}]
    found = UsageRows.model_validate({"data": rows, "links": {}}).data
    assert [(one.id, one.usage().plan, one.usage().active) for one in found] == [("c", 10, 5)]


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"send_time": "soon"}, None),
        ({"send_time": "", "send_times": []}, None),
        (
            {"send_times": {"a": 5, "b": "2026-11-30T10:00:00"}},
            datetime(2026, 11, 30, 10, tzinfo=UTC),
        ),
        ({"send_time": "2026-11-30T10:00:00+02:00"}, datetime(2026, 11, 30, 8, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_message_with_an_odd_time_has_none_and_hides_no_other(options: object, at: object):
    message = {"id": "m", "attributes": {"definition": {"send_options": options}}}
    (found,) = Messages.model_validate({"data": [message], "links": {}}).data
    assert found.at == at
