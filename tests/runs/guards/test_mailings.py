"""Which campaigns are near."""

from datetime import UTC, datetime, timedelta

import pytest

from core.configuration.export import Guards
from core.destinations.dependents import Campaign
from core.runs.guards.mailings import next_campaign


@pytest.mark.parametrize(
    ("hours", "minutes", "near"),
    [
        (2, 121, False),
        (2, 120, True),
        (2, 0, True),
        (2, -10, True),  # it is scheduled still, so it is late
        (2, -20, False),  # an old answer: it has been sent
        (0, 5, False),
        (0.5, 20, True),
    ],
)
def test_a_campaign_is_near_within_the_hours_before_it(hours, minutes, near):
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    campaigns = [
        Campaign("1", "Sale", now + timedelta(minutes=minutes)),
        Campaign("2", "Some day", None),
    ]
    found = next_campaign(Guards(campaigns=hours), campaigns, now)
    assert (found is not None and found.name == "Sale") == near
