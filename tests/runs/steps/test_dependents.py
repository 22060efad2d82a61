"""Runs shortly before a campaign to their list, and what depends on the list in a hold's reason."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from core.configuration.export import Guards
from core.destinations.klaviyo import SCOPES
from core.store import Store, connections, exports, readings, requests, runs
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people, written
from tests.runs.carried import carried, ran
from tests.runs.conftest import HEADERS, members


@pytest.fixture(autouse=True)
def thirty(store: Store, klaviyo: str, tmp_path: Path) -> None:
    people(30).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))


def guarded(store: Store, **guards: Any) -> None:
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        spec = exports.spec(session, row).model_copy(update={"guards": Guards(**guards)})
        exports.change(session, ADA, row, spec)


def campaign(klaviyo: str, minutes: int, *groups: str, name: str = "Flash sale") -> None:
    at = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
    order = {"name": name, "lists": groups or ["Y6nRLr"], "send_at": at}
    httpx.post(f"{klaviyo}/sandbox/campaigns", json=order).raise_for_status()


def allowed(klaviyo: str, *scopes: str) -> None:
    keys = {HEADERS["Authorization"].split()[1]: list(scopes)}
    httpx.post(f"{klaviyo}/sandbox/keys", json={"keys": keys}).raise_for_status()


def test_a_run_within_the_hours_before_a_campaign_is_held_and_may_go_on(store: Store, klaviyo: str):
    campaign(klaviyo, 90, "SgEngR")
    guarded(store, campaigns=2)
    held = ran(store)
    assert (held.status, held.asking) == (RunStatus.held, 30)
    why = held.hold or ""
    assert (
        "It would change 30 people within 2 h before the campaign “Flash sale”, to be sent" in why
    )
    # in the account's time zone
    assert "(Europe/Riga), to the segment “Engaged readers”." in why
    assert not members(klaviyo)
    assert held.held_data[0]["guards"][0]["name"] == "campaigns"
    with store.begin() as session:
        requests.confirm(session, ADA, runs.find(session, held.id), 30)
    assert carried(store, held).status == RunStatus.succeeded


def test_earlier_than_that_it_runs(store: Store, klaviyo: str):
    campaign(klaviyo, 130)
    guarded(store, campaigns=2)
    assert ran(store).status == RunStatus.succeeded


def test_a_hold_says_by_name_what_depends_on_the_list(store: Store, klaviyo: str, tmp_path: Path):
    allowed(klaviyo, *SCOPES, "segments:read", "flows:read")
    order = {"name": "Regulars", "lists": ["Y6nRLr"], "flow": "Thanks"}
    httpx.post(f"{klaviyo}/sandbox/segments", json=order).raise_for_status()
    bad = pl.when(pl.col("n") == 7).then(pl.lit("nobody@")).otherwise(pl.lit("a@example.com"))
    people(30, other=bad).with_columns(email="other").write_parquet(tmp_path / "many.parquet")
    guarded(store, reject=0)
    held = ran(store)
    assert held.status == RunStatus.held
    assert (
        "On this list depend the flow “Welcome series”; the segment “Engaged readers”; the segment "
        "“Regulars”, with the flow “Thanks”. Scheduled campaigns can't be seen: the key has no "
        "campaigns:read. Nothing was sent."
    ) in (held.hold or "")


def test_where_campaigns_can_not_be_seen_a_run_is_held_and_says_so(store: Store, klaviyo: str):
    """The hours before a campaign can't be kept by who doesn't see campaigns: a person decides."""
    campaign(klaviyo, 30)
    allowed(klaviyo, *SCOPES)
    guarded(store, campaigns=2)
    held = ran(store)
    assert held.status == RunStatus.held
    assert (
        "It would change 30 people, and whether a campaign to the list is sent within 2 h is not "
        "known: Scheduled campaigns can't be seen: the key has no campaigns:read."
    ) in (held.hold or "")
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        last = readings.find(session, row.id, readings.of_list("Y6nRLr"))
        assert last
        assert last.data["unseen"]["campaigns"] == ["campaigns:read"]


@pytest.mark.parametrize("status", [404, 500])
def test_where_campaigns_fail_a_run_is_held_with_all_else_by_name(
    store: Store, klaviyo: str, status: int
):
    guarded(store, campaigns=2)
    fault = {"kind": "status", "status": status, "times": None}
    fault["endpoint"] = "GET /api/campaign-messages"
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    held = ran(store)
    assert (held.status, held.asking) == (RunStatus.held, 30)
    why = held.hold or ""
    assert why.count("Scheduled campaigns could not be read:") == 1
    assert "On this list depend the flow “Welcome series”; the segment “Engaged readers”" in why
    assert not members(klaviyo)
    with store.begin() as session:
        requests.confirm(session, ADA, runs.find(session, held.id), 30)
    assert carried(store, held).status == RunStatus.succeeded


def test_without_such_a_guard_campaigns_that_fail_hold_nothing(store: Store, klaviyo: str):
    fault = {"kind": "status", "status": 500, "times": None, "endpoint": "GET /api/campaigns"}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    assert ran(store).status == RunStatus.succeeded
