"""Runs that would create more profiles in Klaviyo than its plan has room for."""

import json
from pathlib import Path

import httpx
import polars as pl
import pytest

from core.configuration.connection import Billing
from core.configuration.export import Guards, Mode
from core.destinations.klaviyo import SCOPES
from core.errors import Invalid
from core.store import Store, billing, connections, exports, requests, runs
from core.store.billing import Bill
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, applied, people, second_export, written
from tests.runs.carried import carried, ran
from tests.runs.conftest import HEADERS, members


@pytest.fixture(autouse=True)
def fifty(store: Store, klaviyo: str, tmp_path: Path) -> None:
    """Fifty people, exported to two lists; ten of them have a profile already.

    The key may not read the usage of the plan.
    """
    allowed(klaviyo, *SCOPES)
    for email in people(10)["email"]:
        there(klaviyo, email)
    brought(store, klaviyo, tmp_path, people(50))


def allowed(klaviyo: str, *scopes: str) -> None:
    """Keys may do this much from now on."""
    keys = {HEADERS["Authorization"].split()[1]: list(scopes)}
    httpx.post(f"{klaviyo}/sandbox/keys", json={"keys": keys}).raise_for_status()


def there(klaviyo: str, email: str) -> None:
    """Somebody has a profile."""
    body = {"data": {"type": "profile", "attributes": {"email": email}}}
    headers = HEADERS | {"content-type": "application/vnd.api+json"}
    address = f"{klaviyo}/api/profile-import"
    httpx.post(address, headers=headers, content=json.dumps(body)).raise_for_status()


def brought(store: Store, klaviyo: str, folder: Path, frame: pl.DataFrame) -> None:
    """These people in the place of those before; the numbers of billing are removed."""
    frame.write_parquet(folder / "many.parquet")
    applied(store, written(folder, folder / "many.parquet", klaviyo, second_export("VpX3qT")))


def entered(store: Store, plan: int, active: int) -> None:
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        spec = connections.spec(session, row, "pk")
        numbers = Billing(plan=plan, active=active)
        spec = spec.model_copy(update={"billing": numbers})
        connections.change(session, store.vault, ADA, row, spec)


def changed(store: Store, name: str = "Newsletter", **values: object) -> None:
    with store.begin() as session:
        row = exports.find(session, name)
        spec = exports.spec(session, row).model_copy(update=values)
        exports.change(session, ADA, row, spec)


def bill(store: Store) -> Bill | None:
    with store.begin() as session:
        return billing.of(session, connections.find(session, "Klaviyo"))


def confirmed(store: Store, run: Run, number: int) -> Run:
    with store.begin() as session:
        requests.confirm(session, ADA, runs.find(session, run.id), number)
    return carried(store, run)


def lookups(klaviyo: str) -> int:
    """How often profiles were asked for since the requests were cleared."""
    found = httpx.get(f"{klaviyo}/sandbox/requests").json()["requests"]
    return sum(one["count"] for one in found if one["path"] == "/api/profiles")


def test_new_profiles_beyond_the_plan_are_held_until_exactly_their_number_is_confirmed(
    store: Store, klaviyo: str
):
    entered(store, plan=500, active=461)
    before = members(klaviyo)
    held = ran(store)
    assert (held.status, held.asking, held.new_profiles) == (RunStatus.held, 40, 40)
    assert lookups(klaviyo) == 1
    assert (
        "create 40 new profiles in Klaviyo, where the plan has room for 39 more: 1 over the plan"
        in (held.hold or "")
    )
    assert members(klaviyo) == before
    with store.begin() as session, pytest.raises(Invalid, match="needs 40 to be confirmed, not 50"):
        requests.confirm(session, ADA, runs.find(session, held.id), 50)
    there(klaviyo, "p50@example.com")  # signs up meanwhile: what was confirmed stands
    httpx.delete(f"{klaviyo}/sandbox/requests")
    done = confirmed(store, held, 40)
    assert (done.status, done.accepted, done.new_profiles) == (RunStatus.succeeded, 50, 40)
    assert lookups(klaviyo) == 0


def test_a_run_with_room_in_the_plan_goes_and_takes_its_share_of_it(store: Store):
    entered(store, plan=500, active=460)
    assert ran(store).status == RunStatus.succeeded
    found = bill(store)
    assert found
    assert (found.created, found.room, found.read) == (40, 0, False)
    with store.begin() as session:  # nor may the key read them
        assert billing.missing(session, connections.find(session, "Klaviyo")) == ("usage:read",)
    again = ran(store, "Second")  # all of them have a profile by now
    assert (again.status, again.new_profiles) == (RunStatus.succeeded, 0)
    entered(store, plan=500, active=499)  # what was created before is among these
    found = bill(store)
    assert found
    assert (found.created, found.room) == (0, 1)


def test_without_the_numbers_nobody_is_asked_about_and_nothing_is_held(store: Store, klaviyo: str):
    httpx.delete(f"{klaviyo}/sandbox/requests")
    run = ran(store)
    assert (run.status, run.new_profiles) == (RunStatus.succeeded, None)
    assert lookups(klaviyo) == 0
    assert bill(store) is None


