"""What hangs on a list, and what is billed: campaigns, segments, their flows, usage."""

from pathlib import Path
from typing import Any

import pytest

from core import sandbox
from tests.sandbox.local import NEWSLETTER, Clock, Local, client_of

NOW, BEFORE = {"revision": "2026-10-15"}, {"revision": "2026-07-15"}
CAMPAIGNS, MESSAGES, SEGMENTS = "/api/campaigns", "/api/campaign-messages", "/api/segments"
EMAIL = "equals(messages.channel,'email')"


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    found = [row["attributes"] for row in answer.json()["data"]]
    return [one["name"] if "name" in one else one["definition"]["name"] for one in found]


def asked(local: Local, path: str, **query: str) -> Any:
    return local.get(path, params=query, headers=NOW)


def test_campaigns_of_the_former_revision_need_a_channel(local: Local):
    local.switch("campaigns", name="By text", lists=[NEWSLETTER], channel="sms")
    for query in ({}, {"filter": "equals(status,'Draft')"}):
        (error,) = local.get(CAMPAIGNS, params=query, headers=BEFORE).json()["errors"]
        assert (error["status"], error["source"]) == (400, {"parameter": "filter"})
    emails = local.get(CAMPAIGNS, params={"filter": EMAIL}, headers=BEFORE)
    assert names(emails) == ["Spring preview", "VIP evening", "Winter sale"]
    texts = local.get(
        CAMPAIGNS, params={"filter": "equals(messages.channel,'sms')"}, headers=BEFORE
    )
    assert names(texts) == ["By text"]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("equals(status,'Scheduled')", ["VIP evening", "Winter sale"]),
        ("any(status,['Draft','Sent'])", ["Spring preview"]),
        ("greater-than(scheduled_at,2026-09-20T12:00:00Z)", []),
        ("less-or-equal(scheduled_at,2030-01-01T00:00:00Z)", ["VIP evening", "Winter sale"]),
        ("contains(name,'SALE')", ["Winter sale"]),
    ],
)
def test_campaigns_are_filtered_as_documented(local: Local, more: str, found: list[str]):
    for text in (f"{EMAIL},{more}", f"and({more},{EMAIL})"):
        answer = local.get(CAMPAIGNS, params={"filter": text}, headers=BEFORE)
        assert names(answer) == found


def test_a_whole_campaign_tells_whom_it_goes_to_and_when(local: Local):
    at = "2026-12-01T10:00:00+02:00"
    local.switch("campaigns", name="New", lists=[NEWSLETTER], excluded=["SgVipR"], send_at=at)
    (found,) = local.get(
        CAMPAIGNS, params={"filter": f"{EMAIL},contains(name,'New')"}, headers=BEFORE
    ).json()["data"]
    about = found["attributes"]
    assert about["audiences"] == {"included": [NEWSLETTER], "excluded": ["SgVipR"]}
    assert (about["status"], about["send_time"]) == ("Scheduled", "2026-12-01T08:00:00+00:00")
    assert about["scheduled_at"] < about["send_time"]  # when it was scheduled, not when it is sent


def test_since_october_messages_have_the_status_and_audiences_the_lists(local: Local):
    query = {"filter": 'equals(status,"scheduled")', "include": "campaign"}
    answer = asked(local, MESSAGES, **query)
    assert names(answer) == ["VIP evening", "Winter sale"]
    message, campaign = answer.json()["data"][-1], answer.json()["included"][-1]
    sent_at = message["attributes"]["definition"]["send_options"]["send_time"]
    assert sent_at.endswith("T08:00:00+00:00")
    assert message["relationships"]["campaign"]["data"]["id"] == campaign["id"]
    query = {"filter": f'any(id,["{campaign["id"]}"])', "include": "campaign-audiences"}
    whole = asked(local, CAMPAIGNS, **query).json()
    (audience,) = whole["included"]
    assert audience["attributes"]["definition"]["included"] == [NEWSLETTER]
    (pointer,) = whole["data"][0]["relationships"]["campaign-audiences"]["data"]
    assert pointer["id"] == audience["id"]


def test_a_campaign_has_been_sent_once_its_time_has_come(local: Local):
    local.clock.now += 3 * 86_400
    assert names(asked(local, MESSAGES, filter='equals(status,"sent")')) == ["Winter sale"]
    found = local.get(
        CAMPAIGNS, params={"filter": f"{EMAIL},equals(status,'Sent')"}, headers=BEFORE
    )
    assert names(found) == ["Winter sale"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (CAMPAIGNS, {"filter": EMAIL}),
        (CAMPAIGNS, {"filter": "equals(status,'Scheduled')"}),
        (CAMPAIGNS, {"sort": "scheduled_at"}),
        (CAMPAIGNS, {"include": "lists"}),
        (CAMPAIGNS, {"page[size]": "101"}),
        (MESSAGES, {"filter": "any(status,['sent'])"}),
        (MESSAGES, {"filter": "equals(status,sent"}),
        (MESSAGES, {"page[cursor]": "nonsense"}),
        (SEGMENTS, {"page[size]": "11"}),
        (SEGMENTS, {"filter": "contains(name,'a')"}),
        (SEGMENTS, {"filter": "greater-than(created,yesterday)"}),
        (SEGMENTS, {"include": "profiles"}),
        ("/api/billing-usage", {"filter": "equals(unit,'profiles')"}),
    ],
)
def test_a_bad_question_names_its_parameter(local: Local, path: str, query: dict[str, str]):
    answer = asked(local, path, **query)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["code"], error["source"]) == ("invalid", {"parameter": next(iter(query))})


