import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from core.destinations import Ended, Outcome, Receipt, Refusal
from core.destinations.klaviyo.importing import envelope
from core.errors import Invalid, Rejected

BODY = '{"type":"profile","attributes":{"email":"a@example.com","properties":{"code":"01234"}}}'
ROW = "/data/attributes/profiles/data/{}/attributes/email"


def job(
    id="J1", status="complete", total=2, failed=0, created="2026-11-24T08:00:00+00:00", lists=None
):
    about = {"status": status, "created_at": created, "total_count": total, "failed_count": failed}
    found = {"id": id, "type": "profile-bulk-import-job", "attributes": about}
    if lists is not None:
        found["relationships"] = {"lists": {"data": [{"type": "list", "id": i} for i in lists]}}
    return found


def complaint(detail, pointer="/data", payload=None, id="e"):
    about = {"code": "invalid", "title": "Invalid", "detail": detail}
    return {
        "id": id,
        "attributes": about | {"source": {"pointer": pointer}, "original_payload": payload},
    }


def test_the_bodies_are_joined_as_they_are():
    content = envelope("Y6nRLr", [BODY, BODY.replace(":", " : ", 1)])
    assert BODY.encode() in content
    assert b'{"type" : "profile"' in content
    data = json.loads(content)["data"]
    assert data == {
        "type": "profile-bulk-import-job",
        "attributes": {"profiles": {"data": [json.loads(BODY)] * 2}},
        "relationships": {"lists": {"data": [{"type": "list", "id": "Y6nRLr"}]}},
    }


def test_an_update_names_no_list():
    assert "relationships" not in json.loads(envelope(None, [BODY]))["data"]


def test_a_list_id_can_not_break_out_of_the_envelope():
    data = json.loads(envelope('x"}]', [BODY]))["data"]
    assert data["relationships"]["lists"]["data"][0]["id"] == 'x"}]'


@pytest.mark.parametrize(("list_id", "bodies"), [("L", []), ("", [BODY]), (" ", [BODY])])
def test_an_empty_import_or_a_blank_list_is_never_sent(klaviyo, script, list_id, bodies):
    with pytest.raises(Invalid, match="at least one profile"):
        klaviyo.send(list_id, bodies)
    assert script.asked == []


def test_an_accepted_import_gives_its_receipt(klaviyo, script):
    script.says(202, {"data": {"id": "J1", "attributes": {"status": "queued"}}})
    assert klaviyo.send("Y6nRLr", [BODY]) == Receipt("J1", "queued")
    asked = script.asked[0]
    assert (asked.method, asked.path) == ("POST", "/api/profile-bulk-import-jobs")
    assert asked.body == envelope("Y6nRLr", [BODY])


@pytest.mark.parametrize("status", ["queued", "processing"])
def test_a_job_under_way_has_no_outcome(klaviyo, script, status):
    script.says(200, {"data": job(status=status)})
    assert klaviyo.jobs.check("J1") is None
    assert klaviyo.requests == 1


def test_every_page_of_import_errors_is_read(klaviyo, script, address):
    following = address + "/api/profile-bulk-import-jobs/J1/import-errors?page%5Bcursor%5D="
    script.says(200, {"data": job(total=500, failed=250)})
    for page, size in enumerate((100, 100, 50)):
        errors = [complaint("Bad", ROW.format(page * 100 + n)) for n in range(size)]
        links = {"next": f"{following}{page}&page%5Bsize%5D=100"} if page < 2 else {}
        script.says(200, {"data": errors, "links": links})
    outcome = klaviyo.jobs.check("J1")
    assert outcome.accepted == 250
    assert [refusal.place for refusal in outcome.refusals] == list(range(250))
    assert {asked.query["page[size]"] for asked in script.asked[1:]} == {"100"}


@pytest.mark.parametrize("failed", [0, None])
def test_the_errors_are_read_even_where_the_job_counts_none(klaviyo, script, failed):
    script.says(200, {"data": job(failed=failed)})
    script.says(200, {"data": [complaint("Bad", ROW.format(1))]})
    assert klaviyo.jobs.check("J1") == Outcome(Ended.complete, 1, (Refusal(None, 1, "Bad"),), 1)


def test_failures_without_a_reason_are_counted_all_the_same(klaviyo, script):
    script.says(200, {"data": job(total=10, failed=3)}).says(200, {"data": []})
    assert klaviyo.jobs.check("J1") == Outcome(Ended.complete, 7, (), 3)


@pytest.mark.parametrize(("completed", "accepted"), [(6, 6), (7, 7), (10, 7), (None, 7)])
def test_a_complete_job_accepts_no_more_than_it_counts(klaviyo, script, completed, accepted):
    about = job(total=10, failed=3)
    about["attributes"]["completed_count"] = completed
    script.says(200, {"data": about}).says(200, {"data": []})
    assert klaviyo.jobs.check("J1").accepted == accepted


def test_a_cancelled_job_accepts_nothing(klaviyo, script):
    script.says(200, {"data": job(status="cancelled", total=10)}).says(200, {"data": []})
    assert klaviyo.jobs.check("J1") == Outcome(Ended.cancelled, 0, (), 0)


@pytest.mark.parametrize(
    ("payload", "email"),
    [
        ({"email": "a@example.com"}, "a@example.com"),
        ({"type": "profile", "attributes": {"email": "a@example.com"}}, "a@example.com"),
        ({"data": {"attributes": {"email": "a@example.com"}}}, "a@example.com"),
        ({"attributes": {"email": None}}, None),
        ({"data": [1]}, None),
        (None, None),
        ([], None),
    ],
)
def test_a_refusal_names_the_email_wherever_the_payload_holds_it(klaviyo, script, payload, email):
    script.says(200, {"data": job(failed=1)}).says(
        200, {"data": [complaint("Bad", payload=payload)]}
    )
    assert klaviyo.jobs.check("J1").refusals == (Refusal(email, None, "Bad"),)


