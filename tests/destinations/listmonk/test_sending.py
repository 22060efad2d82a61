"""What a batch does to the people of listmonk: whom it creates, changes, joins, and leaves be."""

import pytest

from core.destinations import Ended
from core.destinations.listmonk.sending import Batch, Wanted
from core.errors import AnswerLost, Forbidden, Missing, NotAccepted, Stopped, Unavailable
from tests.destinations.listmonk.conftest import KEY, body
from tests.sandbox.listmonk.local import DOUBLE, NEWSLETTER, Local

LIST, DOUBLE_LIST = str(NEWSLETTER), str(DOUBLE)


def person(local: Local, email: str) -> dict:
    (found,) = local.found(f"(LOWER(subscribers.email) IN ('{email}'))")["results"]
    return found


def standing(local: Local, email: str, list_id: int = NEWSLETTER) -> str | None:
    return local.status(person(local, email)["id"], list_id)


def test_people_are_created_and_join_unconfirmed(local, destination):
    outcome = destination.send(LIST, [body("a@example.com", "Anna", city="Riga"), body("b@x.lv")])
    assert (outcome.status, outcome.accepted, outcome.refusals) == (Ended.complete, 2, ())
    anna = person(local, "a@example.com")
    assert (anna["name"], anna["attribs"], anna["status"]) == ("Anna", {"city": "Riga"}, "enabled")
    assert standing(local, "a@example.com") == standing(local, "b@x.lv") == "unconfirmed"
    assert local.mails() == []


def test_people_join_confirmed_only_by_the_choice_of_the_export(local, destination):
    destination.send(DOUBLE_LIST, [body("a@example.com")])
    destination.send(DOUBLE_LIST, [body("b@example.com")], "confirmed")
    assert standing(local, "a@example.com", DOUBLE) == "unconfirmed"
    assert standing(local, "b@example.com", DOUBLE) == "confirmed"
    assert local.mails() == []


def test_attributes_that_others_made_survive(local, destination):
    local.create("a@example.com", name="Anna", attribs={"theirs": 1, "city": "Riga"})
    destination.send(LIST, [body("a@example.com", city="Tartu", vip=True)])
    anna = person(local, "a@example.com")
    assert anna["attribs"] == {"theirs": 1, "city": "Tartu", "vip": True}
    assert anna["name"] == "Anna"


def test_attributes_are_emptied_where_the_profile_says_so(local, destination):
    local.create("a@example.com", attribs={"size": 7, "color": "red"})
    unset = ("size", "unknown")
    destination.send(LIST, [body("a@example.com", unset=unset), body("new@x.lv", unset=unset)])
    assert person(local, "a@example.com")["attribs"] == {"size": None, "color": "red"}
    assert person(local, "new@x.lv")["attribs"] == {}


def test_whoever_is_as_wanted_costs_no_request_of_their_own(local, destination):
    people = [body(f"p{n}@example.com", f"Name {n}", n=n) for n in range(250)]
    destination.send(LIST, people)
    before = destination.requests
    assert destination.send(LIST, people).accepted == 250
    assert destination.requests - before == 4  # the list, and three questions
    assert standing(local, "p9@example.com") == "unconfirmed"


def test_true_is_another_value_than_one(local, destination):
    local.create("a@example.com", attribs={"vip": 1})
    destination.send(LIST, [body("a@example.com", vip=True)])
    assert person(local, "a@example.com")["attribs"]["vip"] is True


def test_nobody_is_changed_whom_the_change_would_mail(local, destination):
    waiting = local.switch(
        "subscribers", email="w@example.com", name="W", lists={str(DOUBLE): "unconfirmed"}
    )["id"]
    outcome = destination.send(LIST, [body("w@example.com", "Wilma", n=1), body("a@example.com")])
    (held,) = outcome.refusals
    assert (held.email, held.place, held.held_back) == ("w@example.com", 0, True)
    assert "hasn't confirmed the list “Newsletter, double opt-in”" in held.detail
    assert (outcome.accepted, outcome.failed_count) == (1, 1)
    assert local.person(waiting)["name"] == "W"
    assert local.status(waiting) == "unconfirmed"
    assert local.mails() == []


def test_whose_data_stays_the_same_is_not_held_back(local, destination):
    local.switch("subscribers", email="w@example.com", name="W", lists={str(DOUBLE): "unconfirmed"})
    outcome = destination.send(LIST, [body("w@example.com", "W")])
    assert (outcome.accepted, outcome.refusals) == (1, ())


def test_a_refusal_is_kept_and_the_data_is_sent(local, destination):
    local.switch("subscribers", email="no@example.com", lists={LIST: "unsubscribed"})
    outcome = destination.send(LIST, [body("no@example.com", city="Riga")], "confirmed")
    assert outcome.accepted == 1
    assert standing(local, "no@example.com") == "unsubscribed"
    assert person(local, "no@example.com")["attribs"] == {"city": "Riga"}


