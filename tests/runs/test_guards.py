"""What holds a run, number by number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.configuration.export import Guards
from core.destinations.dependents import Campaign
from core.destinations.klaviyo import CAPABILITIES
from core.profiles.freshness import Freshness, Unclear
from core.profiles.sources import Kind
from core.profiles.sources.dbt.standing import CheckedTest, Outcome, Standing, Upstream
from core.runs import guards
from core.runs.built import Built
from core.runs.guards import Aged, ChangedColumn, Creating, Facts

QUIET = Facts(
    add=0,
    leave=0,
    members=100,
    valid=100,
    rejected=0,
    ours=100,
    on_list=None,
    members_before=None,
    flows=(),
)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


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


def test_each_shared_identifier_is_told_with_its_own_number():
    facts = replace(QUIET, sharing={"shared_phone": 5, "shared_external_id": 2})
    text = guards.reason(guards.crossed(Guards(), facts, CAPABILITIES))
    said = "5 of 100 profiles share their phone number with others, and 2 their external ID, more"
    assert text.startswith(said)


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
    found = guards.next_campaign(Guards(campaigns=hours), campaigns, now)
    assert (found is not None and found.name == "Sale") == near


def built(**changed: object) -> Built:
    """What dbt says of a model whose one test failed."""
    test = CheckedTest("unique_email", "email", Outcome.failed, 12, NOON)
    found = Standing("customers", "marts.customers", Outcome.passed, (test,), (), NOON)
    return Built(replace(found, **changed), "Europe/Riga")


GOOD = {"tests": ()}
STALE = Upstream("crm.raw", Outcome.failed, NOON, NOON)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (built(**GOOD), None),
        (built(), "“unique_email” of “customers” failed on 2026-11-28 14:00 (Europe/Riga) with 12"),
        (built(**GOOD, built=Outcome.skipped), "dbt skipped “customers”"),
        (built(**GOOD, built=Outcome.error), "dbt failed to build “customers”"),
        (built(**GOOD, upstream=(STALE,)), "“crm.raw”, which the model is made of, is stale"),
        (replace(built(**GOOD), before="dev.customers"), "was dev.customers in the last run"),
        (replace(built(**GOOD), before="marts.customers"), None),
        *(
            (built(tests=(CheckedTest("unique_email", None, outcome),)), None)
            for outcome in (Outcome.passed, Outcome.warned, Outcome.skipped, Outcome.unknown)
        ),
    ],
)
def test_what_failed_in_dbt_holds_by_name_and_nothing_else_does(facts: Built, why: str | None):
    found = guards.crossed(Guards(), replace(QUIET, built=facts), CAPABILITIES)
    assert bool(found) is bool(why)
    assert guards.crossed(Guards(dbt=False), replace(QUIET, built=facts), CAPABILITIES) == []
    if why:
        assert why in found[0].text
        assert found[0].text.endswith("Run dbt again and then the export, or confirm.")


def test_of_many_failed_tests_some_are_named_and_the_others_counted():
    tests = tuple(CheckedTest(f"test_{n}", None, Outcome.failed) for n in range(250))
    (found,) = guards.crossed(Guards(), replace(QUIET, built=built(tests=tests)), CAPABILITIES)
    assert "247 more are like that." in found.text
    assert len(found.text) < 600
