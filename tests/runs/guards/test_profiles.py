"""What becomes of profiles: merged with others, or more than the plan has room for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.configuration.export import Guards
from core.destinations.klaviyo import CAPABILITIES
from core.runs import guards
from core.runs.guards.facts import Creating
from tests.runs.guards.quiet import QUIET


def test_each_shared_identifier_is_told_with_its_own_number():
    facts = replace(QUIET, sharing={"shared_phone": 5, "shared_external_id": 2})
    text = guards.reason(guards.crossed(Guards(), facts, CAPABILITIES))
    said = "5 of 100 profiles share their phone number with others, and 2 their external ID, more"
    assert text.startswith(said)


@pytest.mark.parametrize(
    ("creating", "told"),
    [
        (
            Creating(1_200, 300),
            "1,200 new profiles in Klaviyo, where the plan has room for 300 m",
        ),
        (Creating(1_200, 300, sampled=True), "It would create about 1,200 new profiles"),
        (Creating(1, -7), "create 1 new profile in Klaviyo, where the plan has room for 0 more"),
    ],
)
def test_new_profiles_beyond_the_plan_are_told_with_the_room_for_them(creating, told):
    found = guards.crossed(Guards(), replace(QUIET, creating=creating), CAPABILITIES)
    text = guards.reason(found)
    assert told in text
    assert "enter today's" in text
    assert found[0].number == creating.new


def test_a_plan_that_was_read_says_when_and_how_many_are_over_it():
    at = datetime(2026, 11, 28, 11, 5, tzinfo=UTC)
    found = guards.crossed(
        Guards(), replace(QUIET, creating=Creating(300, 200, read_at=at)), CAPABILITIES
    )
    text = guards.reason(found)
    assert "300 new profiles in Klaviyo, where the plan has room for 200 more: 100 over" in text
    assert "read from Klaviyo on 2026-11-28 11:05 UTC." in text
    assert "enter today's" not in text
