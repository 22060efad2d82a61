"""Every fault that can be switched on, met over real HTTP."""

from typing import Any

import httpx
import pytest

from tests.sandbox.local import JOBS, Local, import_of

CUT = (httpx.NetworkError, httpx.RemoteProtocolError)
ONE = {"email": "one@example.com"}
POST_JOB = "POST /api/profile-bulk-import-jobs"


def post(local: Local) -> httpx.Response:
    return local.post(JOBS, json=import_of(ONE))


def jobs(local: Local) -> list[dict[str, Any]]:
    return local.get(JOBS).json()["data"]


@pytest.mark.parametrize("status", [400, 401, 404, 409, 410, 413, 500, 502, 503, 504])
def test_an_error_status_comes_as_often_as_asked(local: Local, status: int):
    local.switch("faults", kind="status", status=status, endpoint=POST_JOB, times=2)
    answers = [post(local).status_code for _ in range(3)]
    assert answers == [status, status, 202]
    assert len(jobs(local)) == 1


def test_a_403_names_the_scopes_of_the_endpoint(local: Local):
    local.switch("faults", kind="status", status=403, endpoint=POST_JOB)
    (error,) = post(local).json()["errors"]
    assert error["detail"].endswith("lists:write, profiles:write")


def test_a_429_asks_to_wait_and_a_503_can(local: Local):
    local.switch("faults", kind="status", status=429, retry_after=7)
    answer = local.get("/api/lists")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    local.switch("faults", kind="status", status=503, retry_after=3)
    assert local.get("/api/lists").headers["retry-after"] == "3"
    local.switch("faults", kind="status", status=503)
    assert "retry-after" not in local.get("/api/lists").headers


def test_the_words_of_an_error_can_be_given(local: Local):
    local.switch("faults", kind="status", status=400, detail="Something is odd.")
    (error,) = local.get("/api/lists").json()["errors"]
    assert (error["detail"], error["source"]) == ("Something is odd.", {"pointer": "/data"})


def test_a_fault_meets_its_endpoint_only(local: Local):
    local.switch("faults", kind="status", endpoint=POST_JOB, times=None)
    assert local.get("/api/lists").status_code == 200
    assert post(local).status_code == 500
    local.delete("/sandbox/faults")
    assert post(local).status_code == 202


def test_broken_json_breaks_the_answer_and_not_the_deed(local: Local):
    local.switch("faults", kind="broken_json", endpoint=POST_JOB)
    answer = post(local)
    assert answer.status_code == 202
    with pytest.raises(ValueError, match="Unterminated"):
        answer.json()
    assert len(jobs(local)) == 1


@pytest.mark.parametrize(("kind", "made"), [("closed_before", 0), ("closed_after", 1)])
def test_a_closed_connection_gives_no_answer(local: Local, kind: str, made: int):
    local.switch("faults", kind=kind, endpoint=POST_JOB)
    with pytest.raises(CUT):
        post(local)
    assert len(jobs(local)) == made
    assert ("POST", JOBS, 0) in local.calls()


def test_a_hanging_request_runs_into_the_time_out_and_does_nothing(local: Local):
    local.switch("faults", kind="hang", endpoint=POST_JOB)
    with pytest.raises(httpx.ReadTimeout):
        local.post(JOBS, json=import_of(ONE), timeout=0.1)
    assert jobs(local) == []


def test_a_hanging_request_is_cut_in_the_end(local: Local):
    local.switch("faults", kind="hang", seconds=0.01)
    with pytest.raises(CUT):
        local.get("/api/lists")


def test_a_slow_answer_is_a_good_one(local: Local):
    local.switch("faults", kind="slow", seconds=0.05)
    answer = local.get("/api/lists")
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.05


def test_a_stuck_job_stays_in_processing(local: Local):
    local.switch("faults", kind="job_stuck")
    stuck, next_one = local.make_job(ONE), local.make_job(ONE)
    local.clock.now += 86_400
    assert local.job(stuck)["status"] == "processing"
    assert local.job(next_one)["status"] == "complete"


def test_a_cancelled_job_imports_nothing(local: Local):
    local.switch("faults", kind="job_cancelled")
    id = local.make_job(ONE)
    local.clock.now += 2
    job = local.job(id)
    assert (job["status"], job["completed_count"], job["failed_count"]) == ("cancelled", 0, 0)
    assert local.members() == []


def test_a_refused_import_does_not_use_up_the_fault_of_a_job(local: Local):
    local.switch("faults", kind="job_stuck")
    assert local.post(JOBS, json=import_of(ONE, list_id="nobody")).status_code == 400
    assert [fault["kind"] for fault in local.get("/sandbox/faults").json()["faults"]] == [
        "job_stuck"
    ]


