"""Lists, members and profiles of the local Klaviyo: pages, filters, fields."""

import pytest

from tests.sandbox.local import Local


def ids(answer) -> list[str]:
    return [entry["id"] for entry in answer.json()["data"]]


def test_lists_come_in_pages_of_ten_at_most(local: Local):
    first = local.get("/api/lists")
    assert len(ids(first)) == 10
    second = local.get(first.json()["links"]["next"])
    assert second.json()["links"]["next"] is None
    assert len(set(ids(first) + ids(second))) == 14


@pytest.mark.parametrize("sort", ["name", "-name", "id", "-created", "updated"])
def test_pages_keep_their_order(local: Local, sort: str):
    found, link = [], f"/api/lists?sort={sort}&page[size]=3"
    while link:
        page = local.get(link).json()
        found += page["data"]
        link = page["links"]["next"]
    field = sort.removeprefix("-")
    keys = [entry["id"] if field == "id" else entry["attributes"][field] for entry in found]
    assert len(keys) == 14
    assert keys == sorted(keys, reverse=sort.startswith("-"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('equals(name,"VIP")', ["VpX3qT"]),
        ("equals(name,'VIP')", ["VpX3qT"]),
        ('any(name,["VIP","Newsletter"])', ["Y6nRLr", "VpX3qT"]),
        ('equals(id,"Y6nRLr")', ["Y6nRLr"]),
        ('any(id,["nobody"])', []),
    ],
)
def test_lists_are_filtered_by_name_and_id(local: Local, text: str, found: list[str]):
    assert ids(local.get("/api/lists", params={"filter": text})) == found


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/lists", {"page[size]": "11"}),
        ("/api/lists", {"page[size]": "0"}),
        ("/api/lists", {"page[size]": "ten"}),
        ("/api/lists", {"page[cursor]": "made up"}),
        ("/api/profiles", {"page[cursor]": "bmV4dDo6aWQ6OlY0dTlz"}),
        ("/api/profile-bulk-import-jobs", {"page[cursor]": "bmV4dDo6aWQ6OlY0dTlz"}),
        ("/api/lists", {"filter": "contains(name,'a')"}),
        ("/api/lists", {"filter": "equals(email,'a')"}),
        ("/api/lists", {"filter": "equals(name,VIP)"}),
        ("/api/lists", {"filter": "any(name,[])"}),
        ("/api/lists", {"filter": "any(name,['a'"}),
        ("/api/lists", {"sort": "size"}),
        ("/api/lists", {"include": "profiles"}),
        ("/api/profiles", {"sort": "name"}),
        ("/api/lists/Y6nRLr/profiles", {"sort": "email"}),
        ("/api/profile-bulk-import-jobs", {"sort": "status"}),
        ("/api/lists/Y6nRLr", {"additional-fields[list]": "size"}),
        ("/api/lists/Y6nRLr/profiles", {"page[size]": "101"}),
        ("/api/profiles", {"page[size]": "101"}),
        ("/api/profiles", {"filter": f"any(email,{['a@b.example'] * 101})"}),
    ],
)
def test_a_bad_query_names_its_parameter(local: Local, path: str, query: dict[str, str]):
    answer = local.get(path, params=query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"parameter": next(iter(query))}


def test_a_list_tells_its_count_and_flows_only_when_asked(local: Local):
    plain = local.get("/api/lists/Y6nRLr").json()
    assert "profile_count" not in plain["data"]["attributes"]
    assert "included" not in plain
    query = {"additional-fields[list]": "profile_count", "include": "flow-triggers"}
    full = local.get("/api/lists/Y6nRLr", params=query).json()
    assert full["data"]["attributes"]["profile_count"] == 0
    (flow,) = full["included"]
    assert (flow["type"], flow["attributes"]["status"]) == ("flow", "live")
    assert full["data"]["relationships"]["flow-triggers"]["data"] == [
        {"type": "flow", "id": flow["id"]}
    ]


def test_flow_triggers_are_those_of_the_list(local: Local):
    answer = local.get("/api/lists/VpX3qT/flow-triggers").json()
    assert [flow["attributes"]["name"] for flow in answer["data"]] == ["VIP thank you"]
    assert local.get("/api/lists/Sk1Boo/flow-triggers").json()["data"] == []


def test_a_new_list_is_double_opt_in_unless_said(local: Local):
    body = {"data": {"type": "list", "attributes": {"name": "Līgo"}}}
    answer = local.post("/api/lists", json=body)
    assert answer.status_code == 201
    assert answer.json()["data"]["attributes"]["opt_in_process"] == "double_opt_in"
    assert ids(local.get("/api/lists", params={"filter": 'equals(name,"Līgo")'})) == [
        answer.json()["data"]["id"]
    ]


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"type": "lists", "attributes": {"name": "a"}},
        {"type": "list", "attributes": {}},
        {"type": "list", "attributes": {"name": " "}},
        {"type": "list", "attributes": {"name": "a", "opt_in_process": "none"}},
    ],
)
def test_a_list_needs_a_name_and_a_known_process(local: Local, data: object):
    assert local.post("/api/lists", json={"data": data}).status_code == 400


