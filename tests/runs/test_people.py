"""The people of a run by what became of them."""

from pathlib import Path

import httpx
import polars as pl
import pytest

from core.access import Person, Role
from core.runs import people as people_of_run
from core.runs.engine.worker import Worker
from core.runs.people import Outcome
from core.store import Store, requests, runs
from core.store.tables.runs import Run
from tests.conftest import ADA, applied, people, written
from tests.runs.carried import carried
from tests.runs.conftest import asked, bring

VIEWER = Person("Vita", Role.viewer, 7)


@pytest.fixture
def run(store: Store, klaviyo: str, tmp_path: Path) -> Run:
    """Of five people one has a new name, three are the same, one is refused; one has no email."""
    place = tmp_path / "many.parquet"
    people(4).write_parquet(place)
    applied(store, written(tmp_path, place, klaviyo))
    carried(store, asked(store))
    renamed = pl.when(pl.col("email") == "p1@example.com").then(pl.lit("New"))
    now = people(7).with_columns(first_name=renamed.otherwise("first_name"))
    emails = pl.col("email").replace({"p5@example.com": "refused1@example.com"})
    other = pl.when(pl.col("email") == "p6@example.com").then(pl.lit("nobody")).otherwise(emails)
    now.with_columns(email=other).write_parquet(place)
    return carried(store, asked(store), looks_back=False)


PEOPLE = [
    (Outcome.rejected, [("nobody", "invalid_email")]),
    (Outcome.refused, [("refused1@example.com", "refused")]),
    (Outcome.new, [("p7@example.com", None)]),
    (Outcome.changed, [("p1@example.com", None)]),
    (Outcome.same, [(f"p{n}@example.com", None) for n in (2, 3, 4)]),
]


def test_each_outcome_has_its_people_with_the_reason(store: Store, run: Run):
    for outcome, wanted in PEOPLE:
        found = people_of_run.of_run(store, ADA, [run], outcome)
        assert list(found.select("email", "reason").iter_rows()) == wanted, outcome
    (detail,) = people_of_run.of_run(store, ADA, [run], Outcome.refused)["detail"]
    assert "it bounced before" in detail


def test_who_may_not_see_addresses_sees_them_masked(store: Store, run: Run):
    found = people_of_run.of_run(store, VIEWER, [run], Outcome.new)
    assert found["email"].to_list() == ["p•••@example.com"]
    (detail,) = people_of_run.of_run(store, VIEWER, [run], Outcome.refused)["detail"]
    assert "refused1" not in detail


def test_those_whose_job_was_cancelled_are_undelivered_until_a_retry_takes_them(
    store: Store, klaviyo: str, tmp_path: Path
):
    rows = people(4).with_columns(
        email=pl.col("email").replace({"p2@example.com": "malformed2@example.com"})
    )
    bring(store, klaviyo, tmp_path, rows)
    httpx.post(f"{klaviyo}/sandbox/faults", json={"kind": "job_cancelled"}).raise_for_status()
    run = carried(store, asked(store))
    assert run.undelivered == 3
    found = people_of_run.of_run(store, ADA, [run], Outcome.undelivered)
    assert found["email"].to_list() == [f"p{n}@example.com" for n in (1, 3, 4)]
    assert set(found["detail"]) == {"Batch 1: its job was cancelled"}
    masked = people_of_run.of_run(store, VIEWER, [run], Outcome.undelivered)
    assert set(masked["email"]) == {"p•••@example.com"}
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, run.id))
    carried(store, again)
    assert people_of_run.of_run(store, ADA, [run], Outcome.undelivered).is_empty()


def test_those_of_batches_that_never_left_are_undelivered(
    store: Store, klaviyo: str, tmp_path: Path
):
    bring(store, klaviyo, tmp_path, people(3))
    worker, run = Worker(store), asked(store)
    worker.prepare(run.id)
    with store.begin() as session:
        requests.ask_stop(session, ADA, runs.find(session, run.id))
    worker.finish(run.id)
    worker.leave()
    found = people_of_run.of_run(store, ADA, [run], Outcome.undelivered)
    assert found.height == 3
    assert set(found["detail"]) == {"Never sent"}