def test_what_is_newer_than_the_revision_is_not_found(local: Local):
    for path in (MESSAGES, "/api/billing-usage", "/api/billing-usage/active_profiles"):
        assert local.get(path, headers=BEFORE).status_code == 404
        assert local.get(path.replace("active_profiles", "email_sends"), headers=NOW).is_success


def test_segments_come_with_their_definitions_and_flows(local: Local):
    for n in range(10):
        local.switch("segments", name=f"S{n:02}", lists=[NEWSLETTER], flow=f"Flow {n}")
    first = asked(local, SEGMENTS, include="flow-triggers", sort="-name").json()
    assert first["data"][0]["attributes"]["name"] == "VIPs of Riga"
    assert len(first["data"]) == 10
    second = local.get(first["links"]["next"], headers=NOW).json()
    assert [row["attributes"]["name"] for row in second["data"]] == ["S00", "Engaged readers"]
    (condition,) = second["data"][0]["attributes"]["definition"]["condition_groups"][0][
        "conditions"
    ]
    assert (condition["type"], condition["group_ids"]) == ("profile-group-membership", [NEWSLETTER])
    (pointer,) = second["data"][0]["relationships"]["flow-triggers"]["data"]
    assert [(flow["id"], flow["attributes"]["name"]) for flow in second["included"]] == [
        (pointer["id"], "Flow 0")
    ]


def test_one_segment_and_the_flows_behind_it(local: Local):
    found = asked(local, f"{SEGMENTS}/SgVipR").json()["data"]
    assert found["attributes"]["name"] == "VIPs of Riga"
    flows = asked(local, f"{SEGMENTS}/SgVipR/flow-triggers")
    assert names(flows) == ["Invitation to the Riga store"]
    assert asked(local, f"{SEGMENTS}/nobody").status_code == 404
    assert names(asked(local, SEGMENTS, filter='equals(id,"SgEngR")')) == ["Engaged readers"]


def test_active_profiles_are_counted_from_what_is_there(local: Local):
    def active() -> int:
        rows = asked(local, "/api/billing-usage").json()["data"]
        assert {row["attributes"]["unit"] for row in rows} == {"messages", "profiles", "credits"}
        return max(r["attributes"]["usage_used"] for r in rows if r["id"] == "active_profiles")

    before = active()  # the visitors who are not suppressed
    assert before == 18
    local.imported({"email": "a@example.com"}, {"phone_number": "+37120000000"})
    assert active() == before + 1
    local.switch("settings", plan=20)
    one = asked(local, "/api/billing-usage/active_profiles").json()["data"]["attributes"]
    assert (one["usage_used"], one["usage_max"]) == (before + 1, 20)
    assert one["period_start"] <= one["as_of"] < one["period_end"]
    assert asked(local, "/api/billing-usage/stamps").status_code == 404


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        (CAMPAIGNS, "campaigns:read"),
        (MESSAGES, "campaigns:read"),
        (SEGMENTS, "segments:read"),
        (f"{SEGMENTS}/SgVipR", "segments:read"),
        ("/api/billing-usage", "usage:read"),
        ("/api/billing-usage/email_sends", "usage:read"),
    ],
)
def test_each_needs_its_scope(local: Local, path: str, scope: str):
    local.switch("keys", keys={"pk_demo": ["lists:read", "flows:read"]})
    (error,) = asked(local, path).json()["errors"]
    assert (error["status"], error["code"]) == (403, "permission_denied")
    assert error["detail"].endswith(scope)
    local.switch("keys", keys={"pk_demo": [scope]})
    assert asked(local, path).status_code == 200


def test_flows_in_an_answer_about_segments_need_their_scope_too(local: Local):
    local.switch("keys", keys={"pk_demo": ["segments:read"]})
    answer = asked(local, SEGMENTS, include="flow-triggers")
    assert answer.status_code == 403
    assert "flows:read" in answer.text


def test_other_accounts_have_none_of_it(local: Local):
    other = NOW | {"authorization": "Klaviyo-API-Key pk_other"}
    for path in (CAMPAIGNS, MESSAGES, SEGMENTS):
        assert local.get(path, headers=other).json()["data"] == []


def test_their_limits_hold(tmp_path: Path):
    with sandbox.running(tmp_path, clock=Clock()) as url, client_of(url, Clock()) as local:
        for path, most in (
            (MESSAGES, 10),
            ("/api/billing-usage", 10),
            (f"{SEGMENTS}/x/flow-triggers", 3),
        ):
            answers = [local.get(path, headers=NOW).status_code for _n in range(most + 1)]
            assert answers[-1] == 429
            assert 429 not in answers[:-1]


def test_the_page_shows_campaigns_and_segments(local: Local):
    page = local.get("/").text
    for name in ("Winter sale", "VIPs of Riga"):
        assert name in page
