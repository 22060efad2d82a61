"""What Klaviyo knows of people before they are sent, and who is on a list after it."""

import json
from collections.abc import Iterator

import httpx
import polars as pl
import pytest

from core.access import Person, Role
from core.destinations import Credentials, Destination, knowledge, read_back
from core.destinations.limits import Limits
from core.destinations.read_back import Why
from core.destinations.register import KINDS, open_destination
from core.destinations.sample import sample
from core.errors import Denied, Missing
from core.preview import known
from core.store import Store, connections
from tests import conftest
from tests.conftest import ADA, applied

klaviyo = conftest.klaviyo  # the local one, not the one that a script plays

VISITORS = [f"visitor{n}@store.baltic-outfitters.example" for n in range(1, 25)]
VISITORS_LIST, A_LIST, DOUBLE_LIST = "Vs7kQ2", "Y6nRLr", "DbL0pt"


@pytest.fixture
def destination(klaviyo: str) -> Iterator[Destination]:
    settings = {"base_url": klaviyo}
    with open_destination("klaviyo", settings, Credentials("pk_0123456789"), Limits()) as opened:
        yield opened


def sent(destination: Destination, list_id: str | None, emails: list[str]) -> None:
    bodies = [json.dumps({"type": "profile", "attributes": {"email": e}}) for e in emails]
    destination.jobs.check(destination.send(list_id, bodies).job_id)


def test_a_small_sample_is_everybody_once():
    found = sample(["B@x.lv", "a@x.lv", "b@x.lv", None])
    assert (found.emails, found.of) == (("a@x.lv", "b@x.lv"), 2)
    assert sample([]).of == 0


def test_a_sample_is_the_same_for_the_same_people_in_any_order():
    people = pl.Series([f"p{n}@x.lv" for n in range(5_000)])
    drawn = sample(people, 100)
    assert drawn == sample(people.reverse(), 100)
    assert (len(set(drawn.emails)), drawn.of) == (100, 5_000)
    numbers = sorted(int(email[1:].partition("@")[0]) for email in drawn.emails)
    assert numbers[0] < 500
    assert numbers[-1] > 4_500


def test_it_counts_who_exists_and_who_can_receive_email(destination):
    emails = [*VISITORS, "new1@example.com", "NEW2@example.com"]
    found = knowledge.about(destination, emails)
    assert (found.people, found.asked, found.existing, found.new) == (26, 26, 24, 2)
    assert found.can_receive == 18
    assert found.subscribed + found.unsubscribed + found.never_subscribed == 24
    assert found.unsubscribed == 1
    assert sum(found.suppressed.values()) == 6
    assert found.suppressed["HARD_BOUNCE"] == 2
    assert set(found.suppressed) == set(KINDS["klaviyo"].capabilities.suppressions)
    assert not found.sampled
    assert json.loads(json.dumps(found.as_data()))["new"] == 2


def test_more_than_the_set_number_are_sampled_and_the_size_is_said(destination):
    emails = pl.Series(VISITORS + [f"p{n}@example.com" for n in range(2_976)])
    found = knowledge.about(destination, emails)
    assert (found.people, found.asked, found.sampled) == (3_000, 2_000, True)
    assert destination.requests == 20
    assert knowledge.about(destination, emails) == found
    assert knowledge.about(destination, emails, most=250).asked == 250
    assert destination.requests == 20 + 20 + 3


def test_how_many_are_new_is_asked_of_all_or_estimated_by_a_sample(destination):
    assert knowledge.how_many_new(destination, [*VISITORS, "New1@example.com"]) == 1
    many = pl.Series(VISITORS + [f"p{n}@example.com" for n in range(2_976)])
    whole = knowledge.about(destination, many)
    estimate = knowledge.how_many_new(destination, many)
    assert estimate == whole.new_of_all == round(whole.new * 3_000 / 2_000)
    assert estimate == pytest.approx(2_976, abs=20)
    before = destination.requests
    assert knowledge.how_many_new(destination, []) == 0
    assert destination.requests == before


def test_of_nobody_nothing_is_asked(destination):
    assert knowledge.about(destination, []).existing == 0
    assert destination.requests == 0


def test_only_who_may_use_the_connection_learns_what_its_account_knows(store: Store, configuration):
    applied(store, configuration)
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
    assert known.ask(store, ADA, row, VISITORS).existing == 24
    for role in (Role.viewer, Role.contributor):  # it is shared with administrators only
        with pytest.raises(Denied):
            known.ask(store, Person("Eve", role, 7), row, VISITORS)


def test_who_is_on_the_list_is_counted_and_its_size_before_and_after(destination):
    before = destination.list_facts(A_LIST, count=True).profiles
    sent(destination, A_LIST, ["a@example.com", "b@example.com"])
    found = read_back.read_back(
        destination, A_LIST, ["A@example.com", "b@example.com"], before=before
    )
    assert (found.accepted, found.asked, found.on_list) == (2, 2, 2)
    assert (found.before, found.after) == (0, 2)
    assert found.as_data() == {
        "accepted": 2,
        "asked": 2,
        "on_list": 2,
        "missing": {},
        "people": [],
        "before": 0,
        "after": 2,
    }


def test_who_is_missing_is_told_with_the_likely_reason(destination):
    there = destination.known(VISITORS)
    bounced = next(e for e in VISITORS if there[e].suppressions == ("HARD_BOUNCE",))
    sent(destination, None, ["alone@example.com"])
    sent(destination, A_LIST, ["a@example.com"])
    emails = ["a@example.com", bounced, "refused@example.com", "alone@example.com"]
    found = read_back.read_back(destination, A_LIST, emails)
    assert (found.on_list, found.before, found.after) == (1, None, 1)
    assert found.missing == {Why.refused: 1, Why.suppressed: 1, Why.unexplained: 1}
    assert {one.email: one.why for one in found.people} == {
        bounced: Why.suppressed,
        "refused@example.com": Why.refused,
        "alone@example.com": Why.unexplained,
    }
    assert next(o for o in found.people if o.email == bounced).detail == "HARD_BOUNCE"
    assert set(read_back.WORDS) == set(Why)


def test_people_wait_for_the_click_on_a_double_opt_in_list(destination):
    emails = [f"p{n:02}@example.com" for n in range(30)]
    sent(destination, DOUBLE_LIST, emails)
    found = read_back.read_back(destination, DOUBLE_LIST, emails)
    assert (found.on_list, found.missing) == (0, {Why.double_opt_in: 30})
    assert len(found.people) == read_back.NAMED
    kept = json.loads(json.dumps(found.as_data()))
    assert kept["missing"] == {"double_opt_in": 30}
    assert kept["people"][0] == {
        "email": "p00@example.com",
        "why": "double_opt_in",
        "detail": None,
    }


def test_a_large_run_is_read_back_by_a_sample(destination, klaviyo: str):
    emails = [f"p{n}@example.com" for n in range(3_000)]
    sent(destination, A_LIST, emails)
    before = destination.requests
    found = read_back.read_back(destination, A_LIST, pl.Series(emails))
    assert (found.accepted, found.asked, found.on_list, found.after) == (3_000, 2_000, 2_000, 3_000)
    assert destination.requests - before == 21
    asked = httpx.get(f"{klaviyo}/sandbox/requests").text
    assert "subscri" not in asked.replace("additional-fields", "")


def test_a_list_that_is_gone_can_not_be_read_back(destination):
    with pytest.raises(Missing, match="N0pe00"):
        read_back.read_back(destination, "N0pe00", ["a@example.com"])
