"""Optional fields: what a destination may refuse costs the field, never the person."""

import ipaddress
import json
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.destinations.klaviyo.capabilities import LAYOUT
from core.profiles.matching.fields import Match
from core.profiles.matching.matching import Matching
from core.profiles.matching.optional import IP
from core.profiles.matching.rows import encoded
from core.profiles.matching.summary import summary
from core.profiles.sources import ROW


@pytest.mark.parametrize(
    ("field", "given", "sent"),
    [
        ("latitude", [56.95, -90, 90.01, 956.0], [56.95, -90.0, None, None]),
        ("latitude", [Decimal("56.95"), Decimal("956.00")], [56.95, None]),
        ("longitude", [24, -180, 181], [24, -180, None]),
        ("ip", ["192.0.2.7", " 2001:db8::1 ", "unknown", "1.2.3"], ["192.0.2.7", "2001:db8::1"]),
        ("timezone", ["Europe/Riga", "UTC", "Riga", "GMT+2"], ["Europe/Riga", "UTC", None, None]),
        (
            "locale",
            ["lv-LV", "en", "zh-Hant-TW", "en_US", "Latvian"],
            ["lv-LV", "en", "zh-Hant-TW"],
        ),
    ],
)
def test_what_has_not_the_form_of_its_field_is_left_out_and_counted(field, given, sent):
    frame = pl.DataFrame({"email": [f"p{n}@b.lv" for n in range(len(given))], "it": given})
    rows = frame.with_row_index(ROW, 1).lazy()
    where = {"locale": "it"} if field == "locale" else {"location": {field: "it"}}
    how = Matching.of(rows, Match(email="email", **where), None, LAYOUT)
    bodies = [json.loads(body)["attributes"] for body in encoded(rows, how).collect()["body"]]
    found = [
        (body if field == "locale" else body.get("location", {})).get(field) for body in bodies
    ]
    expected = sent + [None] * (len(given) - len(sent))
    assert found == expected
    counted = summary(rows, how)
    assert (counted.valid, counted.warnings) == (
        len(given),
        {"invalid_field": expected.count(None)},
    )


GROUPS = st.lists(st.sampled_from(["", "0", "1f", "ffff", "12345", "g"]), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(GROUPS.map(":".join) | st.ip_addresses().map(str))
@example("1:2:3:4:5:6:7::")
@example("1::2:192.0.2.7")
@example("::ffff:192.0.2.7")
@example("01.2.3.4")
@example("1.2.3.256")
def test_an_ip_address_is_what_python_takes_for_one(text):
    try:
        known = bool(ipaddress.ip_address(text))
    except ValueError:
        known = False
    assert pl.Series([text]).str.contains(IP).item() == known
