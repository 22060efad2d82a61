"""What is left out of profiles, and which warnings their rows carry for it."""

import json
import math
from decimal import Decimal

import polars as pl
import pytest

from core.profiles.matching.fields import Match, RegionColumn
from tests.profiles.matching.sent import profiles


def test_numbers_that_are_not_finite_are_told_once_a_row():
    frame = pl.DataFrame(
        {
            "email": ["a@b.lv"] * 4,
            "spent": [math.nan, 1.0, None, 2.0],
            "lat": [math.inf, 2.0, 3.0, 4.0],
            "scores": [[1.0], [math.nan, 1.0], None, [2.0]],
        }
    )
    match = Match(
        email="email", location={"latitude": "lat"}, properties={"a": "spent", "b": "scores"}
    )
    assert profiles(frame, match)["not_finite_number"].to_list() == [True, True, False, False]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            pl.Series([Decimal("760123456789012345"), Decimal("760123456789012346")]),
            ["760123456789012345", "760123456789012346"],
        ),
        (pl.Series([Decimal("7.00"), Decimal("12.50")]), ["7", "12.5"]),
        (pl.Series([2**63 - 1, 2**53 + 1]), ["9223372036854775807", "9007199254740993"]),
        (pl.Series([2.0**53, 4503599627370497.0]), [None, "4503599627370497"]),
        (pl.Series(["4.47712E+11", "12E5"]), [None, "12E5"]),
        (pl.Series([" 3,71261E+10 ", "1E+10"]), [None, None]),
        (pl.Series(["4.47712345678e+11", "9.5E11"]), [None, None]),
        (pl.Series(["00123", "e7"], dtype=pl.Categorical), ["00123", "e7"]),
    ],
)
def test_identifiers_go_out_exactly_or_not_at_all(values, expected):
    frame = pl.DataFrame({"email": ["a@b.lv"] * len(values), "value": values})
    match = Match(email="email", external_id="value", location={"zip": "value"})
    sent = profiles(frame, match)
    found = [json.loads(body)["attributes"] for body in sent["body"]]
    assert [one.get("external_id") for one in found] == expected
    assert [one.get("location", {}).get("zip") for one in found] == expected
    assert sent["rounded_by_spreadsheet"].to_list() == [one is None for one in expected]


def test_a_rounded_number_stays_as_it_is_where_it_names_nobody():
    frame = pl.DataFrame({"email": ["a@b.lv"], "id": ["4.47712E+11"]})
    sent = profiles(frame, Match(email="email", external_id="id", properties={"id": "id"}))
    attributes = json.loads(sent["body"].item())["attributes"]
    assert attributes == {"email": "a@b.lv", "properties": {"id": "4.47712E+11"}}


def test_a_rounded_phone_is_counted_as_such_and_not_as_invalid():
    numbers = ["3,71261E+10", "4.47712E+11", "12", "20000101", None, "7.62e-12"]
    frame = pl.DataFrame({"email": ["a@b.lv"] * 6, "phone": numbers})
    sent = profiles(frame, Match(email="email", phone_number="phone"))
    assert sent["rounded_by_spreadsheet"].to_list() == [True, True, False, False, False, True]
    assert sent["invalid_phone"].to_list() == [False, False, True, False, False, False]
    floats = pl.DataFrame({"email": ["a@b.lv"] * 3, "phone": [2e20, 20000101.0, math.nan]})
    sent = profiles(floats, Match(email="email", phone_number="phone"))
    assert sent["rounded_by_spreadsheet"].to_list() == [True, False, False]
    assert not sent["invalid_phone"].any()


def test_a_country_that_is_not_understood_is_told_apart_from_an_invalid_number():
    frame = pl.DataFrame(
        {
            "email": ["a@b.lv"] * 6,
            "phone": ["20000101", "20000101", "12", "+37120000101", "+12", "20000101"],
            "land": ["Latvia", "Nowhere", "LV", "Nowhere", "Nowhere", " "],
        }
    )
    region = RegionColumn(column="land")
    sent = profiles(frame, Match(email="email", phone_number="phone"), region)
    assert sent["unknown_country"].to_list() == [False, True, False, False, False, False]
    assert sent["invalid_phone"].to_list() == [False, False, True, False, True, True]


def test_a_text_that_had_unseen_characters_is_counted_but_nothing_in_an_address_is_repaired():
    frame = pl.DataFrame(
        {
            "email": [" a@b.lv\u200b", "b@b.lv", "c@b.lv"],
            "name": ["Anna", "Zo\u200be", "Ann\u00e9"],
            "id": ["7", "8", "9\x00"],
            "phone": ["+371\u00a02000 0101", "20000102", "20000103"],
            "tags": [["a"], [], ["b\x07", None]],
        }
    )
    match = Match(
        email="email",
        phone_number="phone",
        external_id="id",
        first_name="name",
        properties={"tags": "tags"},
    )
    sent = profiles(frame, match)
    assert sent["cleaned_text"].to_list() == [False, True, True]
    assert [json.loads(body)["attributes"] for body in sent["body"]][1:] == [
        {
            "email": "b@b.lv",
            "phone_number": "+37120000102",
            "external_id": "8",
            "first_name": "Zoe",
        },
        {
            "email": "c@b.lv",
            "phone_number": "+37120000103",
            "external_id": "9",
            "first_name": "Ann\u00e9",
            "properties": {"tags": ["b"]},
        },
    ]
