"""Checking a match against a source: every mistake is told with attribute, column and type."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from core.destinations.klaviyo.capabilities import LAYOUT
from core.destinations.register import KINDS
from core.errors import Invalid, Unknown
from core.profiles.matching.fields import (
    FIELDS,
    IN_LOCATION,
    Match,
    Place,
    RegionColumn,
    check,
    columns,
    targets,
)
from core.profiles.sources import ROW, Kind

SCHEMA = {
    ROW: Kind.number,
    "email": Kind.text,
    "phone": Kind.text,
    "age": Kind.number,
    "tags": Kind.list,
    "member": Kind.boolean,
    "born": Kind.date,
    "country": Kind.text,
    "extra": Kind.other,
    "photo": Kind.bytes,
}
SENDABLE = SCHEMA.keys() - {ROW, "photo"}


@pytest.mark.parametrize(
    "match",
    [
        {"email": "email"},
        {"email": "email", "phone_number": "age", "external_id": "age", "first_name": "phone"},
        {"email": "email", "location": {"zip": "age", "city": "country", "latitude": "age"}},
        {"email": "email", "properties": {name: name for name in SENDABLE}},
    ],
)
def test_columns_of_fitting_types_are_taken(match):
    check(Match.model_validate(match), "lv", LAYOUT, SCHEMA)
    check(Match.model_validate(match), RegionColumn(column="country"), LAYOUT, SCHEMA)


@pytest.mark.parametrize(
    ("match", "field", "words"),
    [
        ({"email": "age"}, "match.email", "“email” needs text, but the column “age” has numbers"),
        ({"email": "email", "first_name": "tags"}, "match.first_name", "“tags” has lists"),
        ({"email": "email", "phone_number": "born"}, "match.phone_number", "“born” has dates"),
        ({"email": "photo"}, "match.email", "“photo” has bytes, which can't be sent"),
        (
            {"email": "email", "properties": {"it": "photo"}},
            "match.properties.it",
            "The column “photo” has bytes, which can't be sent. Leave it out.",
        ),
        (
            {"email": "email", "location": {"latitude": "phone"}},
            "match.location.latitude",
            "“location.latitude” needs numbers, but the column “phone” has text",
        ),
    ],
)
def test_a_column_of_the_wrong_type_is_named_with_what_it_holds(match, field, words):
    with pytest.raises(Invalid, match=words) as caught:
        check(Match.model_validate(match), None, LAYOUT, SCHEMA)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("match", "field"),
    [
        ({"email": "emial"}, "match.email"),
        ({"email": "email", "properties": {"Mail": "Emails"}}, "match.properties.Mail"),
    ],
)
def test_an_unknown_column_is_named_with_the_nearest(match, field):
    with pytest.raises(Unknown, match="Did you mean “email”") as caught:
        check(Match.model_validate(match), None, LAYOUT, SCHEMA)
    assert caught.value.field == field


def test_the_phone_region_is_a_country_or_a_column_of_text():
    match = Match(email="email", phone_number="phone")
    with pytest.raises(Unknown, match="There is no country code “Latvia”"):
        check(match, "Latvia", LAYOUT, SCHEMA)
    with pytest.raises(Unknown, match="Did you mean “country”"):
        check(match, RegionColumn(column="contry"), LAYOUT, SCHEMA)
    with pytest.raises(Invalid, match="“age”"):
        check(match, RegionColumn(column="age"), LAYOUT, SCHEMA)


def test_an_unknown_attribute_and_a_missing_email_are_refused():
    with pytest.raises(ValidationError, match="fist_name"):
        Match.model_validate({"email": "email", "fist_name": "name"})
    with pytest.raises(ValidationError, match="email"):
        Match.model_validate({"first_name": "name"})


def test_only_the_columns_that_are_needed_are_read_each_once():
    match = Match(
        email="email",
        phone_number="phone",
        location={"country": "country"},
        properties={"p": "phone"},
    )
    assert columns(match, RegionColumn(column="country")) == ["email", "phone", "country"]
    assert columns(Match(email="email"), RegionColumn(column="country")) == ["email"]


def test_a_field_that_the_destination_has_not_is_told():
    few = replace(LAYOUT, fields=frozenset({"email", "first_name"}))
    check(Match(email="email", first_name="country", properties={"size": "age"}), None, few, SCHEMA)
    with pytest.raises(Invalid, match="has no field “phone_number”") as caught:
        check(Match(email="email", phone_number="phone"), None, few, SCHEMA)
    assert caught.value.field == "match.phone_number"


def test_every_field_has_a_label_and_a_destination_that_takes_it():
    taken = {name for kind in KINDS.values() for name in kind.capabilities.layout.fields}
    assert FIELDS.keys() == taken
    whole = {"email": "c", "location": dict.fromkeys(Place.model_fields, "c")}
    match = Match(**{name: "c" for name in FIELDS if not name.startswith(IN_LOCATION)} | whole)
    assert [target.name for target in targets(match)] == list(FIELDS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tier", "tier "),
        ("tier", "\u00a0tier"),
        ("VIP level", "VIP  level"),
        ("tier", "ti\u200ber"),
    ],
)
def test_two_properties_may_not_differ_by_a_blank_only(one, other):
    with pytest.raises(ValidationError, match="differ only by a blank"):
        Match(email="email", properties={one: "tags", other: "age"})


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("$email", "Match “email” instead"),
        ("$city", "Match “location.city” instead"),
        ("$consent", "Rename it"),
        ("$anything", "Rename it"),
    ],
)
def test_names_that_the_destination_keeps_for_itself_are_no_properties(name, cure):
    match = Match(email="email", properties={name: "tags"})
    with pytest.raises(Invalid, match=cure) as caught:
        check(match, "lv", LAYOUT, SCHEMA)
    assert caught.value.field == f"match.properties.{name}"
    check(match, "lv", replace(LAYOUT, reserved=None), SCHEMA)
    check(Match(email="email", properties={"US$": "tags"}), "lv", LAYOUT, SCHEMA)
