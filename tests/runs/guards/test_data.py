"""What failed in dbt."""

from dataclasses import replace

import pytest

from core.configuration.export import Guards
from core.destinations.klaviyo import CAPABILITIES
from core.profiles.sources.dbt.standing import CheckedTest, Outcome, Standing, Upstream
from core.runs import guards
from core.runs.built import Built
from tests.runs.guards.quiet import NOON, QUIET

GOOD = {"tests": ()}
STALE = Upstream("crm.raw", Outcome.failed, NOON, NOON)


def built(**changed: object) -> Built:
    """What dbt says of a model whose one test failed."""
    test = CheckedTest("unique_email", "email", Outcome.failed, 12, NOON)
    found = Standing("customers", "marts.customers", Outcome.passed, (test,), (), NOON)
    return Built(replace(found, **changed), "Europe/Riga")


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
