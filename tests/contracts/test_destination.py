"""What every destination of the register must keep, against a server of its own over real HTTP."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from core.destinations import Credentials, Ended, dependents
from core.destinations.delivery import deliver
from core.destinations.limits import Limits
from core.destinations.register import KINDS, open_destination
from core.errors import AnswerLost, Forbidden, Invalid, Missing, Rejected, Unavailable
from tests.contracts.klaviyo import klaviyo
from tests.contracts.listmonk import listmonk

PATIENCE = 30.0  # seconds
SIDES = {
    "klaviyo": klaviyo,
    "listmonk": listmonk,
}


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
def with_jobs(destination):
    if destination.jobs is None:
        pytest.skip("it has no jobs: what became of a batch is known at once")


@pytest.fixture
def without_jobs(destination):
    if destination.jobs is not None:
        pytest.skip("it has jobs")


@pytest.fixture
def send(side, destination):
    """Delivers profiles with these emails to the list."""

    def sent(*emails, known=(), **how):
        since = datetime.fromtimestamp(side.clock.seconds, UTC)
        bodies = [side.profile(email) for email in emails]
        return deliver(destination, side.a_list, bodies, since=since, known=known, **how)

    return sent


@pytest.fixture
def outcome(destination):
    """What became of what was sent, from its job or at once."""

    def told(sent):
        return destination.jobs.check(sent.receipt.job_id) if sent.receipt else sent.outcome

    return told


@pytest.fixture
def write(side, destination, outcome):
    """Sends one profile to no list, and gives its id."""

    def written(email, **fields):
        since = datetime.fromtimestamp(side.clock.seconds, UTC)
        bodies = [side.profile(email, **fields)]
        assert outcome(deliver(destination, None, bodies, since=since, known=())).accepted == 1
        return destination.ids_of([email])[email]

    return written


def test_it_declares_what_it_is(side, destination):
    declared = destination.capabilities
    assert declared is KINDS[side.type].capabilities
    assert declared.never_emptied <= declared.layout.fields
    assert declared.title
    assert declared.key.needed <= set(declared.key.scopes)
    assert side.new_consent in declared.consents
    assert side.people_consents <= set(declared.consents)
    assert side.people_suppressions <= set(declared.suppressions)
    assert "email" in declared.layout.fields


def test_a_list_has_a_page_for_people_at_the_real_destination_and_none_in_the_sandbox(
    side, destination
):
    page = destination.capabilities.list_page
    address, shown = side.list_page
    assert page(address, side.a_list) == shown
    assert page("http://127.0.0.1:8765", side.a_list) is None


def test_it_says_whose_account_it_is(destination):
    account = destination.account()
    assert account.id
    assert account.name
    assert account.time_zone != ""
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
        destination.send(side.unknown_list, [side.profile("a@example.com")])


def test_what_is_sent_arrives_on_the_list(side, send, outcome):
    before = side.members()
    found = outcome(send("a@example.com", "b@example.com", "c@example.com"))
    assert (found.status, found.accepted, found.failed_count) == (Ended.complete, 3, 0)
    assert found.refusals == ()
    assert side.members() == before + 3


def test_sending_the_same_twice_changes_nothing(side, send):
    send("a@example.com")
    before = side.members()
    send("a@example.com")
    assert side.members() == before


def test_an_update_joins_no_list(side, write):
    before = side.members()
    write("new@example.com")
    assert side.members() == before


def test_every_way_to_join_is_taken(side, destination, send, outcome):
    for n, joining in enumerate(destination.capabilities.joinings):
        before = side.members()
        assert outcome(send(f"joins{n}@example.com", joining=joining)).accepted == 1
        assert side.members() == before + 1


def test_of_two_with_one_identifier_the_later_takes_the_profile(side, destination, outcome):
    """Klaviyo doesn't document it: whatever it does, who isn't on the list can be told."""
    if side.identifier is None:
        pytest.skip("people are recognised by their email alone")
    emails = ["a@example.com", "b@example.com"]
    bodies = [side.profile(email, **{side.identifier: "7"}) for email in emails]
    since = datetime.fromtimestamp(side.clock.seconds, UTC)
    sent = deliver(destination, side.a_list, bodies, since=since, known=())
    assert outcome(sent).accepted == 2
    assert set(destination.members_among(side.a_list, emails)) == {"b@example.com"}


@pytest.mark.usefixtures("with_jobs")
def test_a_job_under_way_has_no_outcome_yet(side, send, outcome):
    side.delay(30.0)
    sent = send("a@example.com")
    assert outcome(sent) is None
    side.clock.sleep(31)
    end = time.monotonic() + PATIENCE
    while (found := outcome(sent)) is None and time.monotonic() < end:
        time.sleep(0.02)  # the server works it off beside its answers
    assert found.accepted == 1


def test_every_refused_profile_is_told_with_its_reason(side, send, outcome):
    emails = [side.refused(n) for n in range(250)] + ["fine@example.com"]
    found = outcome(send(*emails))
    assert (found.accepted, found.failed_count) == (1, 250)
    assert {refusal.email or emails[refusal.place] for refusal in found.refusals} == set(
        emails[:-1]
    )
    assert all(refusal.detail for refusal in found.refusals)


def test_malformed_profiles_are_taken_out_and_the_others_arrive(side, send, outcome):
    before = side.members()
    emails = ["not an email", "a@example.com", "also not", "b@example.com"]
    sent = send(*emails)
    found = outcome(sent)
    assert found.accepted == 2
    told = {emails[place]: words for place, words in sent.refused.items()}
    told |= {refusal.email or emails[refusal.place]: refusal.detail for refusal in found.refusals}
    assert set(told) == {emails[0], emails[2]}
    assert all(told.values())
    assert side.members() == before + 2


@pytest.mark.usefixtures("with_jobs")
def test_a_cancelled_job_is_no_success(side, send, outcome):
    side.upset("job_cancelled", "job")
    found = outcome(send("a@example.com"))
    assert (found.status, found.accepted) == (Ended.cancelled, 0)


@pytest.mark.parametrize("kind", ["closed_after", "closed_before", "broken_json"])
def test_a_batch_whose_answer_was_lost_arrives_once(side, send, outcome, kind):
    before = side.members()
    side.upset(kind)
    assert outcome(send("a@example.com", "b@example.com")).accepted == 2
    assert side.members() == before + 2


@pytest.mark.usefixtures("with_jobs")
@pytest.mark.parametrize("kind", ["closed_after", "closed_before", "broken_json"])
def test_a_lost_job_is_adopted_and_one_that_never_arrived_is_begun(side, send, kind):
    side.upset(kind)
    assert send("a@example.com", "b@example.com").receipt
    assert side.jobs() == 1


@pytest.mark.usefixtures("with_jobs")
def test_a_known_job_is_never_adopted(side, send):
    first = send("a@example.com").receipt.job_id
    side.upset("closed_before")
    assert send("b@example.com", known={first}).receipt.job_id != first
    assert side.jobs() == 2


@pytest.mark.usefixtures("with_jobs")
def test_a_batch_in_doubt_after_a_crash_is_not_sent_twice(side, send):
    first = send("a@example.com").receipt.job_id
    assert send("a@example.com", in_doubt=True).receipt.job_id == first


@pytest.mark.usefixtures("without_jobs")
def test_a_batch_in_doubt_after_a_crash_is_sent_again_without_harm(side, send, outcome):
    send("a@example.com")
    before = side.members()
    assert outcome(send("a@example.com", in_doubt=True)).accepted == 1
    assert side.members() == before


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
        destination.send(side.a_list, [side.profile(f"a{n}@example.com")])
    assert destination.throttled == 0
    assert side.clock.seconds - began < side.longest_send


def test_it_never_touches_consent(side, destination, send, outcome):
    destination.account()
    list(destination.lists())
    outcome(send("a@example.com", side.refused(1)))
    side.upset("closed_after")
    send("b@example.com")
    assert side.sending in side.asked()
    assert not [word for word in side.forbidden if word in side.asked()]


@pytest.mark.usefixtures("with_jobs")
def test_a_job_is_not_looked_for_before_it_was_sent(side, destination, send):
    send("a@example.com")
    later = datetime.fromtimestamp(side.clock.seconds, UTC) + timedelta(minutes=1)
    assert destination.jobs.find(side.a_list, 1, later, ()) is None


@pytest.fixture
def arrived(destination, send, outcome):
    """The ids of people who are on the list now, by email."""

    def ids(*emails):
        assert outcome(send(*emails)).accepted == len(emails)
        return destination.ids_of(emails)

    return ids


@pytest.mark.parametrize("double", [True, False])
def test_a_list_is_made_and_found_again(destination, double):
    made = destination.create_list(" Līgo “24” ", double_opt_in=double)
    assert made.name == "Līgo “24”"
    assert destination.list_facts(made.id) == made
    assert made in list(destination.lists())
    other = destination.create_list("Another", double_opt_in=not double)
    assert (made.double_opt_in, other.double_opt_in) == (double, not double)


def test_a_list_needs_a_name(destination):
    with pytest.raises(Invalid, match="Give the new list a name"):
        destination.create_list("  ", double_opt_in=True)
    assert destination.requests == 0


def test_a_list_that_may_have_been_made_is_not_made_twice(side, destination):
    before = len(list(destination.lists()))
    side.upset("closed_after", "create_list")
    with pytest.raises(AnswerLost, match="may have created the list “Līgo”"):
        destination.create_list("Līgo", double_opt_in=True)
    assert len(list(destination.lists())) == before + 1


def test_lists_are_made_within_the_limits_until_those_of_the_day_are_used_up(side, destination):
    if side.lists_a_day is None:
        pytest.skip("it lets as many lists be made as anybody wants")
    for n in range(side.lists_a_day):
        destination.create_list(f"List {n}", double_opt_in=True)
    assert destination.throttled == 0
    with pytest.raises(Unavailable, match=f"{side.lists_a_day} new lists a day") as caught:
        destination.create_list("One too many", double_opt_in=True)
    assert caught.value.retry_after > 3_600


def test_what_mails_those_who_join_a_list_is_told_and_what_does_not_is_not(side, destination):
    assert [one.name for one in destination.mailings(side.a_list)] == side.mailings
    assert all(one.id for one in destination.mailings(side.a_list))
    assert destination.mailings(side.quiet_list) == []
    with pytest.raises(Missing, match=side.unknown_list):
        destination.mailings(side.unknown_list)


def test_what_depends_on_a_list_is_told_by_name_and_time(side, destination):
    found = destination.dependents(side.a_list)
    assert {one.name: one.at for one in found.campaigns} == side.campaigns
    assert [one.name for one in found.segments] == list(side.segments)
    assert not found.unseen
    assert dependents.read(json.loads(json.dumps(found.as_data()))) == found
    assert destination.dependents(side.quiet_list).is_empty()
    with pytest.raises(Missing, match=side.unknown_list):
        destination.dependents(side.unknown_list)


def test_what_may_not_be_seen_of_it_is_said_and_never_silently_empty(side, destination):
    side.allow(*side.reads_lists)
    found = destination.dependents(side.a_list)
    assert found.is_empty()
    assert found.unseen["campaigns"]


def test_usage_is_told_where_something_is_billed(destination):
    billing, found = destination.capabilities.billing, destination.usage()
    assert (found is None) == (billing is None)
    if found:
        assert 0 < found.active < found.plan


def test_the_optional_scopes_that_are_missing_are_those_that_it_declares(side, destination):
    assert destination.missing_optional() == ()
    side.allow(*side.reads_lists)
    missing = destination.missing_optional()
    assert set(missing) == set(destination.capabilities.key.optional)


def test_what_the_key_may_not_do_is_told_by_the_scopes_that_are_missing(side, destination):
    side.allow(*side.reads_lists)
    for ask, missing in side.lacking(destination):
        with pytest.raises(Forbidden) as caught:
            ask()
        assert caught.value.scopes == missing


def test_people_are_asked_about_within_the_limits_so_that_nothing_is_throttled(side, destination):
    emails = [f"p{n}@example.com" for n in range(16_000)]
    began = side.clock.seconds
    destination.known(emails, side.a_list)
    destination.members_among(side.a_list, emails)
    assert destination.requests == side.questions
    assert destination.throttled == 0
    assert side.clock.seconds - began < 10


def test_ids_are_found_by_email_in_any_case(destination, arrived):
    emails = ["a@example.com", "o'neil+x@example.com", "x&y=z@example.com"]
    ids = arrived(*emails)
    assert set(ids) == set(emails)
    assert len(set(ids.values())) == 3
    assert destination.ids_of(["A@Example.com", "nobody@example.com", ""]) == {
        "a@example.com": ids["a@example.com"]
    }
    assert destination.ids_of([]) == {}


@pytest.mark.parametrize("email", ['"quoted"@example.com', "back\\slash@example.com", "a,]b'\"@x"])
def test_odd_emails_stay_within_the_question(side, destination, email):
    assert destination.ids_of([email]) == {}
    assert destination.known([email], side.a_list) == {}


def test_it_knows_who_can_receive_email_and_why_others_can_not(side, destination, arrived):
    arrived("new@example.com")
    known = destination.known(["new@example.com", "nobody@example.com"], side.a_list)
    assert set(known) == {"new@example.com"}
    new = known["new@example.com"]
    assert (new.consent, new.suppressions, new.can_receive) == (side.new_consent, (), True)
    assert new.id == destination.ids_of(["new@example.com"])["new@example.com"]
    people = destination.known(side.people, side.peoples_list)
    assert set(people) == set(side.people)
    assert {person.consent for person in people.values()} == side.people_consents
    reasons = {reason for person in people.values() for reason in person.suppressions}
    assert side.people_suppressions <= reasons
    assert all(p.can_receive != bool(p.suppressions) for p in people.values())


def test_members_are_told_from_others(side, destination, arrived, write):
    arrived("a@example.com", "b@example.com")
    write("c@example.com")
    asked = ["A@example.com", "b@example.com", "c@example.com", "d@example.com"]
    assert destination.members_among(side.a_list, asked) == {"a@example.com", "b@example.com"}
    with pytest.raises(Missing, match=side.unknown_list):
        destination.members_among(side.unknown_list, asked)


def test_who_is_taken_off_a_list_stays_a_profile_with_the_same_consent(side, destination):
    before = destination.known(side.people)
    on_list = sorted(destination.members_among(side.peoples_list, side.people))
    gone = [before[email].id for email in on_list[:10]]
    for _twice in range(2):
        destination.take_off(side.peoples_list, gone)
    assert destination.members_among(side.peoples_list, side.people) == set(on_list[10:])
    assert destination.known(side.people) == before
    with pytest.raises(Missing, match=side.unknown_list):
        destination.take_off(side.unknown_list, gone)


def test_taking_nobody_off_asks_nothing(side, destination):
    destination.take_off(side.a_list, [])
    assert destination.requests == 0


def test_a_profile_is_written_and_read_back(side, destination, write):
    before = side.members()
    id = write("a@example.com", first_name="Anna", size=7)
    assert write("a@example.com", first_name="Anna", size=7) == id
    read = side.read(destination, "a@example.com")
    assert (read["email"], read["first_name"], read["size"]) == ("a@example.com", "Anna", 7)
    assert side.members() == before


def test_a_profile_that_is_gone_is_told(side, destination):
    for ask in (destination.read_one, lambda id: destination.clear(id, ["properties.size"])):
        with pytest.raises(Missing, match=f"no profile “{side.unknown_person}”"):
            ask(side.unknown_person)


def test_only_the_named_fields_are_emptied(side, destination, write):
    own = {"size": 7, "shoe, size": 41, "color": "red"}
    id = write("a@example.com", first_name="Anna", **own)
    for _twice in range(2):
        destination.clear(id, ["properties.size", "properties.shoe, size"])
    read = side.read(destination, "a@example.com")
    assert read == {"email": "a@example.com", "first_name": "Anna", "color": "red"}


def test_it_tells_which_fields_hold_anything(destination, write):
    id = write("a@example.com", **{"size": 0, "shoe, size": None, "color": "red"})
    fields = [f"properties.{name}" for name in ("size", "shoe, size", "color", "unknown")]
    found = destination.filled(["A@example.com", "nobody@example.com"], fields)
    assert set(found) == {"a@example.com"}
    assert found["a@example.com"].id == id
    assert found["a@example.com"].fields == {"properties.size", "properties.color"}


def test_the_email_is_never_emptied(side, destination):
    with pytest.raises(Invalid, match="email can't be cleared"):
        destination.clear(side.unknown_person, ["properties.size", "email"])
    assert destination.requests == 0


def test_ten_thousand_leavers_need_at_most_110_requests_within_the_limits(
    side, destination, arrived
):
    before = side.members()
    leavers = [f"leaver{n}@example.com" for n in range(10_000)]
    side.bring(leavers, arrived)
    assert side.members() == before + 10_000
    requests, began = destination.requests, side.clock.seconds
    ids = destination.ids_of(leavers)
    destination.take_off(side.a_list, list(ids.values()))
    assert side.members() == before
    assert destination.requests - requests <= 110
    assert destination.throttled == 0
    assert side.clock.seconds - began < 5


def test_an_address_alone_puts_somebody_back_and_leaves_the_rest_of_their_profile(
    side, destination, send, outcome, write
):
    id = write("back@example.com", first_name="Back")
    send("back@example.com", "other@example.com")
    before = destination.read_one(id)
    destination.take_off(side.a_list, [id])
    assert destination.members_among(side.a_list, ["back@example.com"]) == set()
    layout = destination.capabilities.layout
    bare = f'{layout.start}"email":"back@example.com"{layout.end}'
    since = datetime.fromtimestamp(side.clock.seconds, UTC)
    sent = deliver(destination, side.a_list, [bare], since=since, known=())
    assert outcome(sent).accepted == 1
    assert destination.members_among(side.a_list, ["back@example.com"]) == {"back@example.com"}
    after = destination.read_one(id)
    ignored = {"updated", "lists"}
    assert {k: v for k, v in after.items() if k not in ignored} == {
        k: v for k, v in before.items() if k not in ignored
    }
