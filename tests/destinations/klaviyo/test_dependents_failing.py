"""What depends on a list where Klaviyo doesn't answer for all of it: each part fails alone."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from core.destinations import Credentials
from core.destinations.klaviyo import Klaviyo, KlaviyoSettings, open_klaviyo
from core.destinations.limits import Limits
from core.errors import Missing, NotAccepted, Unavailable

LIST = "Y6nRLr"
CALLS = {
    "flows": "GET /api/lists/{id}/flow-triggers",
    "segments": "GET /api/segments",
    "campaigns": "GET /api/campaign-messages",
}
WHOLE = {"flows": ["Welcome series"], "segments": ["Engaged readers"], "campaigns": ["Winter sale"]}


@pytest.fixture
def klaviyo(url: str, switch: Any) -> Iterator[Klaviyo]:
    settings = KlaviyoSettings(base_url=url, tries=1, timeout=0.3)
    with open_klaviyo(settings, Credentials("pk_test"), Limits()) as opened:
        yield opened


@pytest.fixture
def fails(url: str, switch: Any):
    def act(part: str, kind: str = "status", **fault: Any) -> None:
        order = {"kind": kind, "endpoint": CALLS[part], "times": None, **fault}
        httpx.post(f"{url}/sandbox/faults", json=order).raise_for_status()

    return act


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"status": 404}, ""),
        ({"status": 500}, "status 500"),
        ({"status": 400}, "refused the whole request"),
        ({"kind": "hang", "seconds": 1}, "didn't answer in time"),
        ({"kind": "closed_before"}, "closed the connection"),
        ({"kind": "broken_json"}, "isn't Klaviyo's JSON"),
    ],
    ids=str,
)
@pytest.mark.parametrize("part", CALLS)
def test_a_part_that_fails_is_named_and_the_others_are_read(
    klaviyo: Klaviyo, fails: Any, part: str, fault: dict[str, Any], sentence: str
):
    fails(part, **fault)
    found = klaviyo.dependents(LIST)
    shown = {what: [one.name for one in getattr(found, what)] for what in CALLS}
    assert shown == WHOLE | {part: []}
    assert [*found.unread] == [part]
    assert found.unread[part].at is None
    assert sentence in found.unread[part].why
    assert "There is no list" not in found.unread[part].why


def test_where_nothing_can_be_read_the_first_failure_is_told(klaviyo: Klaviyo, fails: Any):
    for part in CALLS:
        fails(part, status=503)
    with pytest.raises(Unavailable):
        klaviyo.dependents(LIST)


def test_flows_that_are_not_found_are_no_missing_list(klaviyo: Klaviyo, fails: Any):
    with pytest.raises(Missing):
        klaviyo.dependents("NoSuch")
    fails("flows", status=404)
    with pytest.raises(Missing):
        klaviyo.dependents("NoSuch")
    assert klaviyo.dependents(LIST).campaigns


def test_a_key_that_is_not_accepted_is_asked_for_one_part_only(
    url: str, klaviyo: Klaviyo, switch: Any
):
    switch("keys", keys={"pk_other": ["lists:read"]})
    with pytest.raises(NotAccepted):
        klaviyo.dependents(LIST)
    assert httpx.get(f"{url}/sandbox/requests").json()["total"] == 1
