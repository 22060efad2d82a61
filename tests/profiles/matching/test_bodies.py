"""The JSON of a profile: right types, nothing empty, and valid whatever the values are."""

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid, Unknown
from core.profiles.matching.fields import Match
from tests.profiles.matching.sent import profiles


def properties(values: pl.Series) -> list[object]:
    """What becomes of each value as a property; "absent" where it is left out."""
    frame = pl.DataFrame({"email": ["a@b.lv"] * len(values), "value": values})
    bodies = profiles(frame, Match(email="email", properties={"it": "value"}))["body"]
    found = [json.loads(body)["attributes"] for body in bodies]
    return [one.get("properties", {}).get("it", "absent") for one in found]


def test_a_profile_is_written_exactly_as_it_is_sent():
    frame = pl.DataFrame(
        {
            "Mail": [" Anna@Example.com "],
            "phone": ["20000101"],
            "id": [17],
            "name": ['Anna "Ann"'],
            "town": ["Rīga"],
            "postcode": ["01234"],
            "lat": [56.95],
            "spent": [12.5],
        }
    )
    place = {"city": "town", "zip": "postcode", "latitude": "lat"}
    match = Match(
        email="Mail",
        phone_number="phone",
        external_id="id",
        first_name="name",
        location=place,
        properties={"Spent": "spent"},
    )
    assert profiles(frame, match)["body"].item() == (
        '{"type":"profile","attributes":{"email":"anna@example.com",'
        '"phone_number":"+37120000101","external_id":"17","first_name":"Anna \\"Ann\\"",'
        '"location":{"city":"Rīga","zip":"01234","latitude":56.95},"properties":{"Spent":12.5}}}'
    )


def test_a_profile_of_an_email_alone_has_no_empty_groups():
    frame = pl.DataFrame({"email": ["a@b.lv"], "town": [" "], "spent": [None]})
    match = Match(email="email", location={"city": "town"}, properties={"spent": "spent"})
    assert profiles(frame, match)["body"].item() == (
        '{"type":"profile","attributes":{"email":"a@b.lv"}}'
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pl.Series([1, -(2**63), None]), [1, -(2**63), "absent"]),
        (pl.Series([2**64 - 1], dtype=pl.UInt64), [2**64 - 1]),
        (pl.Series([0.1, 1e20, -1e-7, 3.0]), [0.1, 1e20, -1e-7, 3.0]),
        (pl.Series([math.nan, math.inf, -math.inf, None]), ["absent"] * 4),
        (pl.Series([True, False, None]), [True, False, "absent"]),
        (pl.Series(["01234", "", " \t\u00a0", None]), ["01234", "absent", "absent", "absent"]),
        (pl.Series([' "\\\n\t\u2028😀']), [' "\\\n\t\u2028😀']),
        (pl.Series(["nu\x00l", "\x1f"]), ["nul", "absent"]),
        (pl.Series(["a", None], dtype=pl.Categorical), ["a", "absent"]),
        (pl.Series(["a", None], dtype=pl.Enum(["a"])), ["a", "absent"]),
        (pl.Series([date(2024, 2, 29), None]), ["2024-02-29", "absent"]),
        (pl.Series([datetime(2024, 1, 2, 3, 4, 5)]), ["2024-01-02T03:04:05"]),
        (pl.Series([datetime(2024, 1, 2, 3, 4, 5, 6000)]), ["2024-01-02T03:04:05.006"]),
        (
            pl.Series([datetime(2024, 7, 1, 12)]).dt.replace_time_zone("Europe/Riga"),
            ["2024-07-01T12:00:00+03:00"],
        ),
        (
            pl.Series([datetime(2024, 7, 1)]).dt.replace_time_zone("UTC"),
            ["2024-07-01T00:00:00+00:00"],
        ),
        (pl.Series([time(1, 2, 3)]), ["01:02:03"]),
        (pl.Series([timedelta(hours=36)]), ["P1DT12H"]),
        (pl.Series([Decimal("1.50"), Decimal("-0.25"), None]), [1.5, -0.25, "absent"]),
        (pl.Series([Decimal(42), Decimal("760123456789012345")]), [42, 760123456789012345]),
        (pl.Series([["a", "", None], [], [None], None]), [["a"], "absent", "absent", "absent"]),
        (pl.Series([[1.5, math.nan], [math.inf]]), [[1.5], "absent"]),
        (pl.Series([[date(2024, 1, 2)]]), [["2024-01-02"]]),
        (pl.Series([[1, 2]], dtype=pl.Array(pl.Int64, 2)), [[1, 2]]),
        (pl.Series([{"a": 1, "b": None}, {"a": None, "b": None}]), [{"a": 1}, "absent"]),
        (
            pl.Series([[{"a": 1.5, "b": datetime(2024, 1, 2)}]]),
            [[{"a": 1.5, "b": "2024-01-02T00:00:00"}]],
        ),
        (pl.Series([None, None]), ["absent", "absent"]),
    ],
)
def test_a_property_keeps_its_type_and_is_left_out_when_empty(values, expected):
    assert properties(values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pl.Series([1234, None]), ["1234", None]),
        (pl.Series([1234.0, 12.5, math.nan, 1e20]), ["1234", "12.5", None, None]),
        (pl.Series(["  x ", "  ", None]), ["  x ", None, None]),
        (pl.Series(["x"], dtype=pl.Categorical), ["x"]),
    ],
)
def test_attributes_that_are_text_become_text(values, expected):
    frame = pl.DataFrame({"email": ["a@b.lv"] * len(values), "value": values})
    bodies = profiles(frame, Match(email="email", location={"zip": "value"}))["body"]
    places = [json.loads(body)["attributes"].get("location", {}) for body in bodies]
    assert [place.get("zip") for place in places] == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pl.Series([37120000101, 20000101, 5, None]), ["+37120000101"] * 2 + [None, None]),
        (pl.Series([37120000101.0, 20000101.0, math.nan]), ["+37120000101"] * 2 + [None]),
    ],
)
def test_phones_in_columns_of_numbers_are_read_by_their_digits(values, expected):
    frame = pl.DataFrame({"email": ["a@b.lv"] * len(values), "phone": values})
    sent = profiles(frame, Match(email="email", phone_number="phone"))
    found = [json.loads(body)["attributes"].get("phone_number") for body in sent["body"]]
    assert found == expected
    filled = values.is_not_null() & ~values.cast(pl.Float64).is_nan().fill_null(True)
    assert sent["invalid_phone"].to_list() == [
        bool(given) and number is None for given, number in zip(filled, expected, strict=True)
    ]


