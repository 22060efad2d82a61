"""The people of a run by what became of them."""

from pathlib import Path

import polars as pl
import pytest

from core.access import Person, Role
from core.runs import people as people_of_run
from core.runs.people import Outcome
from core.store import Store
from core.store.tables.runs import Run
from tests.conftest import ADA, applied, people, written
from tests.runs.conftest import asked
from tests.runs.test_holds import carried

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
    return carried(store, asked(store))


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
