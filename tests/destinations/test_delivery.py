import json
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.destinations import Receipt
from core.destinations.delivery import LOSSES, ROUNDS, Sent, deliver
from core.errors import AnswerLost, Rejected, RowsRejected, Stopped, Unavailable

ROW = "/data/attributes/profiles/data/{}/attributes/email"
ACCEPTED = {"data": {"id": "J1", "attributes": {"status": "queued"}}}
NO_JOBS = {"data": []}


def bodies(count):
    return [f'{{"type":"profile","attributes":{{"external_id":"{n}"}}}}' for n in range(count)]


def refusal(*rows):
    return {"errors": [{"detail": f"Bad {n}", "source": {"pointer": ROW.format(n)}} for n in rows]}


def job(total):
    about = {"status": "queued", "created_at": "2026-11-24T08:00:00Z", "total_count": total}
    lists = {"lists": {"data": [{"type": "list", "id": "L"}]}}
    return {"id": "J9", "attributes": about, "relationships": lists}


@pytest.fixture
def send(klaviyo, clock):
    """Delivers a batch to list L."""
    return partial(deliver, klaviyo, "L", since=clock.now(), known=())


def posted(script):
    """The external ids in each import request."""
    return [
        [int(part.split('"')[0]) for part in asked.body.decode().split('"external_id":"')[1:]]
        for asked in script.asked
        if asked.method == "POST"
    ]


def test_a_good_batch_is_one_request(send, script):
    script.says(202, ACCEPTED)
    sent = send(bodies(3))
    assert sent == Sent(Receipt("J1", "queued"))
    assert len(script.asked) == 1


def test_bad_rows_are_taken_out_and_the_rest_is_sent(send, script):
    script.says(400, refusal(1, 3)).says(400, refusal(0)).says(202, ACCEPTED)
    sent = send(bodies(5))
    assert sent.refused == {0: "Bad 0", 1: "Bad 1", 3: "Bad 3"}
    assert sent.receipt == Receipt("J1", "queued")
    assert posted(script) == [[0, 1, 2, 3, 4], [0, 2, 4], [2, 4]]


FIELD = "/data/attributes/profiles/data/{}/attributes/{}"


def complaint(row, *fields):
    found = [{"detail": f, "source": {"pointer": FIELD.format(row, f)}} for f in fields]
    return {"errors": found}


def profile(**attributes):
    return json.dumps({"type": "profile", "attributes": attributes}, ensure_ascii=False)


def test_a_profile_is_sent_once_more_without_an_optional_field_that_is_refused(send, script):
    script.says(400, complaint(1, "location/latitude", "properties/a~1b", "image"))
    script.says(202, ACCEPTED)
    place, more = {"city": "Rīga", "latitude": 956}, {"a/b": 1, "c": 2**60}
    sent = send([profile(email="a@b.lv"), profile(image="?", location=place, properties=more)])
    assert (sent.refused, sent.trimmed) == ({}, frozenset({1}))
    posted_rows = json.loads(script.asked[-1].body)["data"]["attributes"]["profiles"]["data"]
    assert posted_rows[1]["attributes"] == {
        "location": {"city": "Rīga"},
        "properties": {"c": 2**60},
    }


@pytest.mark.parametrize("fields", [["email"], ["external_id"], ["image", "email"], ["", "image"]])
def test_a_profile_that_is_refused_for_more_than_optional_fields_is_taken_out(send, script, fields):
    script.says(400, complaint(0, *fields)).says(202, ACCEPTED)
    sent = send([profile(email="a@b.lv", image="?"), profile(email="b@b.lv")])
    assert (set(sent.refused), sent.trimmed) == ({0}, frozenset())


def test_what_is_refused_again_without_its_field_is_taken_out(send, script):
    script.says(400, complaint(0, "image")).says(400, complaint(0, "title")).says(202, ACCEPTED)
    sent = send([profile(email="a@b.lv", image="?", title="?"), profile(email="b@b.lv")])
    assert (sent.refused, sent.trimmed) == ({0: "title"}, frozenset())
    assert len(script.asked) == 3