def test_a_blocklisted_person_is_neither_enabled_nor_joined(local, destination):
    local.switch("subscribers", email="no@example.com", status="blocklisted")
    assert destination.send(LIST, [body("no@example.com", city="Riga")]).accepted == 1
    found = person(local, "no@example.com")
    assert (found["status"], found["attribs"], found["lists"]) == (
        "blocklisted",
        {"city": "Riga"},
        [],
    )


def test_what_listmonk_refuses_is_told_in_its_words_and_the_others_arrive(local, destination):
    outcome = destination.send(
        LIST,
        [
            body("no email"),
            body("a@example.com"),
            body("a@blocked.example"),
            body("b@x.lv", n="\0"),
        ],
    )
    assert outcome.accepted == 1
    reasons = {refusal.place: refusal.detail for refusal in outcome.refusals}
    assert set(reasons) == {0, 2, 3}
    assert reasons[0] == "listmonk refused this profile. listmonk says: “Invalid email.”"
    assert "The e-mail domain is blocklisted." in reasons[2]
    assert "unsupported Unicode" in reasons[3]
    assert standing(local, "a@example.com") == "unconfirmed"


def test_the_same_person_twice_in_one_batch_is_one(local, destination):
    outcome = destination.send(LIST, [body("a@example.com", n=1), body("A@example.com", n=2)])
    assert outcome.accepted == 2
    assert person(local, "a@example.com")["attribs"] == {"n": 2}


def test_whoever_was_created_meanwhile_is_changed_instead(local, destination):
    batch = Batch(destination._client)  # read before somebody else created them
    local.create("a@example.com", attribs={"theirs": 1})
    batch.write(0, Wanted.read(body("a@example.com", ours=2)))
    assert batch.refusals == []
    assert person(local, "a@example.com")["attribs"] == {"theirs": 1, "ours": 2}


def test_an_update_joins_no_list(local, destination):
    assert destination.send(None, [body("a@example.com")]).accepted == 1
    assert person(local, "a@example.com")["lists"] == []


@pytest.mark.parametrize("list_id", ["77", "nobody", ""])
def test_nothing_is_written_for_a_list_that_isnt_there(local, destination, list_id):
    with pytest.raises(Missing, match=f"no list “{list_id}”"):
        destination.send(list_id, [body("a@example.com")])
    assert local.found()["total"] == 24


def test_what_was_lost_on_the_way_is_sent_again_and_everybody_is_there_once(local, destination):
    for endpoint in ("POST /api/subscribers", "PUT /api/subscribers/query/lists"):
        for kind in ("closed_after", "closed_before"):
            local.switch("faults", kind=kind, endpoint=endpoint)
    outcome = destination.send(LIST, [body(f"p{n}@example.com") for n in range(3)])
    assert outcome.accepted == 3
    assert local.found()["total"] == 24 + 3


def test_an_answer_that_is_unreadable_leaves_the_batch_to_be_sent_again(local, destination):
    local.switch("faults", kind="broken_json", endpoint="POST /api/subscribers")
    with pytest.raises(AnswerLost, match="isn't listmonk's JSON"):
        destination.send(LIST, [body("a@example.com")])
    assert destination.send(LIST, [body("a@example.com")]).accepted == 1
    assert local.found()["total"] == 24 + 1


def test_before_anything_is_written_nothing_is_in_doubt(local, destination):
    local.switch("faults", kind="status", status=503, endpoint="GET /api/subscribers", times=None)
    with pytest.raises(Unavailable) as caught:
        destination.send(LIST, [body("a@example.com")])
    assert not isinstance(caught.value, AnswerLost)


def test_a_stop_is_noticed_in_the_middle_of_a_batch(local, opened):
    answers = iter([False, False, True])
    destination = opened(stopped=lambda: next(answers, True))
    with pytest.raises(Stopped, match="middle of a batch"):
        destination.send(LIST, [body(f"p{n}@example.com") for n in range(10)])
    assert local.found()["total"] == 24 + 2


@pytest.mark.parametrize(
    ("lacking", "scope"),
    [("subscribers:manage", "subscribers:manage"), ("lists:manage_all", "lists:manage_all")],
)
def test_a_permission_that_is_missing_is_no_fault_of_a_person(local, destination, lacking, scope):
    permissions = {
        *("lists:get_all", "lists:manage_all", "subscribers:get_all"),
        *("subscribers:manage", "subscribers:sql_query"),
    }
    local.switch("users", users={KEY: sorted(permissions - {lacking})})
    with pytest.raises(Forbidden) as caught:
        destination.send(LIST, [body("a@example.com")])
    assert caught.value.scopes == (scope,)


def test_a_user_that_isnt_accepted_any_more_is_no_fault_of_a_person(local, destination):
    local.switch("users", users={})
    with pytest.raises(NotAccepted):
        destination.send(LIST, [body("a@example.com")])
