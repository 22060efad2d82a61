"""Looking into sources: what is there, and how many meet the rules."""

from pathlib import Path

import pytest

from core.access import Person, Role
from core.audience import looks, members
from core.errors import Denied, SourceFailed, Unknown
from core.profiles.segments.rules import Group
from core.store import Store, segments, sources
from tests.conftest import ADA, applied

VIEWER = Person("Vita", Role.viewer)


@pytest.fixture
def applied_store(store: Store, configuration: Path) -> Store:
    applied(store, configuration)
    return store


def row_of(store: Store):
    with store.begin() as session:
        return sources.find(session, "Profiles")


def rules(**rule: object) -> Group:
    return Group.model_validate({"all": [rule]})


def test_reading_a_source_records_what_was_found(applied_store: Store):
    found = looks.read(applied_store, ADA, row_of(applied_store))
    row = row_of(applied_store)
    assert (found.rows, row.rows, row.problem) == (12, 12, None)
    assert found.sample[0]["email"] == "p1@example.com"
    assert row.read_at is not None


def test_a_failure_is_recorded_and_gone_after_the_next_reading(
    applied_store: Store, profiles: Path
):
    kept = profiles.read_bytes()
    profiles.unlink()
    with pytest.raises(SourceFailed):
        looks.read(applied_store, ADA, row_of(applied_store))
    assert str(profiles) in (row_of(applied_store).problem or "")
    profiles.write_bytes(kept)
    looks.read(applied_store, ADA, row_of(applied_store))
    assert row_of(applied_store).problem is None


def test_counts_and_members_agree(applied_store: Store):
    rich = rules(field="spent", op="more_than", value=500)
    row = row_of(applied_store)
    counted = members.count(applied_store, ADA, row, {"Rich": rich})
    found = members.members(applied_store, ADA, row, rich, 10)
    assert (counted.rows, counted.segments["Rich"]) == (12, 3)
    assert [person["spent"] for person in found] == [600, 700, 800]


def test_a_recount_records_the_number_of_each_segment(applied_store: Store):
    members.recount(applied_store, ADA, row_of(applied_store))
    with applied_store.begin() as session:
        segment = segments.find(session, "Everybody")
    assert (segment.members, segment.total) == (12, 12)


def test_rules_over_a_field_that_is_not_there_are_refused(applied_store: Store):
    wrong = rules(field="spend", op="more_than", value=1)
    with pytest.raises(Unknown, match="spent"):
        members.members(applied_store, ADA, row_of(applied_store), wrong, 1)


def test_a_viewer_gets_no_members(applied_store: Store):
    with applied_store.begin() as session:
        segment = segments.find(session, "Everybody")
    with pytest.raises(Denied):
        members.members_csv(applied_store, VIEWER, segment)
    text = members.members_csv(applied_store, ADA, segment).decode("utf-8-sig")
    assert len(text.splitlines()) == 13


def test_columns_are_told_by_examples_and_by_how_many_are_empty(applied_store: Store):
    found = looks.columns(applied_store, ADA, row_of(applied_store), ["email", "gone", "spent"])
    assert found["email"].examples == ("p1@example.com", "p2@example.com", "p3@example.com")
    assert found["email"].empty == pytest.approx(2 / 12)
    assert found["spent"].examples == (100, 200, 300)
    assert list(found) == ["email", "spent"]


def test_addresses_among_examples_are_masked_for_who_may_not_see_them(applied_store: Store):
    found = looks.columns(applied_store, VIEWER, row_of(applied_store), ["email"])
    assert found["email"].examples[0] == "p•••@example.com"


def test_examples_of_a_source_that_is_gone_are_one_sentence(applied_store: Store, profiles: Path):
    profiles.unlink()
    with pytest.raises(SourceFailed, match="profiles"):
        looks.columns(applied_store, ADA, row_of(applied_store), ["email"])
