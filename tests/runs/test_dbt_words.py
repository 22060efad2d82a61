"""What is said of a model that holds nothing: warnings, and all that nobody knows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.profiles.sources.dbt.standing import CheckedTest, Outcome, Standing, Upstream
from core.runs import dbt_words

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
TEST = CheckedTest("unique_email", "email", Outcome.passed, 0, NOON)
RAW = Upstream("crm.raw", Outcome.passed, NOON, NOON)
GOOD = Standing("customers", "m.customers", Outcome.passed, (TEST,), (RAW,), NOON, "build", NOON)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        (
            {"tests": (replace(TEST, outcome=Outcome.warned, rows=2),)},
            ["The dbt test “unique_email” of “customers” warned on 2026-11-28 12:00 (UTC) with 2"],
        ),
        (
            {"tests": (TEST, replace(TEST, name="other", outcome=Outcome.unknown))},
            ["1 of the 2 dbt tests of “customers” has no result (dbt build, 2026-11-28 12:00 (UTC"],
        ),
        (
            {"tests": (replace(TEST, outcome=Outcome.unknown),), "results_at": None},
            ["1 of the 1 dbt tests of “customers” has no result (dbt has left no results yet)"],
        ),
        ({"upstream": (replace(RAW, outcome=Outcome.warned),)}, ["“crm.raw”, which the model is"]),
        (
            {"upstream": (replace(RAW, outcome=Outcome.unknown),)},
            ["Nobody has checked how fresh “crm.raw” is"],
        ),
        (
            {"unknown_formats": ("manifest v31",)},
            ["dbt wrote manifest v31, which"],
        ),
    ],
)
def test_what_only_warns_or_is_not_known_is_said_and_holds_nothing(changed: dict, said: list[str]):
    found = replace(GOOD, **changed)
    assert dbt_words.problems(found, "UTC") == []
    texts = dbt_words.warnings(found, "UTC")
    assert len(texts) == len(said)
    for text, beginning in zip(texts, said, strict=True):
        assert text.startswith(beginning)


@pytest.mark.parametrize(("hours", "newer"), [(-1, False), (0, False), (1, True), (None, False)])
def test_data_that_its_tests_did_not_see_is_said_to_be_so(hours: int | None, newer: bool):
    data_at = None if hours is None else NOON + timedelta(hours=hours)
    said = dbt_words.newer_than_tests(GOOD, data_at, "UTC")
    assert bool(said) is newer
    assert not newer or "they saw older data" in str(said)


def test_a_standing_survives_its_record():
    assert Standing.read(GOOD.as_data()) == GOOD