def test_places_are_those_of_the_batch_and_not_of_the_last_request(send, script):
    script.says(400, refusal(0)).says(400, refusal(0)).says(202, ACCEPTED)
    sent = send(bodies(3))
    assert set(sent.refused) == {0, 1}
    assert posted(script)[-1] == [2]


def test_a_batch_of_bad_rows_only_sends_no_empty_import(send, script):
    script.says(400, refusal(0, 1))
    sent = send(bodies(2))
    assert sent == Sent(None, {0: "Bad 0", 1: "Bad 1"})
    assert len(script.asked) == 1


def test_an_empty_batch_sends_nothing(send, script):
    assert send([]) == Sent(None)
    assert script.asked == []


def test_taking_out_is_bounded_and_the_rest_stays_undelivered(send, script):
    for _ in range(ROUNDS):
        script.says(400, refusal(0))
    sent = send(bodies(ROUNDS + 2))
    assert sent.receipt is None
    assert sorted(sent.refused) == list(range(ROUNDS))
    assert sent.undelivered == (ROUNDS, ROUNDS + 1)


def test_a_last_round_that_leaves_nothing_leaves_nothing_undelivered(send, script):
    script.says(400, refusal(0)).says(400, refusal(0))
    assert send(bodies(2), rounds=2) == Sent(None, {0: "Bad 0", 1: "Bad 0"})


def test_rows_that_were_never_sent_are_no_reason_to_go_on(send, script):
    script.says(400, refusal(7))
    with pytest.raises(Rejected, match="Klaviyo says: “Bad 7”"):
        send(bodies(2))
    assert len(script.asked) == 1


def test_a_refusal_of_the_whole_stops_with_klaviyos_words(send, script):
    script.says(400, refusal(0)).refuses(400, "The list does not exist.")
    with pytest.raises(Rejected, match=r"“L”.*Klaviyo says: “The list does not exist.”"):
        send(bodies(2))


def test_a_lost_answer_is_looked_for_and_its_job_adopted(send, script):
    script.says(-1).says(200, {"data": [job(2)]}).says(200, {"data": job(2)})
    assert send(bodies(2)) == Sent(Receipt("J9", "queued"))
    assert posted(script) == [[0, 1]]


def test_a_batch_that_did_not_arrive_is_sent_again(send, script):
    script.says(-1).says(200, NO_JOBS).says(202, ACCEPTED)
    assert send(bodies(2)).receipt == Receipt("J1", "queued")
    assert posted(script) == [[0, 1], [0, 1]]


def test_the_search_counts_only_the_rows_that_were_left(send, script):
    script.says(400, refusal(0)).says(502)
    script.says(200, {"data": [job(1)]}).says(200, {"data": job(1)})
    sent = send(bodies(2))
    assert (sent.receipt.job_id, sent.refused) == ("J9", {0: "Bad 0"})


def test_losing_answers_is_bounded_and_the_last_one_is_looked_for_too(send, script):
    for _ in range(LOSSES):
        script.says(503).says(200, NO_JOBS)
    with pytest.raises(AnswerLost, match="status 503"):
        send(bodies(2))
    assert len(posted(script)) == LOSSES
    assert script.left == 0


def test_the_job_of_the_last_try_is_adopted(send, script):
    for _ in range(LOSSES - 1):
        script.says(503).says(200, NO_JOBS)
    script.says(503).says(200, {"data": [job(2)]}).says(200, {"data": job(2)})
    assert send(bodies(2)).receipt.job_id == "J9"


def test_a_batch_in_doubt_is_looked_for_before_it_is_sent(send, script):
    script.says(200, {"data": [job(2)]}).says(200, {"data": job(2)})
    assert send(bodies(2), in_doubt=True).receipt.job_id == "J9"
    script.says(200, NO_JOBS).says(202, ACCEPTED)
    assert send(bodies(2), in_doubt=True).receipt.job_id == "J1"
    assert len(posted(script)) == 1