def test_names_of_properties_are_escaped():
    name = 'We "quote" \\ ņ\u2028\n.'.strip()
    frame = pl.DataFrame({"email": ["a@b.lv"], "x": [1], "y": ["z"], "d": [date(2024, 1, 2)]})
    match = Match(email="email", properties={name: "x", name + "y": "y", name + "d": "d"})
    body = json.loads(profiles(frame, match)["body"].item())
    expected = {name: 1, name + "y": "z", name + "d": "2024-01-02"}
    assert body["attributes"]["properties"] == expected


def test_columns_may_have_any_names_even_ours():
    frame = pl.DataFrame({"body": ["a@b.lv"], "email": ["Anna"], "location": [5], "bytes": ["x"]})
    match = Match(email="body", first_name="email", properties={"p": "location", "q": "bytes"})
    body = json.loads(profiles(frame, match)["body"].item())
    assert body["attributes"] == {
        "email": "a@b.lv",
        "first_name": "Anna",
        "properties": {"p": 5, "q": "x"},
    }


def test_bytes_and_columns_that_went_away_are_refused_by_name():
    frame = pl.DataFrame({"email": ["a@b.lv"], "photo": [b"x"], "photos": [[b"x"]]})
    for column in ("photo", "photos"):
        with pytest.raises(Invalid, match=f"“{column}”"):
            profiles(frame, Match(email="email", properties={"it": column}))
    with pytest.raises(Unknown, match="Did you mean “photo”"):
        profiles(frame, Match(email="email", properties={"it": "foto"}))


FINITE = st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.fixed_dictionaries(
    {
        "name": st.none() | st.text(max_size=8),
        "count": st.none() | st.integers(-(2**63), 2**63 - 1),
        "share": st.none() | st.floats(),
        "flag": st.none() | st.booleans(),
        "day": st.none() | st.dates(min_value=date(1900, 1, 1)),
        "tags": st.none() | st.lists(st.none() | st.text(max_size=5), max_size=3),
        "price": st.none() | FINITE,
    }
)
SCHEMA = {
    "name": pl.String,
    "count": pl.Int64,
    "share": pl.Float64,
    "flag": pl.Boolean,
    "day": pl.Date,
    "tags": pl.List(pl.String),
    "price": pl.Float64,
}


def blank(text: str | None) -> bool:
    return text is None or not text.strip("".join(map(chr, range(9, 14))) + BLANKS)


BLANKS = (
    " \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)


HIDDEN = {
    *map(chr, (*range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0), 0xAD, 0x180E, 0x200B)),
    *map(chr, (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)),
    *map(chr, (0xFFFE, 0xFFFF)),
}
WITH_JOINERS = ((0x600, 0x1FFF), (0x2190, 0xFDFF), (0xFE0F, 0xFE0F), (0x1F000, 0x1FAFF))


def seen(text: str | None) -> str | None:
    """The text without what nobody sees."""
    if text is None:
        return None
    shown = "".join(" " if char in "\xa0\u2007\u202f" else char for char in text)
    shown = "".join(char for char in shown if char not in HIDDEN)
    if any(low <= ord(char) <= high for char in shown for low, high in WITH_JOINERS):
        return shown
    return shown.replace("\u200c", "").replace("\u200d", "")


