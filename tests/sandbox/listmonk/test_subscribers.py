"""Subscribers of the local listmonk behave as its documentation and its source say."""

import pytest

from tests.sandbox.listmonk.local import DOUBLE, NEWSLETTER, VISITORS, Local


def test_somebody_is_created_with_a_name_made_up_where_it_is_blank(local: Local):
    made = local.create(" Anna.Liepa@Example.com ", name=" ", attribs={"city": "Riga"}, lists=[])
    assert (made["email"], made["name"]) == ("anna.liepa@example.com", "Anna Liepa")
    assert (made["attribs"], made["status"], made["lists"]) == ({"city": "Riga"}, "enabled", [])
    assert local.person(made["id"]) == made


def test_creating_is_no_upsert(local: Local):
    local.create("a@example.com")
    answer = local.post("/api/subscribers", json={"email": "A@example.com"})
    assert local.refusal(answer) == (409, "E-mail already exists.")


@pytest.mark.parametrize(
    "email", ["", "no email", "@example.com", "a@", '"a b"@example.com', "a b@x"]
)
def test_an_address_that_is_none_is_refused(local: Local, email: str):
    answer = local.post("/api/subscribers", json={"email": email})
    assert local.refusal(answer) == (400, "Invalid email.")


def test_the_domains_of_the_blocklist_are_refused(local: Local):
    answer = local.post("/api/subscribers", json={"email": "a@blocked.example"})
    assert local.refusal(answer) == (400, "The e-mail domain is blocklisted.")


def test_an_unknown_status_is_a_problem_of_the_database(local: Local):
    answer = local.post("/api/subscribers", json={"email": "a@example.com", "status": "x"})
    status, words = local.refusal(answer)
    assert (status, words[:24]) == (500, "Error creating Subscribe")
    assert 'invalid input value for enum subscriber_status: "x"' in words
    assert local.found()["total"] == 24


def test_a_change_merges_attributes_at_the_top_level(local: Local):
    id = local.create("a@example.com", name="Anna", attribs={"a": {"x": 1}, "b": 2})["id"]
    changed = local.data(
        local.patch(f"/api/subscribers/{id}", json={"attribs": {"a": {"y": 1}, "c": None}})
    )
    assert changed["attribs"] == {"a": {"y": 1}, "b": 2, "c": None}
    assert changed["name"] == "Anna"
    local.data(local.patch(f"/api/subscribers/{id}", json={"name": " "}))
    assert local.person(id)["name"] == "Anna"
    local.data(local.patch(f"/api/subscribers/{id}", json={"attribs": None}))
    assert local.person(id)["attribs"] == {}


def test_what_isnt_there_is_a_400(local: Local):
    for answer in (
        local.get("/api/subscribers/999"),
        local.patch("/api/subscribers/999", json={"name": "A"}),
    ):
        assert local.refusal(answer) == (400, "Subscriber (999: ) not found")
    for id in ("abc", "0", "-1"):
        assert local.refusal(local.get(f"/api/subscribers/{id}")) == (400, "invalid ID")


def test_a_null_character_is_refused_by_the_database(local: Local):
    answer = local.post("/api/subscribers", json={"email": "a@example.com", "attribs": {"a": "\0"}})
    assert local.refusal(answer)[0] == 500


def test_people_are_found_by_their_address_whatever_it_holds(local: Local):
    odd = ["o'neil@example.com", "x&y=z@example.com", "{}@example.com", "$1@example.com"]
    for email in odd:
        local.create(email)
    quoted = ", ".join("'" + email.replace("'", "''") + "'" for email in odd)
    found = local.found(f"(LOWER(subscribers.email) IN ({quoted}))")
    assert [person["email"] for person in found["results"]] == odd
    assert (found["total"], found["per_page"]) == (4, 0)
    assert local.found("(LOWER(subscribers.email) IN ('nobody@example.com'))")["results"] == []


@pytest.mark.parametrize(
    "fragment",
    [
        "(subscribers.id IN (",
        "1=1; DELETE FROM subscribers",
        "subscribers.id IN (SELECT rowid FROM sqlite_master)",
        "nothing = 1",
        "(LOWER(subscribers.email) IN ('%order%@example.com'",
    ],
)
def test_sql_that_doesnt_work_or_would_write_is_refused(local: Local, fragment: str):
    answer = local.get("/api/subscribers", params={"query": fragment})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Error preparing subscriber query: pq: ")
    assert local.found()["total"] == 24


def test_people_of_a_list_are_counted_by_their_subscription(local: Local):
    totals = {
        status: local.found(list_id=VISITORS, subscription_status=status)["total"]
        for status in ("unconfirmed", "confirmed", "unsubscribed")
    }
    assert totals == {"unconfirmed": 12, "confirmed": 6, "unsubscribed": 6}
    assert local.found(list_id=VISITORS)["total"] == 24
    page = local.found(list_id=VISITORS, per_page=1)
    assert (len(page["results"]), page["total"]) == (1, 24)


def test_a_question_longer_than_a_web_server_takes_is_a_414_in_html(local: Local):
    answer = local.get("/api/subscribers", params={"query": "x" * 8_200})
    assert (answer.status_code, answer.headers["content-type"][:9]) == (414, "text/html")


def test_creating_on_a_double_opt_in_list_mails_unless_preconfirmed(local: Local):
    local.create("a@example.com", lists=[NEWSLETTER])
    local.create("b@example.com", lists=[DOUBLE], preconfirm_subscriptions=True)
    assert local.mails() == []
    local.create("c@example.com", lists=[NEWSLETTER, DOUBLE])
    assert local.mails() == [{"to": "c@example.com", "lists": [DOUBLE]}]


def test_any_change_mails_again_who_has_not_confirmed(local: Local):
    id = local.create("a@example.com")["id"]
    local.patch(f"/api/subscribers/{id}", json={"name": "Anna"})
    local.manage("add", [id], DOUBLE)
    assert local.mails() == []
    local.patch(f"/api/subscribers/{id}", json={"name": "Anna"})
    local.patch(f"/api/subscribers/{id}", json={"attribs": {"a": 1}})
    assert local.mails() == [{"to": "a@example.com", "lists": [DOUBLE]}] * 2


def test_nobody_is_mailed_where_the_setting_is_off(local: Local):
    local.switch("settings", send_optin_confirmation=False)
    local.create("c@example.com", lists=[DOUBLE])
    assert local.mails() == []


def test_what_callers_of_ours_may_not_change_is_refused(local: Local):
    id = local.create("a@example.com")["id"]
    for name in ("lists", "status", "preconfirm_subscriptions", "email"):
        assert local.patch(f"/api/subscribers/{id}", json={name: None}).status_code == 400
