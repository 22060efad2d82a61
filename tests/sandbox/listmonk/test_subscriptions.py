"""Joining and leaving lists in bulk at the local listmonk: what overwrites, what keeps."""

import pytest

from tests.sandbox.listmonk.local import DOUBLE, NEWSLETTER, VISITORS, Local


def by_ids(local: Local, ids, action="add", lists=(NEWSLETTER,), **more):
    body = {"ids": ids, "action": action, "target_list_ids": list(lists)}
    return local.put("/api/subscribers/lists", json=body | more)


@pytest.fixture
def refusing(local: Local) -> int:
    """Somebody who unsubscribed from the newsletter."""
    return local.switch(
        "subscribers", email="no@example.com", lists={str(NEWSLETTER): "unsubscribed"}
    )["id"]


def test_joining_by_sql_keeps_what_somebody_said(local: Local, refusing: int):
    new = local.create("new@example.com")["id"]
    local.manage("add", [new, refusing], status="confirmed")
    assert (local.status(new), local.status(refusing)) == ("confirmed", "unsubscribed")


def test_joining_by_ids_overwrites_it_if_a_status_is_given(local: Local, refusing: int):
    assert local.data(by_ids(local, [refusing])) is True
    assert local.status(refusing) == "unsubscribed"
    by_ids(local, [refusing], status="confirmed")
    assert local.status(refusing) == "confirmed"


def test_who_joins_without_a_status_is_unconfirmed(local: Local):
    id = local.create("new@example.com")["id"]
    local.manage("add", [id], DOUBLE)
    assert local.status(id, DOUBLE) == "unconfirmed"
    assert local.mails() == []


def test_removing_deletes_a_refusal_unless_only_others_are_named(local: Local, refusing: int):
    for status in ("confirmed", "unconfirmed"):
        local.manage("remove", [refusing], list_ids=[NEWSLETTER], subscription_status=status)
    assert local.status(refusing) == "unsubscribed"
    local.manage("remove", [refusing])
    assert local.status(refusing) is None


def test_unsubscribing_keeps_the_row(local: Local):
    id = local.create("a@example.com", lists=[NEWSLETTER])["id"]
    by_ids(local, [id], "unsubscribe")
    assert local.status(id) == "unsubscribed"


def test_joining_an_unknown_list_is_a_problem_of_the_database_and_undone(local: Local):
    id = local.create("a@example.com")["id"]
    status, words = local.refusal(by_ids(local, [id], lists=[NEWSLETTER, 77]))
    assert status == 500
    assert "violates foreign key constraint" in words
    assert local.person(id)["lists"] == []


def test_leaving_an_unknown_list_is_no_error(local: Local):
    local.manage("remove", [1], 77)
    assert local.status(1, VISITORS)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"ids": []}, "No IDs given."),
        ({"ids": [1], "action": "add"}, "No lists given."),
        ({"ids": [1], "action": "x", "target_list_ids": [1]}, "Invalid action."),
    ],
)
def test_an_incomplete_order_is_refused(local: Local, body, words: str):
    assert local.refusal(local.put("/api/subscribers/lists", json=body)) == (400, words)