def test_several_errors_of_one_profile_are_one_refusal(klaviyo, script):
    errors = [
        complaint("Bad phone", ROW.format(3)),
        complaint("Bad email", ROW.format(3)),
        complaint("Bad phone", ROW.format(3)),
        complaint("Nameless"),
        complaint("Nameless"),
    ]
    script.says(200, {"data": job(total=9, failed=3)}).says(200, {"data": errors})
    outcome = klaviyo.jobs.check("J1")
    assert outcome.refusals == (
        Refusal(None, 3, "Bad phone Bad email"),
        Refusal(None, None, "Nameless"),
        Refusal(None, None, "Nameless"),
    )
    assert (outcome.accepted, outcome.failed_count) == (6, 3)


@pytest.fixture
def found(klaviyo, script, clock):
    """Looks for a lost job of two profiles for list L among these jobs, newest first."""

    def look(*jobs, lists=("L",), known=(), list_id="L", date=None):
        headers = {"date": format_datetime(date, usegmt=True)} if date else {}
        script.says(200, {"data": list(jobs), "links": {}}, **headers)
        for _ in range(2):
            script.says(200, {"data": job(lists=lists)})
        return klaviyo.jobs.find(list_id, 2, clock.now(), known)

    return look


def test_the_lost_job_is_found_and_its_list_verified(found, script):
    assert found(job("J1", "queued")) == Receipt("J1", "queued")
    assert script.asked[0].query == {"sort": "-created_at", "page[size]": "100"}
    assert script.asked[1].path.endswith("/J1")
    assert script.asked[1].query == {"include": "lists"}


@pytest.mark.parametrize(
    "other",
    [
        {"total": 3},
        {"status": "cancelled"},
        {"created": "2026-11-24T07:59:57+00:00"},
    ],
)
def test_a_job_of_another_size_time_or_fate_is_not_adopted(found, other):
    assert found(job(**other)) is None


def test_a_known_job_is_not_adopted(found):
    assert found(job("J1"), known={"J1"}) is None


@pytest.mark.parametrize(
    ("list_id", "lists", "adopted"),
    [
        ("L", ["L"], True),
        ("L", ["M"], False),
        ("L", ["L", "M"], False),
        ("L", [], False),
        ("L", None, False),
        (None, [], True),
        (None, ["L"], False),
        (None, None, False),
    ],
)
def test_only_a_job_that_surely_has_the_list_is_adopted(found, list_id, lists, adopted):
    assert bool(found(job(), lists=lists, list_id=list_id)) is adopted


def test_of_two_that_fit_none_is_adopted(found):
    assert found(job("J1"), job("J2")) is None


def test_a_clock_that_is_wrong_by_minutes_makes_no_difference(found, clock):
    ahead = clock.now() + timedelta(minutes=5)
    assert found(job(created=ahead.isoformat()), date=ahead)


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_an_odd_date_of_an_answer_means_that_the_clocks_agree(klaviyo, script, clock, date):
    script.says(200, {"data": [job()]}, date=date).says(200, {"data": job(lists=["L"])})
    assert klaviyo.jobs.find("L", 2, clock.now(), ())


def test_a_job_that_is_old_by_klaviyos_clock_is_not_adopted(found, clock):
    ahead = clock.now() + timedelta(minutes=5)
    assert not found(job(created=clock.now().isoformat()), date=ahead)


def test_a_time_without_a_zone_is_utc_and_small_differences_are_allowed(found):
    assert found(job(created="2026-11-24T07:59:58.500000"))


def test_older_pages_are_not_read(found, klaviyo, script, address):
    found(job("J0", created="2026-11-20T00:00:00Z"))
    assert klaviyo.requests == 1


def test_the_search_waits_a_moment_after_a_loss(klaviyo, script, clock):
    script.says(503).says(200, {"data": []})
    with pytest.raises(Exception, match="503"):
        klaviyo.send("L", [BODY])
    began = clock.seconds
    assert klaviyo.jobs.find("L", 1, clock.now(), ()) is None
    assert clock.seconds == pytest.approx(began + 1)


def test_an_unreadable_list_of_jobs_is_told(klaviyo, script, clock):
    script.says(200, {"data": [{"id": "J1"}]})
    with pytest.raises(Rejected, match=r"data\.0\.attributes"):
        klaviyo.jobs.find("L", 1, clock.now(), ())


FIELD = "/data/attributes/profiles/data/{}/attributes/{}"


@pytest.mark.parametrize(
    ("pointers", "without"),
    [
        ([FIELD.format(1, "location/latitude")], ["location/latitude"]),
        (["/data/attributes/image"], ["image"]),  # of the payload that is given back
        ([FIELD.format(1, "image"), "/data/attributes/locale"], ["image", "locale"]),
        ([FIELD.format(1, "image"), FIELD.format(1, "email")], []),
        ([FIELD.format(1, "image"), "/data/attributes/profiles/data/1"], []),
        (["/data"], []),
    ],
)
def test_who_is_refused_for_optional_fields_alone_is_told_with_their_paths(
    klaviyo, script, pointers, without
):
    payload = {"email": "b@example.com"}
    script.says(200, {"data": job(failed=1)})
    script.says(200, {"data": [complaint("No.", pointer, payload) for pointer in pointers]})
    (refusal,) = klaviyo.jobs.check("J1").refusals
    expected = tuple(("attributes", *path.split("/")) for path in without)
    assert (refusal.email, refusal.without) == ("b@example.com", expected)
