"""People of listmonk: asked about by email, read, their attributes emptied."""

import pytest

from core.destinations import Filled, Known
from core.destinations.listmonk.asking import LONGEST, MOST, portions, with_emails
from core.errors import Invalid, Missing, Rejected
from tests.sandbox.listmonk.local import DOUBLE, NEWSLETTER, Local

LIST, DOUBLE_LIST = str(NEWSLETTER), str(DOUBLE)


@pytest.mark.parametrize(
    ("status", "subscription", "known"),
    [
        ("enabled", None, (True, "absent", ())),
        ("enabled", "unconfirmed", (True, "unconfirmed", ())),
        ("enabled", "confirmed", (True, "confirmed", ())),
        ("enabled", "unsubscribed", (False, "unsubscribed", ("unsubscribed",))),
        ("blocklisted", "confirmed", (False, "confirmed", ("blocklisted",))),
        ("disabled", "confirmed", (True, "confirmed", ())),  # they still get campaigns
    ],
)
def test_consent_is_that_of_the_list(local: Local, destination, status, subscription, known):
    lists = {LIST: subscription} if subscription else {}
    id = local.switch("subscribers", email="a@example.com", status=status, lists=lists)["id"]
    found = destination.known(["A@example.com", "nobody@example.com"], LIST)
    assert found == {"a@example.com": Known(str(id), *known)}


def test_whoever_hasnt_confirmed_a_double_opt_in_list_gets_nothing_of_it(local: Local, destination):
    local.switch("subscribers", email="a@example.com", lists={DOUBLE_LIST: "unconfirmed"})
    found = destination.known(["a@example.com"], DOUBLE_LIST)["a@example.com"]
    assert (found.can_receive, found.consent, found.suppressions) == (False, "waiting", ())
    assert destination.known(["a@example.com"], LIST)["a@example.com"].can_receive


@pytest.mark.parametrize(
    "email",
    ["o'neil@example.com", "back\\slash@example.com", "a,]b'\"@x", "$1@example.com", "{}@x.lv"],
)
def test_odd_emails_stay_within_the_question(local: Local, destination, email: str):
    local.switch("subscribers", email=email)
    assert set(destination.ids_of([email])) == {email}
    assert destination.ids_of([f"other-{email}"]) == {}


def test_what_listmonk_would_replace_in_the_question_is_not_asked(destination):
    assert destination.ids_of(["a%order%b@example.com", "nul\0@example.com", ""]) == {}
    assert destination.requests == 0


def test_a_question_fits_into_the_line_of_a_web_server(local: Local, destination):
    emails = [f"{'ü' * 60}{n}@{'long-' * 10}example.com" for n in range(300)]
    cut = list(portions(emails))
    assert sum(map(len, cut)) == 300
    assert max(map(len, cut)) < MOST
    assert destination.ids_of(emails) == {}
    assert {answer["status"] for answer in local.get("/sandbox/requests").json()["requests"]} == {
        200
    }
    assert [len(portion) for portion in portions(f"p{n}@x.lv" for n in range(250))] == [
        *(100, 100, 50)
    ]
    assert len(with_emails([f"p{n}@x.lv" for n in range(100)])) < LONGEST


def test_attributes_that_hold_something_are_told(local: Local, destination):
    attribs = {"size": 0, "shoe, size": None, "color": "red", "empty": "", "none": []}
    id = local.create("a@example.com", name="Anna", attribs=attribs)["id"]
    fields = [f"properties.{name}" for name in (*attribs, "unknown")]
    held = frozenset({"properties.size", "properties.color"})
    found = destination.filled(["A@example.com", "nobody@example.com"], [*fields, "first_name"])
    assert found == {"a@example.com": Filled(str(id), held)}


def test_only_the_named_attributes_are_emptied(local: Local, destination):
    id = str(local.create("a@example.com", name="Anna", attribs={"size": 7, "color": "red"})["id"])
    for _twice in range(2):
        destination.clear(id, ["properties.size", "properties.unknown"])
    read = destination.read_one(id)
    assert (read["name"], read["attribs"]) == ("Anna", {"color": "red"})


def test_nobody_is_mailed_for_an_attribute_that_is_emptied(local: Local, destination):
    id = local.switch(
        "subscribers", email="w@x.lv", attribs={"a": 1}, lists={DOUBLE_LIST: "unconfirmed"}
    )["id"]
    with pytest.raises(Rejected, match="hasn't confirmed the list “Newsletter, double opt-in”"):
        destination.clear(str(id), ["properties.a"])
    assert local.person(id)["attribs"] == {"a": 1}
    assert local.mails() == []


@pytest.mark.parametrize("field", ["email", "first_name"])
def test_email_and_name_are_never_emptied(destination, field: str):
    with pytest.raises(Invalid, match="can't be cleared"):
        destination.clear("1", ["properties.size", field])
    assert destination.requests == 0


@pytest.mark.parametrize("id", ["999999", "nobody"])
def test_a_person_who_is_gone_is_told(destination, id: str):
    for ask in (destination.read_one, lambda id: destination.clear(id, ["properties.size"])):
        with pytest.raises(Missing, match=f"no profile “{id}”"):
            ask(id)
