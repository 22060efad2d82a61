"""Lists of listmonk: shown, counted, made, left, and what mails those who join."""

import pytest

from core.errors import AnswerLost, Invalid, Missing
from tests.destinations.listmonk.conftest import body
from tests.sandbox.listmonk.local import NEWSLETTER, VISITORS, Local

LIST, VISITORS_LIST = str(NEWSLETTER), str(VISITORS)


def test_every_list_is_there_once_but_archived_ones(destination):
    found = list(destination.lists())
    assert [one.id for one in found] == [str(n) for n in range(1, 14)]
    assert [one.name for one in found if one.double_opt_in] == ["Newsletter, double opt-in"]
    assert destination.requests == 1


def test_those_who_left_are_not_counted_and_nobody_twice(destination):
    assert destination.list_facts(VISITORS_LIST, count=True).profiles == 18
    assert destination.requests == 3


@pytest.mark.parametrize("double", [True, False])
def test_a_list_is_made_private(local: Local, destination, double: bool):
    made = destination.create_list(" Līgo ", double)
    assert (made.name, made.double_opt_in) == ("Līgo", double)
    found = local.data(local.get(f"/api/lists/{made.id}"))
    assert (found["type"], found["optin"]) == ("private", "double" if double else "single")


def test_a_list_that_may_have_been_made_is_not_made_twice(local: Local, destination):
    local.switch("faults", kind="closed_after", endpoint="POST /api/lists")
    with pytest.raises(AnswerLost, match="may have created the list “Līgo”"):
        destination.create_list("Līgo", double_opt_in=True)
    assert sum(one.name == "Līgo" for one in destination.lists()) == 1
    with pytest.raises(Invalid, match="Give the new list a name"):
        destination.create_list(" ", double_opt_in=True)


def test_campaigns_that_would_mail_those_who_join_are_told_with_when(destination):
    (due,) = destination.mailings(LIST)
    assert due.name.startswith("Black Friday (will be sent on 20")
    assert due.name.endswith(" UTC)")
    assert [one.name for one in destination.mailings("7")] == ["Winter boots (is paused)"]
    assert destination.mailings("2") == []
    with pytest.raises(Missing, match="no list “77”"):
        destination.mailings("77")


def test_leavers_are_taken_off_and_who_refused_stays_refusing(local: Local, destination):
    emails = [f"visitor{n}@store.baltic-outfitters.example" for n in range(1, 25)]
    ids = destination.ids_of(emails)
    before = local.person(int(ids[emails[0]]))
    for _twice in range(2):
        destination.take_off(VISITORS_LIST, list(ids.values()))
    left = local.found(list_id=VISITORS)["results"]
    assert {one["lists"][0]["subscription_status"] for one in left} == {"unsubscribed"}
    assert len(left) == 6
    after = local.person(int(ids[emails[0]]))
    assert (after["attribs"], after["status"]) == (before["attribs"], before["status"])
    assert destination.members_among(VISITORS_LIST, emails[:1]) == set()
    assert local.mails() == []


def test_a_leaver_who_comes_back_is_unconfirmed(local: Local, destination):
    destination.send(LIST, [body("a@example.com")], "confirmed")
    id = destination.ids_of(["a@example.com"])["a@example.com"]
    assert local.status(int(id)) == "confirmed"
    destination.take_off(LIST, [id])
    destination.send(LIST, [body("a@example.com")])
    assert local.status(int(id)) == "unconfirmed"


def test_nobody_is_taken_off_a_list_that_isnt_there(destination):
    with pytest.raises(Missing, match="no list “77”"):
        destination.take_off("77", ["1"])
    before = destination.requests
    destination.take_off("77", [])
    assert destination.requests == before


def test_ten_thousand_are_taken_off_in_three_requests(local: Local, destination):
    before = destination.requests
    destination.take_off(LIST, [str(n) for n in range(1, 10_001)])
    assert destination.requests - before == 3


def test_members_and_since_when(local: Local, destination):
    local.switch("subscribers", email="no@example.com", lists={LIST: "unsubscribed"})
    destination.send(LIST, [body("a@example.com")])
    found = destination.joined(LIST, ["A@example.com", "no@example.com", "nobody@example.com"])
    assert set(found) == {"a@example.com"}
    assert found["a@example.com"].at.tzinfo
    with pytest.raises(Missing, match="no list “77”"):
        destination.members_among("77", ["a@example.com"])