def wanted(row: dict[str, object]) -> dict[str, object]:
    """The properties of one row, by plain Python."""
    kept = dict(row)
    tags = [tag for tag in map(seen, row["tags"] or []) if not blank(tag)]
    kept["tags"] = tags or None
    name = seen(row["name"])
    kept["name"] = None if blank(name) else name
    kept["day"] = row["day"] and row["day"].isoformat()
    if row["share"] is not None and not math.isfinite(row["share"]):
        kept["share"] = None
    return {name: value for name, value in kept.items() if value is not None}


@settings(deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=20))
def test_every_body_is_json_that_gives_the_values_back(rows):
    frame = pl.DataFrame(rows, schema=SCHEMA).with_columns(email=pl.lit("a@b.lv"))
    sent = profiles(frame, Match(email="email", properties={name: name for name in SCHEMA}))
    read = [json.loads(body)["attributes"].get("properties", {}) for body in sent["body"]]
    assert read == [wanted(row) for row in rows]
    assert sent["bytes"].to_list() == [len(body.encode()) for body in sent["body"]]


EMPTIED = pl.DataFrame(
    {
        "email": ["a@b.lv", "b@b.lv", "c@b.lv"],
        "title": ["Dr", " ", None],
        "tier": ["gold", None, "silver"],
        "spent": [math.nan, 2.0, math.inf],
    }
)
FEEDS = Match(email="email", title="title", properties={"tier": "tier", "Spent €": "spent"})


def test_an_empty_property_is_emptied_by_its_import_where_that_is_wanted():
    found = profiles(EMPTIED, FEEDS, clear=["properties.tier", "properties.Spent €"])
    metas = [json.loads(body).get("meta") for body in found["body"]]
    unset = [meta and meta["patch_properties"]["unset"] for meta in metas]
    # A number that is not finite is left out too, but it isn't nothing.
    assert unset == [["Spent €"], ["tier"], None]
    assert [json.loads(body)["attributes"].get("title") for body in found["body"]] == [
        *("Dr", None, None)
    ]


def test_what_is_emptied_afterwards_is_told_beside_the_body():
    found = profiles(EMPTIED, FEEDS, clear=["title", "properties.tier"])
    told = [json.loads(names) if names else None for names in found["clear"]]
    assert told == [None, ["title", "properties.tier"], ["title"]]
    assert not [body for body in found["body"] if '"title":null' in body]


def test_nothing_is_emptied_unless_that_is_wanted():
    found = profiles(EMPTIED, FEEDS)
    assert found["clear"].null_count() == 3
    assert not [body for body in found["body"] if "meta" in body]


@given(st.text(min_size=1).filter(str.strip))
def test_the_names_of_what_is_emptied_may_be_any_text(name):
    match = Match(email="email", properties={name: "tier"})
    (clear,) = [f"properties.{name.strip()}"]
    body = json.loads(profiles(EMPTIED, match, clear=[clear])["body"][1])
    assert body["meta"]["patch_properties"]["unset"] == [name.strip()]


def test_decimals_are_written_digit_by_digit():
    values = [Decimal("12.50"), Decimal("42.00"), Decimal("-0.05"), Decimal("12345678901234567.25")]
    number = pl.Series(values, dtype=pl.Decimal(38, 2))
    whole = pl.Series([Decimal(n) for n in (42, 0, -7, 10**37 + 1)], dtype=pl.Decimal(38, 0))
    frame = pl.DataFrame({"email": ["a@b.lv"] * 4, "number": number, "whole": whole})
    some = frame.with_columns(several=pl.concat_list("whole"))
    match = Match(email="email", properties={n: n for n in ("number", "whole", "several")})
    texts = [body.partition('"properties":')[2] for body in profiles(some, match)["body"]]
    assert texts == [
        '{"number":12.5,"whole":42,"several":[42]}}}',
        '{"number":42.0,"whole":0,"several":[0]}}}',
        '{"number":-0.05,"whole":-7,"several":[-7]}}}',
        f'{{"number":12345678901234567.25,"whole":{10**37 + 1},"several":[{10**37 + 1}]}}}}}}',
    ]


def test_whole_decimals_within_objects_are_exact_too():
    ids = [[{"id": Decimal("760123456789012345"), "sum": Decimal("1.50")}]]
    inner = pl.Struct({"id": pl.Decimal(38, 0), "sum": pl.Decimal(10, 2)})
    assert properties(pl.Series(ids, dtype=pl.List(inner))) == [
        [{"id": 760123456789012345, "sum": 1.5}]
    ]


def test_what_is_left_out_is_not_taken_for_empty_and_emptied():
    frame = pl.DataFrame(
        {"email": ["a@b.lv", "b@b.lv"], "zip": ["1,2E+05", " "], "ip": ["?", None]}
    )
    match = Match(email="email", location={"zip": "zip", "ip": "ip"})
    sent = profiles(frame, match, clear=["location.zip", "location.ip"])
    assert sent["clear"].to_list() == [None, '["location.zip","location.ip"]']


def test_what_lies_many_lists_deep_is_written_as_fast_as_what_lies_on_top():
    value: object = [1, None]
    expected: object = [1]
    for _level in range(14):
        value, expected = [{"a": value}, {"a": []}, None], [{"a": expected}]
    assert properties(pl.Series([value])) == [expected]
