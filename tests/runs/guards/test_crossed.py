"""What holds a run, number by number."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.configuration.export import Guards
from core.destinations.klaviyo import CAPABILITIES
from core.profiles.freshness import Freshness, Unclear
from core.profiles.sources import Kind
from core.runs import guards
from core.runs.guards.facts import Aged, ChangedColumn, Creating
from tests.runs.guards.quiet import NOON, QUIET


def aged(hours: float | None) -> Aged:
    """Data that is so old at noon; None: nobody can tell."""
    at = None if hours is None else NOON - timedelta(hours=hours)
    return Aged(Freshness("seen", at, unclear=None if at else Unclear.empty), NOON, "Europe/Riga")


@pytest.mark.parametrize(
    ("given", "facts", "number"),
    [
        ({}, {"leave": 10}, None),  # so few may always leave
        ({}, {"leave": 11}, 11),
        ({}, {"leave": 100, "ours": 1_000}, None),
        ({}, {"leave": 101, "ours": 1_000}, 101),
        ({"remove": 50}, {"leave": 101, "ours": 1_000}, None),
        ({}, {"add": 600, "on_list": 999}, None),
        ({}, {"add": 600, "on_list": 1_000}, 600),
        ({}, {"add": 500, "on_list": 1_000}, None),
        ({"add": 200}, {"add": 600, "on_list": 1_000}, None),
        ({}, {"members_before": 199}, None),
        ({}, {"members_before": 201}, 100),
        ({}, {"members_before": 5, "members": 0, "valid": 0}, 0),
        ({}, {"valid": 50, "rejected": 50}, None),
        ({}, {"valid": 49, "rejected": 51}, 51),
        ({"reject": 60}, {"valid": 49, "rejected": 51}, None),
        ({}, {"valid": 200, "sharing": {"shared_phone": 2}}, None),
        ({}, {"valid": 199, "sharing": {"shared_phone": 2}}, 2),
        ({}, {"sharing": {"shared_phone": 2, "shared_external_id": 5}}, 5),
        ({"identifiers": 5}, {"sharing": {"shared_phone": 2, "shared_external_id": 5}}, None),
        ({}, {"changed": [ChangedColumn("points", Kind.number, Kind.text)]}, 100),
        ({"columns": False}, {"changed": [ChangedColumn("p", Kind.number, Kind.text)]}, None),
        ({}, {"add": 999, "flows": ["Welcome"]}, None),
        ({}, {"add": 1_000, "flows": ["Welcome"]}, 1_000),
        ({"flows": False}, {"add": 1_000, "flows": ["Welcome"]}, None),
        ({}, {"creating": Creating(new=300, room=300)}, None),
        ({}, {"creating": Creating(new=301, room=300)}, 301),
        ({}, {"creating": Creating(new=1, room=0)}, 1),
        ({}, {"creating": Creating(new=0, room=-5)}, None),  # the plan was exceeded before
        ({"billing": False}, {"creating": Creating(new=301, room=300)}, None),
        ({"campaigns": 2}, {"add": 2, "update": 3, "leave": 4, "upcoming": "the campaign “S”"}, 9),
        ({"campaigns": 2}, {"upcoming": "the campaign “Sale”"}, None),  # nothing would change
        ({"campaigns": 2}, {"add": 2, "unknown_campaigns": "Klaviyo was away."}, 2),
        ({"campaigns": 2}, {"unknown_campaigns": "Klaviyo was away."}, None),
        ({}, {"add": 2, "unknown_campaigns": "Klaviyo was away."}, None),
        ({}, {"aged": aged(1_000)}, None),  # off by default
        ({"age": 24}, {"aged": aged(24)}, None),
        ({"age": 24}, {"aged": aged(24.1)}, 100),
        ({"age": 0.5}, {"aged": aged(0.6), "valid": 7}, 7),
        ({"age": 24}, {"aged": aged(None)}, 100),
        ({"age": 24}, {}, None),  # a run of a former version: it isn't known
    ],
)
def test_a_guard_holds_above_its_number_and_not_at_it(given, facts, number):
    found = guards.crossed(Guards(**given), replace(QUIET, **facts), CAPABILITIES)
    assert [one.number for one in found] == ([] if number is None else [number])


def test_of_several_reasons_the_removals_are_to_be_confirmed():
    facts = replace(QUIET, add=2_000, leave=50, on_list=3_000, flows=["Welcome"])
    found = guards.crossed(Guards(), facts, CAPABILITIES)
    text = guards.reason(found)
    assert len(found) == 3
    assert "take 50 people off the list, more than 10 % of 100" in text
    assert "add 2,000 people to a list of 3,000, more than 50 %" in text
    assert "live flows, which would email 2,000 people: “Welcome”" in text
    assert found[0].number == 50
    assert text.endswith("Nothing was sent. Check the numbers, then run it anyway or discard it.")
