"""A preview's counts: each row has one fate, and freezing the same rows gives the same."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.destinations.klaviyo.capabilities import LAYOUT
from core.plan import freeze
from core.profiles.matching.fields import Match
from core.profiles.matching.matching import Matching
from core.profiles.matching.summary import Summary, people_sharing, summary
from core.profiles.sources import ROW

MATCH = Match(
    email="email",
    phone_number="phone",
    external_id="id",
    properties={"note": "note", "spent": "spent"},
)
EMPTY = {"email": None, "phone": None, "id": None, "note": None, "spent": None}
SCHEMA = dict.fromkeys(EMPTY, pl.String) | {"spent": pl.Float64}


def source(rows: list[dict[str, object]]) -> pl.LazyFrame:
    frame = pl.DataFrame([EMPTY | row for row in rows], schema=SCHEMA)
    return frame.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)).lazy()


def counted_of(frame: pl.LazyFrame, **more: int) -> Summary:
    return summary(frame, Matching.of(frame, MATCH, "LV", LAYOUT), **more)


def note_for(size: int) -> str:
    """A note that makes the body of a@b.lv exactly so many bytes long."""
    around = '{"type":"profile","attributes":{"email":"a@b.lv","properties":{"note":""}}}'
    return "x" * (size - len(around))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"email": None}, "missing_email"),
        ({"email": " \u00a0"}, "missing_email"),
        ({"email": "anna"}, "invalid_email"),
        ({"email": "a@b.lv", "id": "x" * 256}, "external_id_too_long"),
        ({"email": "a@b.lv", "note": note_for(LAYOUT.largest + 1)}, "too_large"),
        ({"email": "a@b.lv", "note": '"' * 50_000}, "too_large"),
        ({"email": " OTTO@b.lv"}, "duplicate_email"),
        ({"email": None, "id": "x" * 256, "note": "x" * 200_000}, "missing_email"),
        ({"email": "anna", "id": "x" * 256, "note": "x" * 200_000}, "invalid_email"),
        ({"email": "a@b.lv", "id": "x" * 256, "note": "x" * 200_000}, "external_id_too_long"),
    ],
)
def test_a_row_that_is_not_sent_has_exactly_one_reason(row, reason):
    counted = counted_of(source([{"email": "otto@b.lv"}, row]))
    assert (counted.members, counted.valid, counted.rejected) == (2, 1, {reason: 1})


@pytest.mark.parametrize(
    "row",
    [
        {"id": "ņ" * 255},
        {"id": " " * 300},
        {"note": note_for(LAYOUT.largest)},
        {"note": '"' * 49_000},
        {"note": "\x01" * 200_000},
    ],
)
def test_what_just_fits_is_sent(row):
    counted = counted_of(source([{"email": "a@b.lv"} | row]))
    assert (counted.valid, counted.rejected) == (1, {})


def test_each_warning_is_told_with_the_first_cell_that_is_sent():
    rows = [
        {"email": "anna", "phone": "unknown"},
        {"email": "a@b.lv", "phone": "20000101"},
        {"email": "b@b.lv", "phone": "n/a", "note": "a\u200bb", "spent": math.inf},
        {"email": "c@b.lv", "phone": "7", "id": "4.47712E+11"},
        {"email": "d@b.lv", "phone": "3,71261E+10"},
    ]
    counted = counted_of(source(rows))
    assert [(n.kind, n.column, n.count, n.row, n.text) for n in counted.examples] == [
        ("invalid_phone", "phone", 2, 3, "n/a"),
        ("rounded_by_spreadsheet", "id", 2, 4, "4.47712E+11"),
        ("not_finite_number", "spent", 1, 3, "inf"),
        ("cleaned_text", "note", 1, 3, "a\u200bb"),
    ]
    assert dict(counted.warnings) == {note.kind: note.count for note in counted.examples}


def test_the_first_row_that_can_be_sent_wins_over_later_ones():
    rows = [
        {"email": "A@b.lv", "id": "x" * 256},
        {"email": "a@b.lv", "note": "first", "phone": "20000101"},
        {"email": "a@B.LV ", "note": "second", "phone": "12"},
    ]
    counted = counted_of(source(rows))
    assert counted.rejected == {"external_id_too_long": 1, "duplicate_email": 1}
    assert counted.warnings == {}
    assert [body["attributes"]["properties"] for body in counted.sample] == [{"note": "first"}]


def test_warnings_are_counted_for_rows_that_are_sent():
    rows = [
        {"email": "a@b.lv", "phone": "12", "spent": math.nan},
        {"email": "b@b.lv", "phone": " ", "spent": math.inf},
        {"email": "c@b.lv", "phone": "20000101", "spent": 1.0},
        {"email": "a@b.lv", "phone": "13", "spent": math.nan},
        {"email": None, "phone": "13", "spent": math.nan},
    ]
    counted = counted_of(source(rows))
    assert counted.warnings == {"invalid_phone": 1, "not_finite_number": 2}


def test_rows_that_share_an_identifier_are_counted_and_named():
    rows = [
        {"email": "a@b.lv", "id": "7", "phone": "20000101"},
        {"email": "b@b.lv", "id": "8", "phone": "+371 20000101"},
        {"email": "A@b.lv", "id": "8", "phone": "20000102"},  # a duplicate is not sent
        {"email": "c@b.lv", "id": "7", "phone": "12"},
        {"email": "d@b.lv", "id": " ", "phone": "12"},
        {"email": "e@b.lv", "id": " "},
        {"email": "no", "id": "8"},
        {"email": "f@b.lv", "id": "9", "phone": "20000103"},
        {"email": "F@b.lv", "id": "10", "phone": "20000103"},
        {"email": "g@b.lv", "id": "11", "phone": "20000101"},
    ]
    counted = counted_of(source(rows))
    assert counted.warnings == {"invalid_phone": 2, "shared_external_id": 2, "shared_phone": 3}
    assert counted.shared == {"shared_external_id": ((1, 4),), "shared_phone": ((1, 2, 10),)}
    frame = source(rows)
    found = people_sharing(frame, Matching.of(frame, MATCH, "LV", LAYOUT))
    assert sorted(found.rows()) == [
        ("a@b.lv", "shared_external_id"),
        ("a@b.lv", "shared_phone"),
        ("b@b.lv", "shared_phone"),
        ("c@b.lv", "shared_external_id"),
        ("g@b.lv", "shared_phone"),
    ]


def test_the_parts_of_a_split_know_of_each_other(tmp_path):
    frame = source([{"email": f"p{n}@b.lv", "id": f"{n % 3}"} for n in range(5)])
    matching = Matching.of(frame, MATCH, "LV", LAYOUT)
    parts = freeze.freeze(frame, matching, tmp_path / "run", limit=2, over="split").parts
    assert [part.warnings for part in parts] == [
        {"shared_external_id": 2},
        {"shared_external_id": 1},
        {"shared_external_id": 1},
    ]


def test_the_sample_is_the_first_bodies_as_they_are_sent():
    rows = [{"email": f"P{n // 8}@b.lv", "note": f"{n}"} for n in range(80)]
    counted = counted_of(source([{"email": "no"}, *rows]), sample=3)
    assert list(counted.sample) == [
        {
            "type": "profile",
            "attributes": {"email": f"p{n}@b.lv", "properties": {"note": f"{8 * n}"}},
        }
        for n in range(3)
    ]


def test_nobody_at_all_is_counted_too():
    nobody = counted_of(source([]))
    assert (nobody.members, nobody.valid, nobody.rejected, nobody.sample) == (0, 0, {}, ())
    refused = counted_of(source([{"email": "no"}]))
    assert (refused.members, refused.valid, refused.rejected) == (1, 0, {"invalid_email": 1})


ROWS = st.fixed_dictionaries(
    {
        "email": st.sampled_from(["a@b.lv", "A@B.lv ", "b@b.lv", "c@b.lv", "x", "", None]),
        "phone": st.sampled_from([None, "", "20000101", "+37120000102", "12", "abc"]),
        "id": st.sampled_from([None, "7", "8", " ", "x" * 256]),
        "note": st.sampled_from(
            [None, " ", "hi", "x" * 20_000, "x" * 100_000, "\n" * 50_000, "\x02"]
        ),
        "spent": st.none() | st.floats(),
    }
)


@settings(deadline=None, max_examples=30)
@given(st.lists(ROWS, max_size=25), st.randoms())
def test_freezing_gives_what_the_preview_counted(tmp_path_factory, rows, random):
    frame = source(rows)
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    mixed = frame.collect()[shuffled].lazy()
    counted = counted_of(mixed)
    folder = tmp_path_factory.mktemp("frozen") / "run"
    matching = Matching.of(mixed, MATCH, "LV", LAYOUT)
    part = freeze.freeze(mixed, matching, folder, limit=100, over="stop").parts[0]
    assert (part.members, part.valid) == (counted.members, counted.valid)
    assert (part.rejected, part.warnings) == (counted.rejected, counted.warnings)
    assert part.members == len(rows) == part.valid + sum(part.rejected.values())