def test_whoever_may_not_look_sends_again(send, script):
    script.says(-1).refuses(403).says(202, ACCEPTED)
    assert send(bodies(1)).receipt.job_id == "J1"


def test_a_search_that_fails_leaves_the_batch_in_doubt(send, script):
    script.says(-1).refuses(429, retry_after="3600")
    with pytest.raises(AnswerLost) as caught:
        send(bodies(1))
    assert caught.value.retry_after == 3_600
    assert len(posted(script)) == 1


def test_being_unavailable_after_a_loss_leaves_the_batch_in_doubt(send, script):
    script.says(-1).says(200, NO_JOBS).refuses(429, retry_after="3600")
    with pytest.raises(AnswerLost):
        send(bodies(1))


def test_being_unavailable_without_a_loss_leaves_no_doubt(send, script):
    script.refuses(429, retry_after="3600")
    with pytest.raises(Unavailable) as caught:
        send(bodies(1))
    assert type(caught.value) is Unavailable


def test_a_stop_before_anything_was_sent_leaves_no_doubt(open_at, address, script, clock):
    klaviyo = open_at(address, stopped=lambda: True)
    script.refuses(429, retry_after="60")
    with pytest.raises(Stopped):
        deliver(klaviyo, "L", bodies(1), since=clock.now(), known=())


def test_a_stop_after_a_loss_leaves_the_batch_in_doubt(open_at, address, script, clock):
    klaviyo = open_at(address, stopped=lambda: True)
    script.says(503)
    with pytest.raises(AnswerLost):
        deliver(klaviyo, "L", bodies(1), since=clock.now(), known=())


class Forgetful:
    """A destination that refuses some profiles, names so many at once, and loses answers."""

    def __init__(self, bad, at_once, losses):
        self.bad, self.at_once, self.losses = bad, at_once, losses
        self.started = {}

    @property
    def jobs(self):
        return self

    def send(self, _list_id, bodies, _joining):
        loss = self.losses.pop() if self.losses else None
        if loss == "before":
            raise AnswerLost("Lost before it arrived.")
        rows = [place for place, body in enumerate(bodies) if body in self.bad]
        if rows:
            raise RowsRejected("Bad rows.", dict.fromkeys(rows[: self.at_once], "Bad"))
        self.started[f"J{len(self.started)}"] = list(bodies)
        if loss == "after":
            raise AnswerLost("Lost after it arrived.")
        return Receipt(f"J{len(self.started) - 1}", "queued")

    def find(self, _list_id, profiles, _since, _known):
        fitting = [id for id, sent in self.started.items() if len(sent) == profiles]
        return Receipt(fitting[0], "queued") if len(fitting) == 1 else None


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(0, 12),
    bad=st.sets(st.integers(0, 11)),
    at_once=st.integers(1, 3),
    losses=st.lists(st.sampled_from(["before", "after", None]), max_size=6),
    rounds=st.integers(1, 6),
)
def test_every_profile_ends_in_exactly_one_place(clock, count, bad, at_once, losses, rounds):
    batch = bodies(count)
    destination = Forgetful({batch[n] for n in bad if n < count}, at_once, list(losses))
    try:
        sent = deliver(destination, "L", batch, since=clock.now(), known=(), rounds=rounds)
    except AnswerLost:
        assert len([loss for loss in losses if loss]) >= LOSSES
        return
    taken = {*sent.refused, *sent.undelivered}
    places = [place for place in range(count) if place not in taken] if sent.receipt else []
    assert sorted([*places, *sent.refused, *sent.undelivered]) == list(range(count))
    assert set(sent.refused) <= bad
    if sent.receipt:
        assert destination.started[sent.receipt.job_id] == [batch[place] for place in places]
