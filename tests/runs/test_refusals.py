"""Why people were refused, without their values, and which reason an export is new to."""

from pathlib import Path

import polars as pl
import pytest

from core.runs import refusals
from core.store import Store
from core.store.tables.runs import Run
from tests.conftest import applied, people, written
from tests.runs.carried import carried
from tests.runs.conftest import asked

BOUNCED = "The address … can't be added: it bounced before."


@pytest.mark.parametrize(
    ("details", "counted"),
    [
        (
            ["a@x.lv bounced.", "b.c@y.example bounced.", "No."],
            [("… bounced.", 2), ("No.", 1)],
        ),
        (
            ["“+371 20” is no phone.", "“abc” is no phone.", "Row 7 isn't right, it's 12.5 long."],
            [("… is no phone.", 2), ("Row … isn't right, it's … long.", 1)],
        ),
        ([None], [("", 1)]),
    ],
)
def test_people_are_counted_by_reason_without_what_is_their_own(details, counted):
    refused = pl.DataFrame({"detail": pl.Series(details, dtype=pl.String)})
    assert refusals.counts(refused) == counted


@pytest.fixture
def source(store: Store, klaviyo: str, tmp_path: Path) -> Path:
    """Twenty people, who are all accepted."""
    place = tmp_path / "many.parquet"
    people(20).write_parquet(place)
    applied(store, written(tmp_path, place, klaviyo))
    return place


def ran_with(store: Store, source: Path, *refused: str) -> Run:
    """A run with people of these addresses as well."""
    more = people(20 + len(refused)).tail(len(refused)).with_columns(email=pl.Series(refused))
    pl.concat([people(20), more]).write_parquet(source)
    return carried(store, asked(store))


def test_a_reason_is_new_once_the_export_has_run_without_it_before(store: Store, source: Path):
    first = ran_with(store, source, "refused1@example.com")
    assert refusals.of([first]) == [refusals.Refused(BOUNCED, 1)]  # nothing to compare it with
    again = ran_with(store, source, "refused2@example.com", "refused3@example.com")
    assert (refusals.of([again]), refusals.new([again])) == ([refusals.Refused(BOUNCED, 2)], [])


def test_a_new_reason_is_a_sentence(store: Store, source: Path):
    assert carried(store, asked(store)).refusals == []
    run = ran_with(store, source, "refused2@example.com", "refused3@example.com")
    (found,) = refusals.new([run])
    assert refusals.sentence(found) == (
        "New: 2 refused for “The address … can't be added: it bounced before”, not seen in the "
        "last runs."
    )


def test_nothing_is_new_while_the_reasons_of_a_run_before_are_not_known(store: Store, source: Path):
    former = ran_with(store, source, "refused1@example.com")
    with store.begin() as session:  # as a version before this one left it
        session.get_one(Run, former.id).refusals = None
    assert refusals.new([ran_with(store, source, "refused2@example.com")]) == []
