"""What becomes of a person: imported, recognized, changed, cleared."""

from typing import Any

from tests.sandbox.local import JOBS, Local

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


def test_of_two_rows_with_one_external_id_the_second_takes_the_profile(local: Local):
    """What Klaviyo does with them is not documented; here it is this, which loses an address."""
    id = local.imported(GOOD | {"external_id": "7"}, {"email": "b@example.com", "external_id": "7"})
    assert local.job(id)["completed_count"] == 2
    assert [m["attributes"]["email"] for m in local.members()] == ["b@example.com"]


def test_a_phone_that_two_addresses_share_stays_with_both(local: Local):
    phone = {"phone_number": "+37120000000"}
    local.imported(GOOD | phone, {"email": "b@example.com"} | phone)
    assert [m["attributes"]["phone_number"] for m in local.members()] == [*phone.values()] * 2


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


def test_a_change_names_the_profile_of_its_address(local: Local):
    local.imported(GOOD)
    id = local.members()[0]["id"]
    data = {"type": "profile", "id": "x", "attributes": {"title": "a"}}
    (error,) = local.patch(f"/api/profiles/{id}", json={"data": data}).json()["errors"]
    assert error["source"] == {"pointer": "/data/id"}


def test_a_change_is_for_a_profile_that_exists(local: Local):
    data = {"type": "profile", "id": "x", "attributes": {}}
    assert local.patch("/api/profiles/x", json={"data": data}).status_code == 404
