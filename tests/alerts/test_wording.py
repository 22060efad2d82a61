"""What alerts say of numbers that moved."""

import pytest

from core.profiles.column_summary import ColumnSummary
from core.profiles.rule_summary import RuleSummary
from core.profiles.summary import Summary
from core.store import Store
from core.store.tables.runs import RunStatus
from tests.alerts.conftest import Clock, messages, ran

pytestmark = pytest.mark.usefixtures("export")


def seen(passes: int, latvians: int, words: str = "country is “LV”") -> Summary:
    """A source of a thousand people, of whom so many pass the only rule, and live in Latvia."""
    country = ColumnSummary("text", 0, 2, top={"LV": latvians, "EE": 1000 - latvians})
    rule = RuleSummary("S", "country", words, passes, 1000 - passes, passes)
    return Summary(1000, {"country": country}, (rule,), "2026-11-28")


def test_another_size_is_told_with_what_moved_the_number(store: Store, clock: Clock):
    ran(store, RunStatus.succeeded, clock, members=1000, source=seen(990, latvians=990))
    ran(store, RunStatus.succeeded, clock, members=400, source=seen(390, latvians=390))
    [message] = messages(store)
    assert message.title == "“Newsletter”: 60 % fewer people"
    assert "“country” is “LV” for 39 % (was 99 %): 600 left by it. Open it " in message.text


def test_of_what_moved_it_no_address_leaves_the_installation(store: Store, clock: Clock):
    words = "email is none of ilze@example.lv"
    ran(store, RunStatus.succeeded, clock, members=1000, source=seen(990, 500, words))
    ran(store, RunStatus.succeeded, clock, members=400, source=seen(390, 500, words))
    [message] = messages(store)
    assert "“email is none of i•••@example.lv” of “S” matches others now: 600 left" in message.text


def test_where_no_cause_is_known_none_is_told(store: Store, clock: Clock):
    ran(store, RunStatus.succeeded, clock, members=1000)
    ran(store, RunStatus.succeeded, clock, members=400, source=seen(390, latvians=390))
    [message] = messages(store)
    assert message.text.endswith(" 1,000 in the run before. Open it to see whether that is right.")


def test_a_reason_that_ends_in_quotes_gets_no_second_full_stop(store: Store, clock: Clock):
    ran(store, RunStatus.failed, clock, error="Klaviyo says: “Invalid key.”")
    [message] = messages(store)
    assert "“Invalid key.” Open it;" in message.text
