"""What is asked of destinations seldom: kept, refreshed within bounds, harmless where it fails."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from core.access import Person, Role
from core.connections import readings
from core.connections.clients import open_briefly
from core.destinations import dependents
from core.destinations.dependents import EVERYTHING
from core.errors import Denied
from core.runs import dependent_words
from core.store import Store, billing, connections
from core.store import readings as kept
from core.store.tables.connections import ConnectionRow
from core.store.tables.readings import Reading
from tests.conftest import ADA, applied, written

LIST = "Y6nRLr"


@pytest.fixture(autouse=True)
def configured(store: Store, klaviyo: str, profiles: Path, tmp_path: Path) -> None:
    applied(store, written(tmp_path, profiles, klaviyo))


def row_of(store: Store) -> ConnectionRow:
    with store.begin() as session:
        return connections.find(session, "Klaviyo")


def asked(klaviyo: str, path: str) -> int:
    found = httpx.get(f"{klaviyo}/sandbox/requests").json()["requests"]
    return sum(one["count"] for one in found if one["path"] == path)


def fails(klaviyo: str, endpoint: str, status: int = 500) -> None:
    fault = {"kind": "status", "status": status, "endpoint": endpoint, "times": None}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()


def test_the_usage_is_asked_for_again_after_an_hour(store: Store, klaviyo: str):
    for _n in range(3):
        readings.usage_of_this_hour(store, row_of(store))
    assert asked(klaviyo, "/api/billing-usage") == 1
    with store.begin() as session:
        last = kept.find(session, row_of(store).id, kept.USAGE)
        assert last
        last.asked_at = datetime.now(UTC) - timedelta(minutes=61)
    readings.usage_of_this_hour(store, row_of(store))
    assert asked(klaviyo, "/api/billing-usage") == 2


def test_where_an_answer_fails_the_one_before_it_stands(store: Store, klaviyo: str):
    with open_briefly(store, row_of(store)) as destination:
        readings.note_usage(store, row_of(store), destination)
        before = readings.note_dependents(store, row_of(store), destination, LIST)
        fails(klaviyo, "GET /api/billing-usage", 404)
        readings.note_usage(store, row_of(store), destination)
    with store.begin() as session:
        assert billing.of(session, row_of(store)) is None  # it has no such numbers any more
    fails(klaviyo, "*")
    assert before.flows
    later = readings.dependents_now(store, row_of(store), LIST)
    assert replace(later, unread={}) == before
    with store.begin() as session:
        last = kept.find(session, row_of(store).id, kept.of_list(LIST))
        assert last
        assert later.unread[EVERYTHING].at == last.asked_at
        assert last.data["unread"] == {}
    assert readings.dependents_now(store, row_of(store), "VpX3qT").unread[EVERYTHING].at is None


def test_a_part_that_fails_stays_as_it_was_read_last_with_its_time(store: Store, klaviyo: str):
    before = readings.ask_dependents(store, ADA, row_of(store), LIST)
    with store.begin() as session:
        first = session.get_one(Reading, (row_of(store).id, kept.of_list(LIST))).asked_at
    order = {"name": "Newer", "lists": [LIST]}
    httpx.post(f"{klaviyo}/sandbox/segments", json=order).raise_for_status()
    fails(klaviyo, "GET /api/campaign-messages", 404)
    for _n in range(2):  # a second failure keeps the time of what is shown
        found = readings.ask_dependents(store, ADA, row_of(store), LIST)
        assert found.campaigns == before.campaigns
        assert found.unread["campaigns"].at == first
        assert "Newer" in [one.name for one in found.segments]
    with store.begin() as session:
        last = session.get_one(Reading, (row_of(store).id, kept.of_list(LIST)))
        assert dependents.read(last.data) == found
        assert last.asked_at > first
    [sentence] = dependent_words.unread(found, "UTC")
    assert sentence.startswith("Scheduled campaigns could not be read: 127.0.0.1:")
    assert sentence.endswith(
        f"What is shown of campaigns was read on {first:%Y-%m-%d %H:%M} (UTC)."
    )


def test_a_reading_of_an_older_version_is_read(store: Store):
    data = readings.ask_dependents(store, ADA, row_of(store), LIST).as_data()
    del data["unread"]
    assert dependents.read(data).unread == {}


def test_a_viewer_asks_no_account(store: Store):
    viewer = Person("Viola", Role.viewer, 7)
    with pytest.raises(Denied):
        readings.ask_dependents(store, viewer, row_of(store), LIST)
    assert readings.ask_dependents(store, ADA, row_of(store), LIST).segments
