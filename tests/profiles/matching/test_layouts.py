"""Bodies in the layout of a destination that is no Klaviyo: flat, one name, its own attributes."""

import json

import polars as pl

from core.destinations.klaviyo.capabilities import LAYOUT
from core.destinations.listmonk.capabilities import LAYOUT as LISTMONK
from core.layout import Layout
from core.profiles.matching.fields import Match, Place
from core.profiles.matching.matching import Matching
from core.profiles.matching.rows import encoded
from core.profiles.sources import ROW

FLAT = Layout(
    start="{",
    end="}",
    fields=frozenset({"email", "first_name", "last_name"}),
    groups={"properties": "attribs"},
    merged={"name": ("first_name", "last_name")},
    most_profiles=500,
)
MATCH = Match(
    email="email",
    last_name="last",
    first_name="first",
    properties={"size": "size"},
)


def bodies(**columns: list[object]) -> list[object]:
    rows = pl.LazyFrame(columns).with_row_index(ROW, 1)
    how = Matching.of(rows, MATCH, None, FLAT, ["properties.size"])
    return [json.loads(body) for body in encoded(rows, how).collect()["body"]]


def test_fields_that_are_one_there_are_joined_in_the_order_of_the_layout():
    sent = bodies(
        email=["a@x.lv", "b@x.lv", "c@x.lv", "d@x.lv"],
        first=["Anna", " ", "Jānis", None],
        last=["Liepa", "Bērziņš", None, None],
        size=[7, 8, 9, 10],
    )
    assert [body.get("name") for body in sent] == ["Anna Liepa", "Bērziņš", "Jānis", None]
    assert "name" not in sent[3]
    assert sent[0] == {"email": "a@x.lv", "name": "Anna Liepa", "attribs": {"size": 7}}


def test_what_sending_does_not_empty_is_only_left_out():
    assert bodies(email=["a@x.lv"], first=["A"], last=["B"], size=[None]) == [
        {"email": "a@x.lv", "name": "A B"}
    ]
    assert not FLAT.empties("properties.size")


def test_what_was_written_is_read_by_the_names_of_its_fields():
    match = Match(
        email="email",
        first_name="first",
        location=Place(city="city"),
        properties={"city": "size", "type": "type"},
    )
    row = {"email": ["a@x.lv"], "first": ["A"], "city": ["Rīga"], "size": [7], "type": ["x"]}
    read = {}
    for layout in (LAYOUT, FLAT):
        how = Matching.of(pl.LazyFrame(row).with_row_index(ROW, 1), match, None, layout)
        body = encoded(pl.LazyFrame(row).with_row_index(ROW, 1), how).collect()["body"].item()
        read[layout.start] = layout.values(json.loads(body))
    properties = {"properties.city": 7, "properties.type": "x"}
    assert read == {
        LAYOUT.start: {"email": "a@x.lv", "first_name": "A", "location.city": "Rīga", **properties},
        FLAT.start: {"email": "a@x.lv", "name": "A", **properties},
    }


def test_what_is_emptied_beside_the_fields_is_none_of_them():
    assert LISTMONK.values({"email": "a@x.lv", "unset": ["size"]}) == {"email": "a@x.lv"}