def test_members_come_in_the_order_of_joining_with_the_time(local: Local):
    local.imported({"email": "b@example.com"})
    local.imported({"email": "a@example.com"})
    found = local.members()
    assert [member["attributes"]["email"] for member in found] == ["b@example.com", "a@example.com"]
    assert found[0]["attributes"]["joined_group_at"] < found[1]["attributes"]["joined_group_at"]
    newest = local.members(sort="-joined_group_at")
    assert newest == found[::-1]


def test_members_are_paged_and_filtered_by_email_in_any_case(local: Local):
    local.imported(*({"email": f"p{n}@example.com"} for n in range(30)))
    answer = local.get("/api/lists/Y6nRLr/profiles").json()
    assert len(answer["data"]) == 20
    assert len(local.get(answer["links"]["next"]).json()["data"]) == 10
    found = local.members(filter='any(email,["P3@Example.com","nobody@example.com"])')
    assert [member["attributes"]["email"] for member in found] == ["p3@example.com"]


def test_fields_can_be_chosen(local: Local):
    local.imported({"email": "a@example.com", "first_name": "Anna"})
    (member,) = local.members(**{"fields[profile]": "email,location.city"})
    assert set(member["attributes"]) == {"email", "location"}


def test_removed_members_stay_as_profiles_with_their_consent(local: Local):
    before = local.members("Vs7kQ2", **{"additional-fields[profile]": "subscriptions"})
    gone = [{"type": "profile", "id": before[0]["id"]}]
    answer = local.request(
        "DELETE", "/api/lists/Vs7kQ2/relationships/profiles", json={"data": gone}
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(local.members("Vs7kQ2", **{"page[size]": "100"})) == 23
    query = {"additional-fields[profile]": "subscriptions"}
    after = local.get(f"/api/profiles/{before[0]['id']}", params=query).json()["data"]
    kept = after["attributes"]["subscriptions"]
    assert kept == before[0]["attributes"]["subscriptions"]


@pytest.mark.parametrize(
    "data", [[], None, [{"type": "profile", "id": "x"}], [{"id": "01KSANDB0X0000000000000001"}]]
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_adding_and_removing_need_profile_ids(local: Local, method: str, data: object):
    path = "/api/lists/Y6nRLr/relationships/profiles"
    assert local.request(method, path, json={"data": data}).status_code == 400


def test_nobody_is_added_where_one_does_not_exist(local: Local):
    known = local.members("Vs7kQ2")[0]["id"]
    data = [{"type": "profile", "id": id} for id in (known, "01KSANDB0X0000000000FFFFFF")]
    answer = local.post("/api/lists/Y6nRLr/relationships/profiles", json={"data": data})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"pointer": "/data/1/id"}
    assert local.members() == []


def test_who_is_added_to_a_double_opt_in_list_has_to_confirm(local: Local):
    data = [{"type": "profile", "id": local.members("Vs7kQ2")[0]["id"]}]
    answer = local.post("/api/lists/DbL0pt/relationships/profiles", json={"data": data})
    assert (answer.status_code, local.members("DbL0pt")) == (204, [])


def test_a_thousand_are_removed_at_once_and_not_more(local: Local):
    path = "/api/lists/Y6nRLr/relationships/profiles"
    one = {"type": "profile", "id": "01KSANDB0X0000000000000001"}
    assert local.request("DELETE", path, json={"data": [one] * 1_000}).status_code == 204
    assert local.request("DELETE", path, json={"data": [one] * 1_001}).status_code == 400


def test_profiles_are_found_by_each_identifier(local: Local):
    person = {"email": "a@example.com", "phone_number": "+37120000000", "external_id": "007"}
    local.imported(person)
    for field, value in person.items():
        query = {"filter": f'equals({field},"{value}")'}
        (found,) = local.get("/api/profiles", params=query).json()["data"]
        assert found["attributes"]["email"] == "a@example.com"
    query = {"filter": f'any(id,["{found["id"]}"])'}
    assert ids(local.get("/api/profiles", params=query)) == [found["id"]]


@pytest.mark.parametrize("sort", ["email", "-email", "created", "-id"])
def test_all_profiles_are_paged(local: Local, sort: str):
    link, found = f"/api/profiles?sort={sort}&page[size]=7", []
    while link:
        page = local.get(link).json()
        found += [entry["id"] for entry in page["data"]]
        link = page["links"]["next"]
    assert len(found) == len(set(found)) == 24


def test_suppressions_are_told_with_their_reason(local: Local):
    query = {"additional-fields[profile]": "subscriptions", "page[size]": "100"}
    people = local.members("Vs7kQ2", **query)
    marketing = [p["attributes"]["subscriptions"]["email"]["marketing"] for p in people]
    reasons = {s["reason"] for entry in marketing for s in entry["suppression"]}
    assert {"HARD_BOUNCE", "UNSUBSCRIBE", "USER_SUPPRESSED"} <= reasons
    assert all(m["can_receive_email_marketing"] != bool(m["suppression"]) for m in marketing)


def test_a_list_is_deleted_and_its_profiles_stay(local: Local):
    before = local.get("/api/profiles").json()["data"]
    assert local.request("DELETE", "/api/lists/Y6nRLr").status_code == 204
    assert local.get("/api/lists/Y6nRLr").status_code == 404
    assert local.request("DELETE", "/api/lists/Y6nRLr").status_code == 404
    assert local.get("/api/profiles").json()["data"] == before
