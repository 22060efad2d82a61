"""Keys, headers, errors and limits of the local Klaviyo, over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import sandbox
from tests.sandbox.local import JOBS, MIDNIGHT, Clock, Local, client_of, import_of


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "pk_demo",
        "Klaviyo-API-Key",
        "Klaviyo-API-Key pk_",
        "Klaviyo-API-Key sk_demo",
        "klaviyo-api-key pk_demo",
        "Bearer",
        "Basic cGtfZGVtbw==",
    ],
)
def test_a_missing_or_malformed_key_is_refused(local: Local, authorization: str):
    answer = local.get("/api/accounts", headers={"authorization": authorization})
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert (error["code"], error["status"]) == ("authentication_failed", 401)


@pytest.mark.parametrize("authorization", ["Klaviyo-API-Key pk_any", "Bearer a-token"])
def test_any_private_key_or_token_is_the_demo_account(local: Local, authorization: str):
    answer = local.get("/api/accounts", headers={"authorization": authorization})
    assert answer.headers["content-type"] == "application/vnd.api+json"
    (account,) = answer.json()["data"]
    assert account["id"] == "XK4p9T"
    assert account["attributes"]["test_account"] is True


def test_keys_that_begin_with_other_are_a_second_account_with_its_own_lists(local: Local):
    headers = {"authorization": "Klaviyo-API-Key pk_other1"}
    (account,) = local.get("/api/accounts", headers=headers).json()["data"]
    assert account["attributes"]["contact_information"]["organization_name"] == "Amber Coast Books"
    assert len(local.get("/api/lists", headers=headers).json()["data"]) == 2
    assert local.get("/api/lists/Y6nRLr", headers=headers).status_code == 404


def test_only_named_keys_are_good_once_some_are_named(local: Local):
    local.switch("keys", keys={"pk_named": None})
    assert local.get("/api/accounts").status_code == 401
    headers = {"authorization": "Klaviyo-API-Key pk_named"}
    assert local.get("/api/accounts", headers=headers).status_code == 200
    local.switch("keys", keys=None)
    assert local.get("/api/accounts").status_code == 200


def test_a_missing_scope_is_named(local: Local):
    local.switch("keys", keys={"pk_demo": ["lists:read", "lists:write"]})
    assert local.get("/api/lists").status_code == 200
    answer = local.post(JOBS, json=import_of({"email": "a@example.com"}))
    assert answer.status_code == 403
    (error,) = answer.json()["errors"]
    assert error["code"] == "permission_denied"
    assert error["detail"].endswith("profiles:write")


@pytest.mark.parametrize(
    ("revision", "status"),
    [
        ("2026-07-15", 200),
        ("2026-10-15", 200),
        ("2026-07-15.pre", 200),
        ("2023-02-22", 410),
        ("2026-07-16", 404),
        ("newest", 404),
        ("", 400),
    ],
)
def test_the_revision_must_be_known_and_not_retired(local: Local, revision: str, status: int):
    answer = local.get("/api/lists", headers={"revision": revision})
    assert answer.status_code == status


def test_answers_and_bodies_are_json_api(local: Local):
    assert local.get("/api/lists", headers={"accept": "text/html"}).status_code == 406
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert local.post("/api/lists", content=b"a=b", headers=form).status_code == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/tags", 404),
        ("POST", "/api/profile-subscription-bulk-create-jobs", 404),
        ("POST", "/client/subscriptions", 404),
        ("PUT", "/api/lists", 405),
        ("GET", "/api/lists/nobody", 404),
        ("GET", "/api/lists/", 200),
    ],
)
def test_what_is_unknown_is_answered_and_logged(local: Local, method: str, path: str, status: int):
    assert local.request(method, path).status_code == status
    assert [key[2] for key in local.calls()] == [status]


def test_the_log_counts_by_endpoint_and_tells_the_last_requests(local: Local):
    for id in ("Y6nRLr", "VpX3qT"):
        local.get(f"/api/lists/{id}")
    local.post("/api/profile-subscription-bulk-create-jobs", json={})
    assert local.calls() == {
        ("GET", "/api/lists/{id}", 200): 2,
        ("POST", "/api/profile-subscription-bulk-create-jobs", 404): 1,
    }
    recent = local.get("/sandbox/requests").json()["recent"]
    assert [entry["path"] for entry in recent[:2]] == ["/api/lists/Y6nRLr", "/api/lists/VpX3qT"]
    assert local.delete("/sandbox/requests").json()["total"] == 0


def test_an_error_has_every_part_that_klaviyo_gives(local: Local):
    (error,) = local.get("/api/lists", params={"page[size]": "11"}).json()["errors"]
    assert set(error) == {"id", "status", "code", "title", "detail", "source", "links", "meta"}
    assert error["source"] == {"parameter": "page[size]"}
    assert (error["links"], error["meta"]) == ({}, {})
    (error,) = local.get("/api/lists/nobody").json()["errors"]
    assert (error["code"], error["status"], error["meta"]) == ("not_found", 404, [])


def test_an_unknown_parameter_is_refused(local: Local):
    (error,) = local.get("/api/lists", params={"page": "2"}).json()["errors"]
    assert error["source"] == {"parameter": "page"}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    folder: Path = tmp_path_factory.mktemp("limited")
    clock = Clock()
    with sandbox.running(folder, clock=clock) as url, client_of(url, clock) as client:
        yield client


@pytest.fixture
def strict(limited: Local) -> Local:
    limited.clock.now = MIDNIGHT
    limited.switch("reset")
    return limited


def test_a_good_answer_tells_the_limits(strict: Local):
    answer = strict.get(JOBS)
    assert answer.headers["ratelimit-limit"] == "10, 10;w=1, 150;w=60"
    assert answer.headers["ratelimit-remaining"] == "9"
    assert answer.headers["ratelimit-reset"] == "1"


def test_the_eleventh_request_of_a_second_is_throttled_and_an_early_retry_too(strict: Local):
    strict.clock.now += 0.5
    assert [strict.get(JOBS).status_code for _ in range(10)] == [200] * 10
    answer = strict.get(JOBS)
    assert answer.status_code == 429
    assert answer.json()["errors"][0]["code"] == "throttled"
    assert answer.headers["retry-after"] == "1"
    assert not [name for name in answer.headers if name.startswith("ratelimit")]
    strict.clock.now += 0.75  # the window has passed, the wait that was asked for has not
    assert strict.get(JOBS).status_code == 429
    strict.clock.now += 0.25
    assert strict.get(JOBS).status_code == 200


def test_a_full_minute_asks_to_wait_for_its_end(strict: Local):
    for second in range(15):
        strict.clock.now = MIDNIGHT + second
        for _ in range(10):
            assert strict.get(JOBS).status_code == 200
    strict.clock.now = MIDNIGHT + 15
    assert strict.get(JOBS).headers["retry-after"] == "45"
    strict.clock.now = MIDNIGHT + 60
    assert strict.get(JOBS).status_code == 200


def test_endpoints_and_accounts_have_their_own_windows_and_keys_share_theirs(strict: Local):
    assert strict.get("/api/accounts").status_code == 200
    same = {"authorization": "Klaviyo-API-Key pk_second"}
    assert strict.get("/api/accounts", headers=same).status_code == 429
    other = {"authorization": "Klaviyo-API-Key pk_other"}
    assert strict.get("/api/accounts", headers=other).status_code == 200
    assert strict.get("/api/accounts", headers={"authorization": "Bearer t"}).status_code == 200
    assert strict.get("/api/lists").status_code == 200


def test_counting_a_list_falls_under_a_smaller_limit(strict: Local):
    counted = {"additional-fields[list]": "profile_count"}
    first = strict.get("/api/lists/Y6nRLr", params=counted)
    assert first.headers["ratelimit-limit"] == "1, 1;w=1, 15;w=60"
    assert strict.get("/api/lists/Y6nRLr", params=counted).status_code == 429
    assert strict.get("/api/lists/Y6nRLr").status_code == 200


def test_limits_can_be_turned_off_and_on(strict: Local):
    strict.switch("settings", limits=False)
    assert [strict.get("/api/accounts").status_code for _ in range(3)] == [200] * 3
    strict.switch("settings", limits=True)
    assert [strict.get("/api/accounts").status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
        {"Host": "rebound.evil.example"},
    ],
)
def test_pages_of_other_sites_neither_switch_nor_read_anything(
    local: Local, headers: dict[str, str]
):
    fault = {"kind": "status", "status": 500}
    assert local.post("/sandbox/faults", json=fault, headers=headers).status_code == 403
    assert local.post("/sandbox/reset", json={}, headers=headers).status_code == 403
    assert local.get("/sandbox/state", headers=headers).status_code == 403
    assert local.get("/sandbox/faults").json() == {"faults": []}


def test_links_from_elsewhere_open_as_authorizing_needs(local: Local):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert local.get("/", headers=headers).status_code != 403
    own = {"Origin": str(local.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert local.get("/sandbox/state", headers=own).status_code == 200
