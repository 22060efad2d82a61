"""What every destination of the register must keep, against a server of its own over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core import sandbox
from core.destinations import Credentials, Ended
from core.destinations.limits import Limits
from core.destinations.register import KINDS, open_destination
from core.destinations.sending import deliver
from core.errors import AnswerLost, Rejected, Unavailable

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
    a_list, unknown_list = "Y6nRLr", "N0pe00"

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
