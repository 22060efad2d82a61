"""The rows of a source that an export's segments don't take."""

from pathlib import Path

import polars as pl
import pytest

from core.access import Person, Role
from core.audience.outside import Outside, outside
from core.configuration.source import Source
from core.errors import Unknown
from core.profiles.segments.rules import Group
from core.store import Store, sources
from core.store.tables.data import SourceRow
from tests.conftest import ADA

VIEWER = Person("Vita", Role.viewer, 7)
RULES = {
    "North": Group.model_validate({"all": [{"field": "city", "op": "equals", "value": "Tartu"}]}),
    "Old": Group.model_validate({"all": [{"field": "age", "op": "more_than", "value": 60}]}),
}
FIELDS = ["email", "city", "age", "not there any more"]


@pytest.fixture
def source(store: Store, tmp_path: Path) -> SourceRow:
    """Six people, of whom three are in neither segment; one has no city and no age."""
    path = tmp_path / "six.parquet"
    cities = ["Tartu", "Riga", "Riga", None, "Vilnius", "Riga"]
    pl.DataFrame(
        {
            "email": [f"p{n}@shop.example" for n in range(6)],
            "city": cities,
            "age": [20, 30, 70, None, 40, 65],
        }
    ).write_parquet(path)
    with store.begin() as session:
        return sources.add(session, ADA, Source(name="Six", path=str(path)), {})


def emails(found: Outside) -> list[str]:
    return [row["email"] for row in found.rows]


def test_people_in_no_segment_are_outside_also_where_a_field_is_empty(
    store: Store, source: SourceRow
):
    found = outside(store, ADA, source, RULES, FIELDS, (0, 25))
    assert found.n == 3
    assert emails(found) == [f"p{n}@shop.example" for n in (1, 3, 4)]
    assert list(found.rows[0]) == ["email", "city", "age"]


def test_a_page_of_them_is_read_alone(store: Store, source: SourceRow):
    found = outside(store, ADA, source, RULES, FIELDS, (2, 4))
    assert (found.n, emails(found)) == (3, ["p4@shop.example"])


def test_the_first_of_those_whom_rules_find_are_counted_among_everybody(
    store: Store, source: SourceRow
):
    oldest = {"all": [], "top": {"count": 2, "by": "age", "ties": "email"}}
    found = outside(store, ADA, source, {"Old": Group.model_validate(oldest)}, FIELDS, (0, 25))
    assert emails(found) == [f"p{n}@shop.example" for n in (0, 1, 3, 4)]


def test_who_may_not_see_values_sees_them_masked(store: Store, source: SourceRow):
    found = outside(store, VIEWER, source, RULES, FIELDS, (0, 1))
    assert found.rows == [{"email": "p•••@shop.example", "city": "R•••", "age": 30}]


def test_a_segment_whose_field_is_missing_says_so(store: Store, source: SourceRow):
    rules = Group.model_validate({"all": [{"field": "tier", "op": "equals", "value": "gold"}]})
    with pytest.raises(Unknown, match="tier"):
        outside(store, ADA, source, {"Gold": rules}, FIELDS, (0, 5))