def test_a_run_that_adds_nobody_asks_nothing(store: Store, klaviyo: str):
    ran(store)
    entered(store, plan=500, active=600)
    httpx.delete(f"{klaviyo}/sandbox/requests")
    run = ran(store)
    assert (run.status, run.new_profiles) == (RunStatus.succeeded, 0)
    assert lookups(klaviyo) == 0


def test_an_export_that_only_updates_is_held_too_for_it_creates_who_is_missing(store: Store):
    entered(store, plan=500, active=461)
    changed(store, mode=Mode.update)
    held = ran(store)
    assert (held.status, held.asking) == (RunStatus.held, 40)
    assert confirmed(store, held, 40).status == RunStatus.succeeded


def test_switched_off_it_holds_nothing_and_counts_all_the_same(store: Store):
    entered(store, plan=500, active=500)
    changed(store, guards=Guards(billing=False))
    assert ran(store).status == RunStatus.succeeded
    found = bill(store)
    assert found
    assert found.created == 40


def test_the_parts_of_a_split_are_held_together_and_count_once(store: Store):
    entered(store, plan=500, active=461)
    changed(store, limit=20, over_limit="split")
    held = ran(store)
    assert (held.status, held.asking) == (RunStatus.held, 40)
    confirmed(store, held, 40)
    with store.begin() as session:
        parts = runs.siblings(session, held)
    assert [carried(store, part).status for part in parts] == ["succeeded"] * 3
    found = bill(store)
    assert found
    assert found.created == 40


def test_a_retry_counts_what_the_run_before_it_did_not_create(store: Store, klaviyo: str):
    entered(store, plan=500, active=450)
    httpx.post(f"{klaviyo}/sandbox/faults", json={"kind": "job_cancelled"})
    first = ran(store)
    assert (first.accepted, first.new_profiles) == (0, 40)
    before = bill(store)
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, first.id))
    second = carried(store, again)
    assert (second.accepted, second.new_profiles) == (50, 40)
    after = bill(store)
    assert before
    assert after
    assert (before.created, after.created) == (0, 40)


def test_of_very_many_it_says_about_and_asks_a_sample(store: Store, klaviyo: str, tmp_path: Path):
    brought(store, klaviyo, tmp_path, people(2_500))
    changed(store, guards=Guards(flows=False))
    entered(store, plan=2_000, active=0)
    held = ran(store)
    assert held.status == RunStatus.held
    assert held.asking == pytest.approx(2_490, abs=20)
    assert f"create about {held.asking:,} new profiles" in (held.hold or "")
    assert confirmed(store, held, held.asking or 0).status == RunStatus.succeeded


@pytest.fixture
def reading(klaviyo: str) -> None:
    """The key may read the usage of the plan."""
    allowed(klaviyo, *SCOPES, "usage:read")


def plan_with_room_for(klaviyo: str, more: int) -> None:
    """The plan at Klaviyo includes the profiles that are active, and so many more."""
    address = f"{klaviyo}/api/billing-usage/active_profiles"
    rows = httpx.get(address, headers=HEADERS).json()
    plan = rows["data"]["attributes"]["usage_used"] + more
    httpx.post(f"{klaviyo}/sandbox/settings", json={"plan": plan}).raise_for_status()
    httpx.delete(f"{klaviyo}/sandbox/requests")


def usage_questions(klaviyo: str) -> int:
    found = httpx.get(f"{klaviyo}/sandbox/requests").json()["requests"]
    return sum(one["count"] for one in found if one["path"] == "/api/billing-usage")


@pytest.mark.usefixtures("reading")
def test_a_plan_that_is_read_holds_what_would_go_over_it(store: Store, klaviyo: str):
    plan_with_room_for(klaviyo, 30)
    entered(store, plan=5_000, active=1)  # out of date: what Klaviyo tells counts
    held = ran(store)
    assert (held.status, held.asking, held.new_profiles) == (RunStatus.held, 40, 40)
    assert "40 new profiles in Klaviyo, where the plan has room for 30 more: 10 over the plan" in (
        held.hold or ""
    )
    assert "were read from Klaviyo on 2" in (held.hold or "")
    assert usage_questions(klaviyo) == 1
    done = confirmed(store, held, 40)
    assert (done.status, done.accepted) == (RunStatus.succeeded, 50)


@pytest.mark.usefixtures("reading")
def test_where_all_have_room_nobody_is_asked_about_and_the_plan_once_an_hour(
    store: Store, klaviyo: str
):
    plan_with_room_for(klaviyo, 60)
    run = ran(store)
    assert (run.status, run.new_profiles) == (RunStatus.succeeded, None)
    found = bill(store)
    assert found
    assert (found.read, found.room) == (True, 10)  # all fifty may have been new
    second = ran(store, "Second")  # to another list: asked, since fifty may be too many
    assert (second.status, second.new_profiles) == (RunStatus.succeeded, 0)
    assert (usage_questions(klaviyo), lookups(klaviyo)) == (1, 1)


@pytest.mark.usefixtures("reading")
def test_a_plan_that_can_not_be_read_harms_no_run(store: Store, klaviyo: str):
    fault = {"kind": "status", "status": 500, "endpoint": "GET /api/billing-usage", "times": None}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    assert ran(store).status == RunStatus.succeeded
    assert usage_questions(klaviyo)
    assert bill(store) is None