@pytest.mark.parametrize(
    ("what", "order", "word"),
    [
        ("faults", {}, "kind"),
        ("faults", {"kind": "fire"}, "fire"),
        ("faults", {"kind": "slow", "endpoint": "GET /api/nothing"}, "GET /api/nothing"),
        ("faults", {"kind": "slow", "times": 0}, "times"),
        ("settings", {"speed": 1}, "speed"),
        ("settings", {"delay": -1}, "delay"),
        ("lists", {"name": ""}, "name"),
        ("lists", {"name": "Again", "id": "Y6nRLr"}, "Y6nRLr"),
        ("lists", {"name": "a", "account": "nobody"}, "nobody"),
        ("reset", {"all": True}, "all"),
    ],
)
def test_a_wrong_order_is_refused_with_the_reason(
    local: Local, what: str, order: dict[str, Any], word: str
):
    answer = local.post(f"/sandbox/{what}", json=order)
    assert answer.status_code == 400
    assert word in answer.json()["error"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_an_order_is_a_json_object(local: Local, body: bytes):
    assert local.post("/sandbox/faults", content=body).status_code == 400


def test_a_list_with_a_flow_can_be_added(local: Local):
    local.switch("lists", name="Fresh", id="Fresh1", flow="Hello")
    (flow,) = local.get("/api/lists/Fresh1/flow-triggers").json()["data"]
    assert (flow["attributes"]["name"], flow["attributes"]["status"]) == ("Hello", "live")


def test_reset_puts_everything_back(local: Local):
    before = local.get("/sandbox/state").json()
    local.switch("lists", name="Fresh")
    local.switch("settings", delay=9)
    local.switch("faults", kind="slow", times=None, seconds=0)
    local.switch("keys", keys={"pk_demo": None})
    local.make_job(ONE)
    after = local.switch("reset")
    assert after == before
    assert after["jobs"] == dict.fromkeys(("cancelled", "complete", "processing", "queued"), 0)


@pytest.mark.parametrize("host", ["sandbox.example", "192.0.2.1"])
def test_the_controls_answer_to_this_machine_only(local: Local, host: str):
    assert local.get("/sandbox/state", headers={"host": host}).status_code == 403


def test_a_job_may_complete_with_counts_that_are_short(local: Local):
    local.switch("faults", kind="short_counts", profiles=2)
    id = local.make_job(*({"email": f"p{n}@example.com"} for n in range(5)))
    local.clock.now += 2
    job = local.job(id)
    assert (job["status"], job["total_count"]) == ("complete", 5)
    assert (job["completed_count"], job["failed_count"]) == (3, 0)
    assert len(local.members()) == 3


BAD_PLACE = {"latitude": 956, "longitude": -24.1, "ip": "unknown", "timezone": "Riga"}
BAD = {"email": "a@example.com", "image": "a.png", "locale": "en_US", "location": BAD_PLACE}
BAD_FIELDS = {"image", "locale", "location/latitude", "location/ip", "location/timezone"}
WHERE = "/data/attributes/profiles/data/1/attributes/"


def test_strict_fields_refuse_what_has_not_its_form_and_name_it(local: Local):
    local.switch("faults", kind="strict_fields", endpoint=POST_JOB, times=None)
    answer = local.post(JOBS, json=import_of({"email": "b@example.com"}, BAD))
    pointers = {error["source"]["pointer"] for error in answer.json()["errors"]}
    assert (answer.status_code, pointers) == (400, {WHERE + name for name in BAD_FIELDS})


@pytest.mark.parametrize("kind", ["strict_fields", "too_many_rows"])
def test_faults_of_imports_leave_other_requests_alone(local: Local, kind: str):
    local.switch("faults", kind=kind)
    assert local.get("/api/accounts").status_code == 200
    assert local.post(JOBS, json=import_of({"email": "b@example.com"}, BAD)).status_code == 400


def test_a_job_may_refuse_what_has_not_its_form_and_name_it(local: Local):
    local.switch("faults", kind="job_strict_fields")
    id = local.make_job({"email": "b@example.com"}, BAD)
    local.clock.now += 2
    errors = local.get(f"{JOBS}/{id}/import-errors").json()["data"]
    pointers = {error["attributes"]["source"]["pointer"] for error in errors}
    assert pointers == {WHERE + name for name in BAD_FIELDS}
    assert (local.job(id)["completed_count"], local.job(id)["failed_count"]) == (1, 1)
