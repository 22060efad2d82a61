"""Fields that an export empties in Klaviyo where their column is empty, against the sandbox."""

from typing import Any

import httpx
import polars as pl
import pytest

from core.configuration.export import Export
from core.preview.plan import preview
from core.runs import history
from core.store import Store, exports
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, people
from tests.runs.carried import ran
from tests.runs.conftest import HEADERS, bring, members, sums_hold


def cleared(store: Store, klaviyo: str, folder, frame: pl.DataFrame, clear: str) -> None:
    """An export of these people that clears these fields."""
    bring(store, klaviyo, folder, frame, f"    clear: [{clear}]" if clear else "")


def without(frame: pl.DataFrame, column: str, n: int) -> pl.DataFrame:
    """The first n people with nothing in the column."""
    first = pl.int_range(pl.len()) < n
    return frame.with_columns(pl.when(~first).then(column).alias(column))


def profile(klaviyo: str, email: str) -> dict[str, Any]:
    query = {"filter": f'any(email,["{email}"])'}
    answer = httpx.get(f"{klaviyo}/api/profiles", params=query, headers=HEADERS)
    (found,) = answer.raise_for_status().json()["data"]
    return found["attributes"]


def calls(klaviyo: str, method: str) -> int:
    lines = httpx.get(f"{klaviyo}/sandbox/requests").json()["requests"]
    return sum(line["count"] for line in lines if line["method"] == method)


def test_an_empty_field_is_left_as_it_is_unless_the_export_clears_it(store, klaviyo, tmp_path):
    cleared(store, klaviyo, tmp_path, people(4), clear="")
    ran(store)
    cleared(store, klaviyo, tmp_path, without(people(4), "first_name", 2), clear="")
    assert preview(store, ADA, "Newsletter").clear == 0
    assert ran(store).cleared == 0
    assert profile(klaviyo, "p1@example.com")["first_name"] == "Name 1"


def test_attributes_and_properties_are_emptied_and_counted_as_the_plan_said(
    store, klaviyo, tmp_path
):
    fields = "first_name, properties.spent"
    cleared(store, klaviyo, tmp_path, people(5), clear=fields)
    ran(store)
    fewer = without(without(people(5), "first_name", 2), "spent", 3)
    cleared(store, klaviyo, tmp_path, fewer, clear=fields)
    plan = preview(store, ADA, "Newsletter")
    assert (plan.update, plan.unchanged, plan.clear) == (3, 2, 3)
    run = ran(store)
    assert (run.status, run.cleared, run.updated) == (RunStatus.succeeded, 3, 3)
    assert sums_hold(run)
    first, third, last = (profile(klaviyo, f"p{n}@example.com") for n in (1, 3, 5))
    assert (first["first_name"], first["properties"]) == (None, {})
    assert (third["first_name"], third["properties"]) == ("Name 3", {})
    assert (last["first_name"], last["properties"]) == ("Name 5", {"spent": 500})
    assert history.as_data(run, ())["cleared"] == 3


def test_only_profiles_that_hold_something_are_changed_one_by_one(store, klaviyo, tmp_path):
    cleared(store, klaviyo, tmp_path, without(people(300), "first_name", 298), clear="first_name")
    before = calls(klaviyo, "PATCH")
    assert ran(store).cleared == 298  # all new: nothing to empty
    assert calls(klaviyo, "PATCH") == before
    cleared(store, klaviyo, tmp_path, without(people(300), "first_name", 299), clear="first_name")
    run = ran(store)
    assert (run.cleared, run.sent) == (1, 1)
    assert calls(klaviyo, "PATCH") == before + 1


def test_clearing_that_is_switched_on_reaches_those_whose_field_was_empty_before(
    store, klaviyo, tmp_path
):
    cleared(store, klaviyo, tmp_path, people(3), clear="")
    ran(store)
    emptied = without(people(3), "first_name", 1)
    cleared(store, klaviyo, tmp_path, emptied, clear="")
    ran(store)
    assert preview(store, ADA, "Newsletter").unchanged == 3
    cleared(store, klaviyo, tmp_path, emptied, clear="first_name")
    plan = preview(store, ADA, "Newsletter")
    assert (plan.update, plan.clear) == (1, 1)
    ran(store)
    assert profile(klaviyo, "p1@example.com")["first_name"] is None


def test_what_could_not_be_emptied_is_sent_again_by_the_next_run(store, klaviyo, tmp_path):
    cleared(store, klaviyo, tmp_path, people(3), clear="first_name")
    ran(store)
    cleared(store, klaviyo, tmp_path, without(people(3), "first_name", 1), clear="first_name")
    fault = {"kind": "status", "endpoint": "PATCH /api/profiles/{id}", "status": 400, "times": 1}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    run = ran(store)
    assert (run.status, run.cleared, run.accepted) == (RunStatus.partial, 0, 1)
    assert run.error
    assert members(klaviyo) == {f"p{n}@example.com" for n in (1, 2, 3)}
    plan = preview(store, ADA, "Newsletter")
    assert (plan.update, plan.unchanged) == (1, 2)
    again = ran(store)
    assert (again.status, again.cleared) == (RunStatus.succeeded, 1)
    assert profile(klaviyo, "p1@example.com")["first_name"] is None


def test_a_field_that_is_not_matched_can_not_be_cleared(store, klaviyo, tmp_path):
    cleared(store, klaviyo, tmp_path, people(1), clear="")
    with store.begin() as session:
        spec = exports.spec(session, exports.find(session, "Newsletter")).model_dump()
    for names, why in ((["title"], "“title” is not among"), (["email"], "can't be cleared")):
        with pytest.raises(ValueError, match=why):
            Export.model_validate(spec | {"clear": names})
