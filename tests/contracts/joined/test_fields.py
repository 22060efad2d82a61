"""Fields from another table mean the same wherever they are made: what docs/sources.md says."""

import pytest

from tests.contracts.joined import oracle, tables
from tests.contracts.joined.places import PLACES
from tests.contracts.joined.tables import TODAY, ZONE


@pytest.fixture(scope="module", params=PLACES)
def place(request, tmp_path_factory):
    made = PLACES[request.param](request, tmp_path_factory.mktemp("joined"))
    yield made
    made.close()


@pytest.mark.parametrize("join", [tables.join(), tables.join_by_number()], ids=["text", "number"])
def test_every_field_of_every_profile_is_what_is_said_of_it(place, join):
    [key] = join["on"]
    made = {field["name"]: field for field in join["fields"]}
    found = place.rows(join)
    assert [row["id"] for row in found] == [one["id"] for one in place.profiles]
    for profile, row in zip(place.profiles, found, strict=True):
        wanted = oracle.fields(profile[key], place.orders, join, TODAY, ZONE)
        differing = {n: (made[n], row[n], wanted[n]) for n in made if row[n] != wanted[n]}
        assert not differing, profile
