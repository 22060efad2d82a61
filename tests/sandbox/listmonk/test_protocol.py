"""The local listmonk's lists, campaigns, users, errors and faults, over real HTTP."""

import base64

import httpx
import pytest

from tests.sandbox.listmonk.local import DOUBLE, NEWSLETTER, TOKEN, VISITORS, Local

CUT = (httpx.NetworkError, httpx.RemoteProtocolError)
ADD = "POST /api/subscribers"


def test_it_lives_without_anybody_signed_in(local: Local):
    assert httpx.get(f"{local.base_url}/health").json() == {"data": True}


def test_it_tells_its_version_and_whose_it_is(local: Local):
    config = local.data(local.get("/api/config"))
    assert (config["version"], config["root_url"][:8]) == ("v6.2.0", "https://")
    me = local.data(local.get("/api/profile"))
    assert (me["username"], me["user_role"]["id"], me["list_role"]) == ("segferry", 1, None)


def test_lists_are_all_there_only_if_all_are_asked_for(local: Local):
    everything = local.data(local.get("/api/lists", params={"per_page": "all"}))
    assert (everything["total"], everything["per_page"]) == (14, 0)
    assert {row["status"] for row in everything["results"]} == {"active", "archived"}
    assert [row["id"] for row in everything["results"] if row["optin"] == "double"] == [DOUBLE]
    paged = [
        row["id"]
        for page in (1, 2)
        for row in local.data(local.get("/api/lists", params={"per_page": 10, "page": page}))[
            "results"
        ]
    ]
    assert len(set(paged)) < 14


def test_one_list_shows_twice_its_subscribers(local: Local):
    (row,) = [
        row
        for row in local.data(local.get("/api/lists", params={"per_page": "all"}))["results"]
        if row["id"] == VISITORS
    ]
    assert row["subscriber_count"] == 24
    assert local.data(local.get(f"/api/lists/{VISITORS}"))["subscriber_count"] == 48


def test_a_list_is_made_under_a_name_that_another_one_has(local: Local):
    made = local.data(local.post("/api/lists", json={"name": "VIP", "optin": "double"}))
    assert (made["type"], made["optin"], made["subscriber_count"]) == ("private", "double", 0)
    assert local.refusal(local.post("/api/lists", json={"name": ""})) == (400, "Invalid name")


def test_a_list_that_isnt_there_is_a_400(local: Local):
    assert local.refusal(local.get("/api/lists/77")) == (400, "List not found")
    assert local.refusal(local.get("/api/lists/x")) == (400, "invalid ID")


def test_campaigns_are_told_by_their_status(local: Local):
    found = local.data(local.get("/api/campaigns?status=scheduled&status=paused&per_page=all"))
    assert [(c["name"], c["status"]) for c in found["results"]] == [
        ("Black Friday", "scheduled"),
        ("Winter boots", "paused"),
    ]
    assert found["results"][0]["lists"] == [{"id": NEWSLETTER, "name": "Newsletter"}]
    assert local.data(local.get("/api/campaigns?status=running"))["results"] == []


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (None, "invalid session"),
        ("token segferry", "code=400, message=api_key:token missing"),
        ("token :x", "code=400, message=empty `api_key` or `token`"),
        ("Bearer x:y", "code=400, message=unknown Authorization scheme"),
        ("token other:secret", "invalid API credentials"),
    ],
)
def test_whoever_isnt_known_gets_403_and_never_401(local: Local, header, words: str):
    local.switch("users", users={"segferry:" + "t" * 48: None})
    headers = {"authorization": header} if header else {}
    answer = httpx.get(f"{local.base_url}/api/config", headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"message": words})
    basic = base64.b64encode(TOKEN.partition(" ")[2].encode()).decode()
    assert local.get("/api/config", headers={"authorization": f"Basic {basic}"}).is_success


def test_what_a_user_may_not_do_is_named_by_the_last_permission_that_would_do(local: Local):
    local.switch("users", users={TOKEN.partition(" ")[2]: ["subscribers:get_all"]})
    for ask, words in (
        (local.get("/api/campaigns"), "permission denied: campaigns:get"),
        (local.post("/api/lists", json={"name": "x"}), "permission denied: lists:manage_all"),
        (local.post("/api/subscribers", json={}), "permission denied: subscribers:manage"),
        (local.get("/api/lists/1"), "permission denied"),
        (
            local.get("/api/subscribers?query=1=1"),
            "Permission denied: subscribers:sql_query",
        ),
    ):
        assert local.refusal(ask) == (403, words)
    assert local.data(local.get("/api/lists"))["results"] == []
    assert local.get("/api/subscribers").is_success


def test_a_list_role_shows_its_lists_only(local: Local):
    local.switch(
        "users",
        users={TOKEN.partition(" ")[2]: ["subscribers:manage", "subscribers:sql_query"]},
        lists={"1": ["list:get", "list:manage"]},
    )
    assert [row["id"] for row in local.data(local.get("/api/lists"))["results"]] == [1]
    local.manage("add", [1], NEWSLETTER)
    body = {"query": "1=1", "action": "add", "target_list_ids": [2]}
    answer = local.put("/api/subscribers/query/lists", json=body)
    assert local.refusal(answer) == (403, "Permission denied: lists")


def test_what_no_export_needs_isnt_there(local: Local):
    assert local.refusal(local.post("/api/import/subscribers")) == (404, "404 unknown endpoint")
    for path in ("/api/subscribers/1/optin", "/api/subscribers/1/blocklist"):
        assert local.post(path).status_code == 404
    assert local.refusal(local.put("/api/subscribers/1")) == (405, "Method Not Allowed")


def test_bodies_are_json_objects(local: Local):
    answer = local.post("/api/lists", content=b"{", headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Syntax error: offset=")
    assert local.post("/api/lists", content=b"x").status_code == 415


@pytest.mark.parametrize(("kind", "made"), [("closed_before", 0), ("closed_after", 1)])
def test_a_closed_connection_gives_no_answer(local: Local, kind: str, made: int):
    local.switch("faults", kind=kind, endpoint=ADD)
    with pytest.raises(CUT):
        local.post("/api/subscribers", json={"email": "a@example.com"})
    assert local.found()["total"] == 24 + made


@pytest.mark.parametrize("status", [413, 429, 502, 503, 504])
def test_what_stands_in_between_answers_in_html(local: Local, status: int):
    local.switch("faults", kind="status", status=status, retry_after=3)
    answer = local.get("/api/config")
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "3")
    assert answer.headers["content-type"].startswith("text/html")


def test_an_error_of_its_own_has_the_words_asked_for(local: Local):
    local.switch("faults", kind="status", status=500, detail="pq: disk full")
    assert local.refusal(local.get("/api/config")) == (500, "pq: disk full")


def test_bodies_are_kept_to_prove_what_was_never_said(local: Local):
    local.create("a@example.com")
    (body,) = local.get("/sandbox/bodies").json()["bodies"]
    assert body.startswith("POST /api/subscribers {")


def test_reset_puts_everything_back(local: Local):
    before = local.get("/sandbox/state").json()
    local.create("c@example.com", lists=[DOUBLE])
    local.switch("settings", version="v5.1.0")
    local.switch("users", users={})
    assert local.switch("reset") == before
    assert local.mails() == []
