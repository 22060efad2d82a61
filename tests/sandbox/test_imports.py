"""What a bulk import of the local Klaviyo takes: whole requests, or nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.local import JOBS, NEWSLETTER, Local, import_of

GOOD = {"email": "good@example.com"}


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
        ({"external_id": {"a": 1}}, "external_id"),
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


@pytest.mark.parametrize("meta", [[1], {"patch_properties": {"append": {"a": 1}}}, "x"])
def test_of_the_changes_to_properties_only_unset_is_known(local: Local, meta: object):
    document = import_of(GOOD)
    document["data"]["attributes"]["profiles"]["data"][0]["meta"] = meta
    (error,) = local.post(JOBS, json=document).json()["errors"]
    assert error["source"]["pointer"] == "/data/attributes/profiles/data/0/meta"


def test_an_exchange_id_identifies_nobody_here(local: Local):
    assert local.job(local.imported({"_kx": "abc"}))["failed_count"] == 1


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


def _odd_profile(document: dict[str, Any]) -> None:
    document["data"]["attributes"]["profiles"]["data"].append("profile")


def _odd_list(document: dict[str, Any]) -> None:
    document["data"]["relationships"] = {"lists": [{"id": "Y6nRLr"}]}


@pytest.mark.parametrize(
    "spoil", [_no_profiles, _wrong_type, _no_attributes, _odd_profile, _odd_list]
)
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
