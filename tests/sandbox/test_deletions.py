"""People who are deleted for good: asked for by one identifier, done a moment later."""

from pathlib import Path
from typing import Any

import pytest

from core import sandbox
from tests.sandbox.local import JOBS, Clock, Local, client_of, import_of

DELETIONS = "/api/data-privacy-deletion-jobs"
GOOD = {"email": "good@example.com", "phone_number": "+37120000000"}


def asking(profile: object) -> dict[str, Any]:
    attributes = {"profile": {"data": profile}}
    return {"data": {"type": "data-privacy-deletion-job", "attributes": attributes}}


def by_email(email: str) -> dict[str, Any]:
    return asking({"type": "profile", "attributes": {"email": email}})


@pytest.mark.parametrize(
    ("profile", "status"),
    [
        ({"type": "profile", "attributes": {"email": "Good@example.com"}}, 202),
        ({"type": "profile", "attributes": {"phone_number": "+37120000000"}}, 202),
        ({"type": "profile", "attributes": {"email": "a@b.example", "phone_number": "+1"}}, 400),
        ({"type": "profile", "id": "x", "attributes": {"email": "good@example.com"}}, 400),
        ({"type": "profile", "attributes": {"email": "good"}}, 400),
        ({"type": "profile", "attributes": {"phone_number": "20000000"}}, 400),
        ({"type": "list", "attributes": {"email": "good@example.com"}}, 400),
        ({"type": "profile", "attributes": {}}, 400),
        ({"type": "profile", "attributes": []}, 400),
        ({"type": "profile", "attributes": {"email": 7}}, 400),
        (None, 400),
    ],
)
def test_a_deletion_names_one_identifier_and_happens_later(
    local: Local, profile: object, status: int
):
    local.imported(GOOD)
    answer = local.post(DELETIONS, json=asking(profile))
    assert (answer.status_code, bool(answer.content)) == (status, status == 400)
    assert len(local.members()) == 1
    local.clock.now += 2
    assert len(local.members()) == (0 if status == 202 else 1)


def test_a_deletion_by_id_takes_the_profile_off_lists_and_reads(local: Local):
    local.imported(GOOD)
    id = local.members()[0]["id"]
    wanted = asking({"type": "profile", "id": id, "attributes": {}})
    assert local.post(DELETIONS, json=wanted).status_code == 202
    assert local.get("/sandbox/state").json()["deletions"] == {"waiting": 1, "done": 0}
    local.clock.now += 2
    assert local.get(f"/api/profiles/{id}").status_code == 404
    found = local.get("/api/profiles", params={"filter": 'equals(email,"good@example.com")'})
    assert found.json()["data"] == local.members() == []
    assert local.get("/sandbox/state").json()["deletions"] == {"waiting": 0, "done": 1}


def test_who_is_imported_again_is_a_new_profile(local: Local):
    local.imported(GOOD)
    former = local.members()[0]["id"]
    local.post(DELETIONS, json=by_email("good@example.com"))
    local.clock.now += 2
    local.imported(GOOD)
    assert local.members()[0]["id"] != former


def test_who_is_unknown_is_taken_too_and_other_accounts_are_left_alone(local: Local):
    local.imported(GOOD)
    headers = {"authorization": "Klaviyo-API-Key pk_other1"}
    answer = local.post(DELETIONS, json=by_email("good@example.com"), headers=headers)
    assert answer.status_code == 202
    local.clock.now += 2
    assert len(local.members()) == 1


def test_a_deletion_needs_its_own_scope(local: Local):
    local.switch("keys", keys={"pk_demo": ["lists:write", "profiles:read", "profiles:write"]})
    (error,) = local.post(DELETIONS, json=by_email("good@example.com")).json()["errors"]
    assert (error["status"], error["code"]) == (403, "permission_denied")
    assert error["detail"].endswith("data-privacy:write")
    assert local.post(JOBS, json=import_of(GOOD)).status_code == 202
    local.switch("keys", keys={"pk_demo": ["data-privacy:write"]})
    assert local.post(DELETIONS, json=by_email("good@example.com")).status_code == 202


def test_three_deletions_a_second_are_taken(tmp_path: Path):
    clock = Clock()
    with sandbox.running(tmp_path, clock=clock) as url, client_of(url, clock) as local:
        answers = [local.post(DELETIONS, json=by_email(f"p{n}@b.example")) for n in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert answers[-1].headers["retry-after"] == "1"
