"""What every destination of the register must keep, against a server of its own over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core import sandbox
from core.destinations import Credentials, Ended, Filled
from core.destinations.delivery import deliver
from core.destinations.limits import Limits
from core.destinations.register import KINDS, open_destination
from core.errors import AnswerLost, Forbidden, Invalid, Missing, Rejected, Unavailable

IMPORT = "POST /api/profile-bulk-import-jobs"


@dataclass
class Clock:
    """One clock for both sides, so that their limits are tried without waiting."""

    seconds: float = datetime(2026, 11, 24, 8, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class KlaviyoSide:
    """The local Klaviyo: how to open it, what it knows, how to upset it."""

    secret = "pk_test"
    creation = "POST /api/lists"
    a_list, unknown_list = "Y6nRLr", "N0pe00"
    drafting_list = "Wb4cKn"  # sets off a flow that isn't live yet
    peoples_list = "Vs7kQ2"
    people = tuple(f"visitor{n}@store.baltic-outfitters.example" for n in range(1, 25))

    def __init__(self, address: str, clock: Clock) -> None:
        self.settings = {"base_url": address}
        self.clock = clock
        self._http = httpx.Client(base_url=address)

    def body(self, email: str) -> str:
        return json.dumps({"type": "profile", "attributes": {"email": email}})

    def upset(self, kind: str, endpoint: str = IMPORT, **how) -> None:
        self._http.post(
            "/sandbox/faults", json={"kind": kind, "endpoint": endpoint, **how}
        ).raise_for_status()

    def allow(self, *scopes: str) -> None:
        """The key may do this much from now on."""
        keys = {self.secret: list(scopes)}
        self._http.post("/sandbox/keys", json={"keys": keys}).raise_for_status()

    def delay(self, seconds: float) -> None:
        self._http.post("/sandbox/settings", json={"delay": seconds}).raise_for_status()

    def jobs(self) -> int:
        return sum(self._http.get("/sandbox/state").json()["jobs"].values())

    def members(self) -> int:
        lists = self._http.get("/sandbox/state").json()["lists"]
        return next(found["profiles"] for found in lists if found["id"] == self.a_list)

    def asked(self) -> str:
        return self._http.get("/sandbox/requests").text

    def close(self) -> None:
        self._http.close()


@contextmanager
def klaviyo(folder) -> Iterator[KlaviyoSide]:
    clock = Clock()
    with sandbox.running(folder, clock=clock, delay=0.0) as address:
        side = KlaviyoSide(address, clock)
        yield side
        side.close()


SIDES = {"klaviyo": klaviyo}


def test_every_destination_of_the_register_is_held_to_this_contract():
    assert set(SIDES) == set(KINDS)


@pytest.fixture(params=sorted(SIDES))
def side(request, tmp_path):
    with SIDES[request.param](tmp_path) as side:
        side.type = request.param
        yield side


@pytest.fixture
def destination(side):
    limits = Limits(side.clock, side.clock.sleep)
    with open_destination(side.type, side.settings, Credentials(side.secret), limits) as opened:
        yield opened


@pytest.fixture
def send(side, destination):
    """Delivers profiles with these emails to the list."""

    def sent(*emails, known=(), **how):
        since = datetime.fromtimestamp(side.clock.seconds, UTC)
        bodies = [side.body(email) for email in emails]
        return deliver(destination, side.a_list, bodies, since=since, known=known, **how)

    return sent


def test_it_says_whose_account_it_is(destination):
    account = destination.account()
    assert account.id
    assert account.name
    assert account.time_zone
    assert destination.account() is account
    assert destination.requests == 1


def test_it_shows_every_list_and_each_by_itself(side, destination):
    lists = list(destination.lists())
    assert len({found.id for found in lists}) == len(lists) > 10
    one = next(found for found in lists if found.id == side.a_list)
    assert destination.list_facts(side.a_list) == one
    assert one.profiles is None
    assert destination.list_facts(side.a_list, count=True).profiles == side.members()


def test_an_unknown_list_is_named(side, destination):
    with pytest.raises(Rejected, match=side.unknown_list):
        destination.list_facts(side.unknown_list)
    with pytest.raises(Rejected, match=side.unknown_list):
        destination.send(side.unknown_list, [side.body("a@example.com")])


def test_what_is_sent_arrives_on_the_list(side, destination, send):
    before = side.members()
    sent = send("a@example.com", "b@example.com", "c@example.com")
    outcome = destination.check(sent.receipt.job_id)
    assert (outcome.status, outcome.accepted, outcome.failed_count) == (Ended.complete, 3, 0)
    assert outcome.refusals == ()
    assert side.members() == before + 3


def test_sending_the_same_twice_changes_nothing(side, send):
    send("a@example.com")
    before = side.members()
    send("a@example.com")
    assert side.members() == before


def test_an_update_joins_no_list(side, destination):
    before = side.members()
    receipt = destination.send(None, [side.body("new@example.com")])
    assert destination.check(receipt.job_id).accepted == 1
    assert side.members() == before


def test_a_job_under_way_has_no_outcome_yet(side, destination, send):
    side.delay(30.0)
    sent = send("a@example.com")
    assert destination.check(sent.receipt.job_id) is None
    side.clock.sleep(31)
    assert destination.check(sent.receipt.job_id).accepted == 1


def test_every_refused_profile_is_told_with_its_reason(destination, send):
    emails = [f"refused{n}@example.com" for n in range(250)] + ["fine@example.com"]
    outcome = destination.check(send(*emails).receipt.job_id)
    assert (outcome.accepted, outcome.failed_count) == (1, 250)
    assert {refusal.email or emails[refusal.place] for refusal in outcome.refusals} == set(
        emails[:-1]
    )
    assert all(refusal.detail for refusal in outcome.refusals)


def test_malformed_profiles_are_taken_out_and_the_others_arrive(side, destination, send):
    before = side.members()
    sent = send("not an email", "a@example.com", "also not", "b@example.com")
    assert set(sent.refused) == {0, 2}
    assert all(sent.refused.values())
    assert destination.check(sent.receipt.job_id).accepted == 2
    assert side.members() == before + 2


def test_a_cancelled_job_is_no_success(side, destination, send):
    side.upset("job_cancelled", "*")
    outcome = destination.check(send("a@example.com").receipt.job_id)
    assert (outcome.status, outcome.accepted) == (Ended.cancelled, 0)


def test_a_batch_whose_answer_was_lost_is_adopted(side, destination, send):
    side.upset("closed_after")
    sent = send("a@example.com", "b@example.com")
    assert side.jobs() == 1
    assert destination.check(sent.receipt.job_id).accepted == 2


def test_a_batch_that_never_arrived_is_sent_again(side, destination, send):
    side.upset("closed_before")
    sent = send("a@example.com", "b@example.com")
    assert side.jobs() == 1
    assert destination.check(sent.receipt.job_id).accepted == 2


def test_a_batch_with_an_unreadable_answer_is_adopted(side, send):
    side.upset("broken_json")
    assert send("a@example.com").receipt
    assert side.jobs() == 1


def test_a_known_job_is_never_adopted(side, send):
    first = send("a@example.com").receipt.job_id
    side.upset("closed_before")
    assert send("b@example.com", known={first}).receipt.job_id != first
    assert side.jobs() == 2


def test_a_batch_in_doubt_after_a_crash_is_not_sent_twice(side, send):
    first = send("a@example.com").receipt.job_id
    assert send("a@example.com", in_doubt=True).receipt.job_id == first


def test_a_destination_that_stays_unwell_leaves_the_batch_in_doubt(side, send):
    side.upset("status", status=503, times=None)
    with pytest.raises(AnswerLost):
        send("a@example.com")


def test_a_destination_asking_for_a_long_rest_is_unavailable_until_then(side, destination, send):
    side.upset("status", status=429, retry_after=900)
    with pytest.raises(Unavailable) as caught:
        send("a@example.com")
    assert caught.value.retry_after == 900
    assert destination.throttled == 1


def test_its_limits_are_kept_so_that_nothing_is_throttled(side, destination):
    began = side.clock.seconds
    for n in range(160):
        destination.send(side.a_list, [side.body(f"a{n}@example.com")])
    assert destination.throttled == 0
    assert side.clock.seconds - began < 65 * 1.2


def test_it_never_touches_consent(side, destination, send):
    destination.account()
    list(destination.lists())
    destination.check(send("a@example.com", "refused@example.com").receipt.job_id)
    side.upset("closed_after")
    send("b@example.com")
    assert "/api/profile-bulk-import-jobs" in side.asked()
    assert "subscri" not in side.asked()
    assert "suppress" not in side.asked()


def test_a_job_is_not_looked_for_before_it_was_sent(side, destination, send):
    send("a@example.com")
    later = datetime.fromtimestamp(side.clock.seconds, UTC) + timedelta(minutes=1)
    assert destination.find(side.a_list, 1, later, ()) is None


def arrived(side, destination, send, *emails):
    """The ids of people who are on the list now, by email."""
    assert destination.check(send(*emails).receipt.job_id).accepted == len(emails)
    return destination.ids_of(emails)


@pytest.mark.parametrize("double", [True, False])
def test_a_list_is_made_and_found_again(destination, double):
    made = destination.create_list(" Līgo “24” ", double_opt_in=double)
    assert made.name == "Līgo “24”"
    assert destination.list_facts(made.id) == made
    assert made in list(destination.lists())
    other = destination.create_list("Another", double_opt_in=not double)
    assert other.opt_in_process != made.opt_in_process


def test_a_list_needs_a_name(destination):
    with pytest.raises(Invalid, match="Give the new list a name"):
        destination.create_list("  ", double_opt_in=True)
    assert destination.requests == 0


def test_a_list_that_may_have_been_made_is_not_made_twice(side, destination):
    before = len(list(destination.lists()))
    side.upset("closed_after", side.creation)
    with pytest.raises(AnswerLost, match="may have made the list “Līgo”"):
        destination.create_list("Līgo", double_opt_in=True)
    assert len(list(destination.lists())) == before + 1


def test_lists_are_made_within_the_limits_until_those_of_the_day_are_used_up(side, destination):
    for n in range(150):
        destination.create_list(f"List {n}", double_opt_in=True)
    assert destination.throttled == 0
    with pytest.raises(Unavailable, match="150 lists a day") as caught:
        destination.create_list("One too many", double_opt_in=True)
    assert caught.value.retry_after > 3_600


def test_live_flows_of_a_list_are_told_and_others_are_not(side, destination):
    assert [flow.name for flow in destination.flows(side.a_list)] == ["Welcome series"]
    assert all(flow.id for flow in destination.flows(side.a_list))
    assert destination.flows(side.drafting_list) == []
    with pytest.raises(Missing, match=side.unknown_list):
        destination.flows(side.unknown_list)


def test_what_the_key_may_not_do_is_told_by_the_scopes_that_are_missing(side, destination):
    side.allow("lists:read")
    for ask, missing in (
        (lambda: destination.flows(side.a_list), ("flows:read",)),
        (lambda: destination.create_list("No", True), ("lists:write",)),
        (lambda: destination.known(side.people), ("profiles:read",)),
        (lambda: destination.members_among(side.a_list, side.people), ("profiles:read",)),
        (lambda: destination.take_off(side.a_list, ["P1"]), ("lists:write", "profiles:write")),
        (lambda: destination.upsert_one(side.body("a@example.com")), ("profiles:write",)),
        (lambda: destination.clear("P1", ["title"]), ("profiles:write",)),
    ):
        with pytest.raises(Forbidden) as caught:
            ask()
        assert caught.value.scopes == missing


def test_people_are_asked_about_within_the_limits_so_that_nothing_is_throttled(side, destination):
    emails = [f"p{n}@example.com" for n in range(16_000)]
    began = side.clock.seconds
    destination.known(emails)
    destination.members_among(side.a_list, emails)
    assert destination.requests == 320
    assert destination.throttled == 0
    assert side.clock.seconds - began < 10


def test_ids_are_found_by_email_in_any_case(side, destination, send):
    emails = ["a@example.com", "o'neil+x@example.com", "x&y=z@example.com"]
    ids = arrived(side, destination, send, *emails)
    assert set(ids) == set(emails)
    assert len(set(ids.values())) == 3
    assert destination.ids_of(["A@Example.com", "nobody@example.com", ""]) == {
        "a@example.com": ids["a@example.com"]
    }
    assert destination.ids_of([]) == {}


@pytest.mark.parametrize("email", ['"quoted"@example.com', "back\\slash@example.com", "a,]b'\"@x"])
def test_odd_emails_stay_within_the_question(destination, email):
    assert destination.ids_of([email]) == {}
    assert destination.known([email]) == {}


def test_it_knows_who_can_receive_email_and_why_others_can_not(side, destination, send):
    arrived(side, destination, send, "new@example.com")
    known = destination.known([*side.people, "new@example.com", "nobody@example.com"])
    assert set(known) == {*side.people, "new@example.com"}
    new = known["new@example.com"]
    assert (new.consent, new.suppressions, new.can_receive) == ("NEVER_SUBSCRIBED", (), True)
    assert {person.consent for person in known.values()} == {
        *("SUBSCRIBED", "UNSUBSCRIBED", "NEVER_SUBSCRIBED")
    }
    reasons = {reason for person in known.values() for reason in person.suppressions}
    assert {"HARD_BOUNCE", "SPAM_COMPLAINT", "UNSUBSCRIBE"} <= reasons
    assert all(p.can_receive != bool(p.suppressions) for p in known.values())
    assert known["new@example.com"].id == destination.ids_of(["new@example.com"])["new@example.com"]


def test_members_are_told_from_others(side, destination, send):
    arrived(side, destination, send, "a@example.com", "b@example.com")
    destination.send(None, [side.body("c@example.com")])
    asked = ["A@example.com", "b@example.com", "c@example.com", "d@example.com"]
    assert destination.members_among(side.a_list, asked) == {"a@example.com", "b@example.com"}
    with pytest.raises(Missing, match=side.unknown_list):
        destination.members_among(side.unknown_list, asked)


def test_who_is_taken_off_a_list_stays_a_profile_with_the_same_consent(side, destination):
    before = destination.known(side.people)
    gone = [before[email].id for email in side.people[:10]]
    for _twice in range(2):
        destination.take_off(side.peoples_list, gone)
    assert destination.members_among(side.peoples_list, side.people) == set(side.people[10:])
    assert destination.known(side.people) == before
    with pytest.raises(Missing, match=side.unknown_list):
        destination.take_off(side.unknown_list, gone)


def test_taking_nobody_off_asks_nothing(side, destination):
    destination.take_off(side.a_list, [])
    assert destination.requests == 0


def test_one_profile_is_written_at_once_and_read_back(side, destination):
    before = side.members()
    body = json.dumps(
        {
            "type": "profile",
            "attributes": {"email": "a@example.com", "first_name": "Anna", "properties": {"n": 7}},
        }
    )
    id = destination.upsert_one(body)
    assert destination.upsert_one(body) == id
    read = destination.read_one(id)
    assert (read["email"], read["first_name"]) == ("a@example.com", "Anna")
    assert read["properties"] == {"n": 7}
    assert side.members() == before


def test_a_refused_profile_is_told_in_the_destinations_words(side, destination):
    with pytest.raises(Rejected, match=r"refuses this profile .* says: “Invalid email address”"):
        destination.upsert_one(side.body("no email"))


def test_a_profile_that_is_gone_is_told(destination):
    for ask in (destination.read_one, lambda id: destination.clear(id, ["title"])):
        with pytest.raises(Missing, match="no profile “gone”"):
            ask("gone")


def test_only_the_named_fields_are_emptied(destination):
    attributes = {"email": "a@example.com", "first_name": "Anna", "last_name": "Liepa"}
    attributes["location"] = {"city": "Riga", "country": "LV"}
    attributes["properties"] = {"size": 7, "shoe, size": 41, "color": "red"}
    id = destination.upsert_one(json.dumps({"type": "profile", "attributes": attributes}))
    for _twice in range(2):
        destination.clear(
            id, ["first_name", "location.city", "properties.size", "properties.shoe, size"]
        )
    read = destination.read_one(id)
    assert (read["first_name"], read["last_name"]) == (None, "Liepa")
    assert (read["location"]["city"], read["location"]["country"]) == (None, "LV")
    assert read["properties"] == {"color": "red"}


def test_it_tells_which_fields_hold_anything(destination):
    attributes = {"email": "a@example.com", "first_name": "Anna", "title": ""}
    attributes["location"] = {"city": "Riga"}
    attributes["properties"] = {"size": 0, "shoe, size": None}
    id = destination.upsert_one(json.dumps({"type": "profile", "attributes": attributes}))
    fields = ["first_name", "title", "location.city", "location.zip", "properties.size"]
    found = destination.filled(["A@example.com", "nobody@example.com"], fields)
    full = {"first_name", "location.city", "properties.size"}
    assert found == {"a@example.com": Filled(id, frozenset(full))}


def test_a_batch_may_remove_properties_by_name(side, destination):
    attributes = {"email": "a@example.com", "properties": {"size": 7, "color": "red"}}
    profile = {"type": "profile", "attributes": attributes}
    id = destination.upsert_one(json.dumps(profile))
    attributes["properties"] = {"color": "blue"}
    profile["meta"] = {"patch_properties": {"unset": ["size", "unknown"]}}
    receipt = destination.send(side.a_list, [json.dumps(profile)])
    assert destination.check(receipt.job_id).accepted == 1
    assert destination.read_one(id)["properties"] == {"color": "blue"}


def test_a_null_in_a_single_profile_empties_its_field(destination):
    attributes = {"email": "a@example.com", "first_name": "Anna", "title": "Dr"}
    profile = {"type": "profile", "attributes": attributes}
    id = destination.upsert_one(json.dumps(profile))
    attributes["first_name"] = None
    assert destination.upsert_one(json.dumps(profile)) == id
    read = destination.read_one(id)
    assert (read["first_name"], read["title"]) == (None, "Dr")


def test_the_email_is_never_emptied(destination):
    with pytest.raises(Invalid, match="email can't be emptied"):
        destination.clear("01KSANDB0X0000000000000001", ["title", "email"])
    assert destination.requests == 0


def test_ten_thousand_leavers_need_at_most_110_requests_within_the_limits(side, destination, send):
    emails = [f"leaver{n}@example.com" for n in range(10_000)]
    destination.check(send(*emails).receipt.job_id)
    assert side.members() == 10_000
    before, began = destination.requests, side.clock.seconds
    ids = destination.ids_of(emails)
    destination.take_off(side.a_list, list(ids.values()))
    assert side.members() == 0
    assert destination.requests - before <= 110
    assert destination.throttled == 0
    assert side.clock.seconds - began < 5
