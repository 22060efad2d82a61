"""What Klaviyo promises besides, against its local server over real HTTP."""

import json

import pytest

from core.destinations import Credentials, Filled
from core.destinations.limits import Limits
from core.destinations.register import open_destination
from core.errors import Missing
from tests.contracts.klaviyo import klaviyo

EMAIL = "a@example.com"


@pytest.fixture
def side(tmp_path):
    with klaviyo(tmp_path) as side:
        yield side


@pytest.fixture
def destination(side):
    limits = Limits(side.clock, side.clock.sleep)
    with open_destination("klaviyo", side.settings, Credentials(side.secret), limits) as opened:
        yield opened


@pytest.fixture
def write(destination):
    """Sends one profile to no list, and gives its id."""

    def written(attributes, **meta):
        body = json.dumps({"type": "profile", "attributes": attributes, **meta})
        receipt = destination.send(None, [body])
        assert destination.jobs.check(receipt.job_id).accepted == 1
        return destination.ids_of([EMAIL])[EMAIL]

    return written


def test_only_the_named_fields_of_any_kind_are_emptied(destination, write):
    attributes = {"email": EMAIL, "first_name": "Anna", "last_name": "Liepa"}
    attributes["location"] = {"city": "Riga", "country": "LV"}
    attributes["properties"] = {"size": 7, "shoe, size": 41, "color": "red"}
    id = write(attributes)
    for _twice in range(2):
        destination.clear(
            id, ["first_name", "location.city", "properties.size", "properties.shoe, size"]
        )
    read = destination.read_one(id)
    assert (read["first_name"], read["last_name"]) == (None, "Liepa")
    assert (read["location"]["city"], read["location"]["country"]) == (None, "LV")
    assert read["properties"] == {"color": "red"}


def test_a_profile_that_is_gone_is_told_for_plain_fields_too(destination):
    with pytest.raises(Missing, match="no profile “gone”"):
        destination.clear("gone", ["title"])


def test_it_tells_which_fields_of_any_kind_hold_anything(destination, write):
    attributes = {"email": EMAIL, "first_name": "Anna", "title": ""}
    attributes["location"] = {"city": "Riga"}
    attributes["properties"] = {"size": 0, "shoe, size": None}
    id = write(attributes)
    fields = ["first_name", "title", "location.city", "location.zip", "properties.size"]
    found = destination.filled(["A@example.com", "nobody@example.com"], fields)
    full = {"first_name", "location.city", "properties.size"}
    assert found == {EMAIL: Filled(id, frozenset(full))}


def test_a_batch_may_remove_properties_by_name(destination, write):
    id = write({"email": EMAIL, "properties": {"size": 7, "color": "red"}})
    unset = {"patch_properties": {"unset": ["size", "unknown"]}}
    write({"email": EMAIL, "properties": {"color": "blue"}}, meta=unset)
    assert destination.read_one(id)["properties"] == {"color": "blue"}


def test_its_account_tells_its_time_zone(destination):
    assert destination.account().time_zone
