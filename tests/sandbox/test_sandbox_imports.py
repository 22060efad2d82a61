"""Bulk imports of the local Klaviyo: taken whole or not at all, then worked off as jobs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sandbox_client import JOBS, MIDNIGHT, NEWSLETTER, Local, import_of

GOOD = {"email": "good@example.com"}
FULL = {
    "email": "Full@Example.com",
    "phone_number": "+37120000000",
    "external_id": "00042",
    "first_name": "Žanete",
    "last_name": "Ozola",
    "organization": "Ozols & Co",
    "title": "Owner",
    "image": "https://example.com/z.png",
    "locale": "lv-LV",
    "location": {"city": "Rīga", "zip": "01234", "latitude": "56.9", "longitude": 24.1},
    "properties": {"spent": 12.5, "orders": 3, "vip": True, "tags": ["a", "b"], "code": "01234"},
}


def refused(local: Local, *profiles: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    answer = local.post(JOBS, json=import_of(*profiles, **options))
    assert answer.status_code == 400
    return answer.json()["errors"]


def pointer(place: int, field: str) -> str:
    return f"/data/attributes/profiles/data/{place}/attributes/{field}"


@pytest.mark.parametrize(
    ("attributes", "field"),
    [
        ({"email": "no-at-sign"}, "email"),
        ({"email": "two@@example.com"}, "email"),
        ({"email": "a..b@example.com"}, "email"),
        ({"email": ".a@example.com"}, "email"),
        ({"email": "a.@example.com"}, "email"),
        ({"email": "a@example.com."}, "email"),
        ({"email": "a@example"}, "email"),
        ({"email": "a@-example.com"}, "email"),
        ({"email": " a@example.com"}, "email"),
        ({"email": "Anna <a@example.com>"}, "email"),
        ({"email": "mailto:a@example.com"}, "email"),
        ({"email": "ā@example.com"}, "email"),
        ({"email": f"{'a' * 65}@example.com"}, "email"),
        ({"email": 7}, "email"),
        ({"email": "Malformed.address@example.com"}, "email"),
        (GOOD | {"anonymous_id": "x"}, "anonymous_id"),
        (GOOD | {"subscriptions": {}}, "subscriptions"),
        (GOOD | {"external_id": "x" * 256}, "external_id"),
        (GOOD | {"first_name": 7}, "first_name"),
        (GOOD | {"properties": []}, "properties"),
        (GOOD | {"location": {"street": "x"}}, "location/street"),
        (GOOD | {"location": {"latitude": True}}, "location/latitude"),
    ],
)
def test_one_bad_row_refuses_all_and_is_named(local: Local, attributes: dict[str, Any], field: str):
    (error,) = refused(local, GOOD, attributes)
    assert error["source"] == {"pointer": pointer(1, field)}
    assert local.get(JOBS).json()["data"] == []


def test_a_profile_without_an_identifier_is_refused(local: Local):
    (error,) = refused(local, {"first_name": "Nobody"})
    assert error["source"]["pointer"] == "/data/attributes/profiles/data/0/attributes"


def test_all_bad_rows_are_named_at_once_unless_only_the_first_is_wanted(local: Local):
    rows = [{"email": "bad"}, GOOD, {"email": "worse"}]
    assert len(refused(local, *rows)) == 2
    local.switch("settings", first_bad_row_only=True)
    (error,) = refused(local, *rows)
    assert error["source"]["pointer"] == pointer(0, "email")


def test_an_unknown_list_has_a_pointer_without_a_row(local: Local):
    (error,) = refused(local, GOOD, list_id="nobody")
    assert error["source"] == {"pointer": "/data"}
    assert "nobody" in error["detail"]


def test_one_list_at_most(local: Local):
    document = import_of(GOOD)
    document["data"]["relationships"]["lists"]["data"] *= 2
    assert local.post(JOBS, json=document).status_code == 400


def _no_profiles(document: dict[str, Any]) -> None:
    document["data"]["attributes"]["profiles"]["data"] = []


def _wrong_type(document: dict[str, Any]) -> None:
    document["data"]["type"] = "profile"


def _no_attributes(document: dict[str, Any]) -> None:
    del document["data"]["attributes"]


def _odd_list(document: dict[str, Any]) -> None:
    document["data"]["relationships"] = {"lists": [{"id": "Y6nRLr"}]}


@pytest.mark.parametrize("spoil", [_no_profiles, _wrong_type, _no_attributes, _odd_list])
def test_a_document_of_another_shape_is_refused(
    local: Local, spoil: Callable[[dict[str, Any]], None]
):
    document = import_of(GOOD)
    spoil(document)
    assert local.post(JOBS, json=document).status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"data": NaN}', b'{"data": "\\ud800"}', b"[" * 100_000, b"\xff"]
)
def test_a_body_that_is_no_json_object_is_refused(local: Local, body: bytes):
    answer = local.post(JOBS, content=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "invalid"


def test_ten_thousand_profiles_and_not_one_more(local: Local):
    rows = [{"external_id": str(n)} for n in range(10_001)]
    assert refused(local, *rows)[0]["source"]["pointer"] == "/data/attributes/profiles/data"
    local.imported(*rows[:10_000])
    query = {"additional-fields[list]": "profile_count"}
    counted = local.get(f"/api/lists/{NEWSLETTER}", params=query).json()
    assert counted["data"]["attributes"]["profile_count"] == 10_000


def test_five_megabytes_and_not_a_byte_more(local: Local):
    body = json.dumps(import_of(GOOD)).encode()
    assert local.post(JOBS, content=body.ljust(5_000_000)).status_code == 202
    answer = local.post(JOBS, content=body.ljust(5_000_001))
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["status"] == 413


def test_a_hundred_kilobytes_a_profile(local: Local):
    local.make_job(GOOD | {"properties": {"note": "ā" * 49_000}})
    (error,) = refused(local, GOOD, GOOD | {"properties": {"note": "ā" * 50_000}})
    assert error["source"]["pointer"] == "/data/attributes/profiles/data/1"


def test_a_job_goes_from_queued_over_processing_to_complete(local: Local):
    id = local.make_job(GOOD, {"email": "refused1@example.com"})
    assert local.job(id)["status"] == "queued"
    local.clock.now = MIDNIGHT + 0.5
    assert local.job(id)["status"] == "processing"
    assert local.members() == []
    local.clock.now = MIDNIGHT + 1
    done = local.job(id)
    assert done == {
        "status": "complete",
        "created_at": "2026-09-21T00:00:00+00:00",
        "started_at": "2026-09-21T00:00:00.333333+00:00",
        "completed_at": "2026-09-21T00:00:01+00:00",
        "expires_at": "2026-09-28T00:00:00+00:00",
        "total_count": 2,
        "completed_count": 1,
        "failed_count": 1,
    }
    assert len(local.members()) == 1


def test_the_delay_can_be_changed(local: Local):
    local.switch("settings", delay=0)
    assert local.job(local.make_job(GOOD))["status"] == "complete"


def test_a_job_is_gone_after_seven_days(local: Local):
    id = local.imported(GOOD)
    local.clock.now += 7 * 86_400
    assert local.get(f"{JOBS}/{id}").status_code == 404
    assert local.get(JOBS).json()["data"] == []


def test_jobs_are_listed_in_pages_newest_first_and_by_status(local: Local):
    done = [local.imported(GOOD) for _ in range(3)]
    waiting = local.make_job(GOOD)
    first = local.get(JOBS, params={"sort": "-created_at", "page[size]": "2"}).json()
    second = local.get(first["links"]["next"]).json()
    found = [job["id"] for page in (first, second) for job in page["data"]]
    assert found == [waiting, *reversed(done)]
    queued = local.get(JOBS, params={"filter": 'equals(status,"queued")'}).json()["data"]
    assert [job["id"] for job in queued] == [waiting]


def test_an_empty_job_id_is_the_list_of_jobs(local: Local):
    local.make_job(GOOD)
    assert isinstance(local.get(f"{JOBS}/").json()["data"], list)


def test_import_errors_come_twenty_on_a_page_with_the_payload(local: Local):
    people = [{"email": f"refused{n}@example.com", "first_name": str(n)} for n in range(25)]
    id = local.imported(GOOD, *people)
    first = local.get(f"{JOBS}/{id}/import-errors").json()
    assert len(first["data"]) == 20
    second = local.get(first["links"]["next"]).json()
    assert (len(second["data"]), second["links"]["next"]) == (5, None)
    whole = local.get(f"{JOBS}/{id}/import-errors", params={"page[size]": "100"}).json()
    assert whole["data"] == first["data"] + second["data"]
    error = whole["data"][0]
    assert error["type"] == "import-error"
    assert set(error["attributes"]) == {"code", "title", "detail", "source", "original_payload"}
    assert error["attributes"]["original_payload"]["attributes"] == people[0]
    assert error["attributes"]["source"] == {"pointer": "/data/attributes/profiles/data/1"}


def test_every_attribute_and_json_type_is_kept(local: Local):
    local.imported(FULL)
    (member,) = local.members()
    kept = member["attributes"]
    assert kept["email"] == "full@example.com"
    assert kept["location"].items() >= FULL["location"].items()
    for name in FULL.keys() - {"email", "location"}:
        assert kept[name] == FULL[name]


def test_a_second_import_changes_what_it_names_and_empties_nothing(local: Local):
    local.imported(FULL)
    empty = dict.fromkeys(("first_name", "title", "external_id", "phone_number"), None)
    change = {
        "email": "full@example.com",
        "last_name": "",
        "properties": {"orders": 4, "vip": None},
    }
    local.imported(empty | change | {"location": {"city": "Cēsis"}, "organization": "New"})
    (member,) = local.members()
    kept = member["attributes"]
    assert (kept["first_name"], kept["last_name"], kept["organization"]) == (
        "Žanete",
        "Ozola",
        "New",
    )
    assert (kept["external_id"], kept["phone_number"]) == ("00042", "+37120000000")
    assert kept["properties"] == FULL["properties"] | {"orders": 4}
    assert (kept["location"]["city"], kept["location"]["zip"]) == ("Cēsis", "01234")


def test_people_are_recognized_by_external_id_and_by_phone(local: Local):
    local.imported(FULL)
    local.imported({"external_id": "00042", "email": "new@example.com"})
    local.imported({"phone_number": "+37120000000", "first_name": "Zane"})
    (member,) = local.members()
    assert member["attributes"]["email"] == "new@example.com"
    assert member["attributes"]["first_name"] == "Zane"


def test_identifiers_of_two_people_in_one_row_are_an_import_error(local: Local):
    local.imported(GOOD, {"external_id": "7"})
    id = local.imported(GOOD | {"external_id": "7"})
    (error,) = local.get(f"{JOBS}/{id}/import-errors").json()["data"]
    assert error["attributes"]["code"] == "duplicate_profile"


def test_the_last_of_two_rows_for_one_person_wins(local: Local):
    local.imported(GOOD | {"first_name": "A"}, {"email": "GOOD@example.com", "first_name": "B"})
    (member,) = local.members()
    assert member["attributes"]["first_name"] == "B"


def test_an_invalid_phone_is_dropped_in_silence(local: Local):
    id = local.imported(GOOD | {"phone_number": "20000000"})
    assert local.job(id)["failed_count"] == 0
    (member,) = local.members()
    assert member["attributes"]["phone_number"] is None


def test_a_new_profile_was_never_asked_and_consent_stays_as_it_is(local: Local):
    emails = [f"visitor{n}@store.baltic-outfitters.example" for n in (1, 4)]
    local.imported(GOOD, *({"email": email} for email in emails))
    found = local.members(**{"additional-fields[profile]": "subscriptions"})
    consent = [m["attributes"]["subscriptions"]["email"]["marketing"]["consent"] for m in found]
    assert consent == ["NEVER_SUBSCRIBED", "SUBSCRIBED", "NEVER_SUBSCRIBED"]
    last = found[2]["attributes"]["subscriptions"]["email"]["marketing"]
    assert [entry["reason"] for entry in last["suppression"]] == ["HARD_BOUNCE"]


def test_nobody_joins_a_double_opt_in_list_at_once(local: Local):
    id = local.imported(GOOD, list_id="DbL0pt")
    assert local.job(id)["completed_count"] == 1
    assert local.members("DbL0pt") == []


def test_an_import_needs_no_list(local: Local):
    local.imported(GOOD, list_id=None)
    query = {"filter": 'equals(email,"good@example.com")'}
    assert len(local.get("/api/profiles", params=query).json()["data"]) == 1


def test_importing_the_same_again_changes_nothing(local: Local):
    for _ in range(2):
        local.imported(FULL, GOOD)
    assert len(local.members()) == 2


def test_one_profile_is_made_with_201_and_changed_with_200(local: Local):
    document = {"data": {"type": "profile", "attributes": FULL}}
    assert local.post("/api/profile-import", json=document).status_code == 201
    assert local.post("/api/profile-import", json=document).status_code == 200
    document["data"]["attributes"] = {"email": "bad"}
    (error,) = local.post("/api/profile-import", json=document).json()["errors"]
    assert error["source"] == {"pointer": "/data/attributes/email"}


def test_null_clears_a_field_when_a_profile_is_changed(local: Local):
    local.imported(FULL, GOOD | {"external_id": "7"})
    id = local.members()[0]["id"]

    def change(**attributes: Any):
        data = {"type": "profile", "id": id, "attributes": attributes}
        data["meta"] = {"patch_properties": {"unset": ["code"]}}
        return local.patch(f"/api/profiles/{id}", json={"data": data})

    changed = change(first_name=None, phone_number=None, properties={"vip": None})
    kept = changed.json()["data"]["attributes"]
    assert (kept["first_name"], kept["phone_number"]) == (None, None)
    assert kept["properties"] == {"spent": 12.5, "orders": 3, "tags": ["a", "b"]}
    conflict = change(external_id="7")
    assert conflict.status_code == 409
    assert conflict.json()["errors"][0]["meta"] == {
        "duplicate_profile_id": local.members()[1]["id"]
    }


def test_a_change_is_for_a_profile_that_exists(local: Local):
    data = {"type": "profile", "id": "x", "attributes": {}}
    assert local.patch("/api/profiles/x", json={"data": data}).status_code == 404


@pytest.mark.parametrize(
    ("profile", "status"),
    [
        ({"type": "profile", "attributes": {"email": "good@example.com"}}, 202),
        ({"type": "profile", "attributes": {"email": "a@b.example", "phone_number": "+1"}}, 400),
        ({"type": "profile", "attributes": {}}, 400),
        (None, 400),
    ],
)
def test_a_deletion_names_one_identifier_and_happens_later(
    local: Local, profile: object, status: int
):
    local.imported(GOOD)
    data = {"type": "data-privacy-deletion-job", "attributes": {"profile": {"data": profile}}}
    answer = local.post("/api/data-privacy-deletion-jobs", json={"data": data})
    assert answer.status_code == status
    assert len(local.members()) == 1
    local.clock.now += 2
    assert len(local.members()) == (0 if status == 202 else 1)
