"""What depends on a list at Klaviyo, and the usage of its plan, asked of the sandbox."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from core.destinations import Credentials
from core.destinations.klaviyo import Klaviyo, KlaviyoSettings, open_klaviyo
from core.destinations.klaviyo.dependents import groups_in
from core.destinations.klaviyo.more_answers import Messages, UsageRows
from core.destinations.limits import Limits
from core.errors import Forbidden
from tests.destinations.klaviyo.conftest import NOW

LIST = "Te5tQa"  # nothing depends on it at first


@pytest.fixture
def klaviyo(url: str, switch: Any) -> Iterator[Klaviyo]:
    with open_klaviyo(KlaviyoSettings(base_url=url), Credentials("pk_test"), Limits()) as opened:
        yield opened


def test_ids_are_found_however_deep_they_stand_in_a_definition():
    inner = {"type": "profile-group-membership", "is_member": False, "group_ids": ["B", 7]}
    metric = {"type": "profile-metric", "metric_filters": [{"filter": inner}]}
    outer = {"type": "profile-group-membership", "is_member": True, "group_ids": ["A"]}
    groups = {"condition_groups": [{"conditions": [metric]}, {"conditions": [outer]}]}
    assert list(groups_in(groups)) == ["B", "A"]
    for nothing in (None, {}, [], "Te5tQa", {"group_ids": None}):
        assert list(groups_in(nothing)) == []


def test_segments_by_way_of_others_count_and_inactive_ones_do_not(klaviyo: Klaviyo, switch: Any):
    switch("segments", name="Of it", id="SgA001", lists=[LIST], flow="Welcome to it")
    switch("segments", name="Of a segment", id="SgB001", lists=["SgA001"])
    switch("segments", name="Asleep", lists=[LIST], active=False)
    for n in range(12):  # more than a page
        switch("segments", name=f"Other {n}", lists=["VpX3qT"], flow=f"Other {n}")
    found = klaviyo.dependents(LIST)
    assert [(one.name, [flow.name for flow in one.flows]) for one in found.segments] == [
        ("Of it", ["Welcome to it"]),
        ("Of a segment", []),
    ]


def test_campaigns_come_in_order_with_the_segments_they_go_through(klaviyo: Klaviyo, switch: Any):
    switch("segments", name="Of it", id="SgA001", lists=[LIST])
    switch("campaigns", name="Late", lists=[LIST], send_at="2026-12-02T09:00:00Z")
    switch("campaigns", name="Soon", lists=["SgA001"], send_at="2026-11-28T15:00:00+02:00")
    switch("campaigns", name="Without", lists=["VpX3qT"], excluded=[LIST],
           send_at="2026-11-29T09:00:00Z")  # fmt: skip
    switch("campaigns", name="By text", lists=[LIST], channel="sms", send_at="2026-11-30T09:00:00Z")
    switch("campaigns", name="A draft", lists=[LIST], status="Draft")
    switch("campaigns", name="Sent", lists=[LIST], send_at="2026-11-28T11:00:00Z")
    switch("campaigns", name="Elsewhere", lists=["VpX3qT"], send_at="2026-11-29T09:00:00Z")
    found = klaviyo.dependents(LIST).campaigns
    assert [(one.name, one.through) for one in found] == [
        ("Soon", ("Of it",)),
        ("Without", ()),
        ("By text", ()),
        ("Late", ()),
    ]
    assert found[0].at == datetime(2026, 11, 28, 13, tzinfo=UTC)


def test_each_missing_scope_is_named_and_the_rest_is_read(klaviyo: Klaviyo, switch: Any):
    switch("keys", keys={"pk_test": ["lists:read", "segments:read"]})
    found = klaviyo.dependents("Y6nRLr")
    assert found.unseen == {"flows": ("flows:read",), "campaigns": ("campaigns:read",)}
    assert [(one.name, one.flows) for one in found.segments] == [("Engaged readers", ())]
    with pytest.raises(Forbidden, match="usage:read"):
        klaviyo.usage()
    assert klaviyo.missing_optional() == ("flows:read", "campaigns:read", "usage:read")


def test_an_older_revision_of_the_connection_changes_neither(url: str, switch: Any):
    settings = KlaviyoSettings(base_url=url, revision="2026-04-15")
    with open_klaviyo(settings, Credentials("pk_test"), Limits()) as klaviyo:
        assert [one.name for one in klaviyo.dependents("Y6nRLr").campaigns] == ["Winter sale"]
        assert klaviyo.usage()


def test_the_usage_is_that_of_the_account(klaviyo: Klaviyo, switch: Any):
    switch("settings", plan=5_000)
    usage = klaviyo.usage()
    assert (usage.plan, usage.active, usage.at) == (5_000, 18, NOW)


def test_rows_of_other_units_are_no_profiles():
    row = {"usage_used": 7.5, "usage_max": 9, "unit": "CAD", "as_of": "2026-11-28T12:00:00"}
    (read,) = UsageRows.model_validate({"data": [{"id": "x", "attributes": row}]}).data
    assert (read.usage().active, read.usage().at) == (8, NOW)
    assert read.attributes.unit != "profiles"


def test_a_message_with_a_time_for_each_variation_is_sent_at_the_first():
    times = {"a": "2026-11-29T10:00:00Z", "b": "2026-11-28T12:00", "c": "soon"}
    definition = {"send_options": {"send_time": None, "send_times": times}}
    message = {"id": "M", "attributes": {"definition": definition}, "relationships": []}
    (read,) = Messages.model_validate({"data": [message]}).data
    assert (read.at, read.campaign_id, read.audience_ids) == (NOW, None, [])
