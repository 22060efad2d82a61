"""People whom Klaviyo suppresses, and exports that leave them out."""

import httpx
import polars as pl
import pytest

from core.errors import DestinationFailed
from core.preview import one_person
from core.preview.plan import newcomers, preview
from core.runs import downloads
from core.store import Store
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people, written
from tests.runs.carried import ran
from tests.runs.conftest import sums_hold

# Of the people on the sandbox's sign-up list, six are suppressed.
VISITORS = [f"visitor{n}@store.baltic-outfitters.example" for n in range(1, 25)]


@pytest.fixture(autouse=True)
def export(store: Store, klaviyo: str, tmp_path) -> None:
    """Forty people, the visitors among them, to be mirrored."""
    known = people(24).with_columns(email=pl.Series(VISITORS))
    pl.concat([known, people(40).tail(16)]).write_parquet(tmp_path / "many.parquet")
    more = "    leave_out_suppressed: true\n    mode: mirror"
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, more))


def lookups(klaviyo: str) -> int:
    lines = httpx.get(f"{klaviyo}/sandbox/requests").json()["requests"]
    return sum(line["count"] for line in lines if line["path"] == "/api/profiles")


def test_they_are_counted_in_the_plan_and_left_out_by_the_run(store, klaviyo):
    plan = preview(store, ADA, "Newsletter")
    assert (plan.members, plan.valid, plan.rejected) == (40, 34, {"suppressed": 6})
    run = ran(store)
    assert (run.status, run.sent, run.rejected) == (RunStatus.partial, 34, {"suppressed": 6})
    assert sums_hold(run)
    assert set(downloads.rejected(store, ADA, run)["reason"]) == {"suppressed"}


def test_the_answer_is_kept_for_whoever_looks_again_but_a_run_asks_anew(store, klaviyo):
    preview(store, ADA, "Newsletter")
    asked = lookups(klaviyo)
    assert asked
    preview(store, ADA, "Newsletter")
    assert newcomers(store, ADA, "Newsletter").len() == 34
    assert lookups(klaviyo) == asked
    ran(store)
    assert lookups(klaviyo) > asked


def test_whoever_is_tried_alone_is_told_why_they_would_not_be_sent(store):
    reasons = {one_person.show(store, ADA, "Newsletter", email).reason for email in VISITORS}
    assert reasons == {None, "suppressed"}
    assert preview(store, ADA, "Newsletter").valid == 34  # what was kept is whole


def test_where_it_can_not_be_asked_nothing_is_sent(store, klaviyo):
    fault = {"kind": "status", "endpoint": "GET /api/profiles", "status": 400, "times": 2}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    with pytest.raises(DestinationFailed):
        preview(store, ADA, "Newsletter")
    run = ran(store)
    assert (run.status, run.sent) == (RunStatus.failed, 0)
    assert run.error
