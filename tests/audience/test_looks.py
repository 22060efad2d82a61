"""Looking into sources: what is there, how many meet the rules, and CSV that harms nobody."""

import csv as standard
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import spreadsheets
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


def table(frame: pl.DataFrame) -> list[list[str]]:
    text = spreadsheets.csv(frame).decode("utf-8-sig")
    return list(standard.reader(io.StringIO(text, newline="")))


def test_csv_begins_with_a_mark_so_that_spreadsheets_read_it():
    assert spreadsheets.csv(pl.DataFrame({"a": ["ņ"]})).startswith(b"\xef\xbb\xbf")


SIGNS, BLANKS = "=+-@＝＋－＠", "\u00a0\u200b\ufeff "
ODD = st.text(st.sampled_from([*SIGNS, *BLANKS, *";|,\t\n\r\"'a1"]), max_size=8)
TEXTS = st.lists(ODD | st.text(max_size=5) | st.none(), min_size=1, max_size=5)
CONTROLS = ("\t", "\n", "\r")
FORMULA = re.compile(rf"[\s{BLANKS}]*[{re.escape(SIGNS)}]")
WITHIN = re.compile(rf"(^|[,;|\t\r\n])[\s\"{BLANKS}]*[{re.escape(SIGNS)}]")


def as_read(content: bytes, separator: str) -> list[str]:
    """All cells, as a spreadsheet that expects this separator sees them."""
    text = content.decode("utf-8-sig")
    return [
        cell
        for row in standard.reader(io.StringIO(text, newline=""), delimiter=separator)
        for cell in row
    ]


@given(first=TEXTS, head=ODD.filter(bool) | st.text(min_size=1, max_size=5))
def test_no_cell_and_no_head_can_start_a_formula_whatever_separates_them(
    first: list[str | None], head: str
):
    frame = pl.DataFrame(
        {head: first, f"{head} again": first},
        schema=dict.fromkeys((head, f"{head} again"), pl.String),
    )
    content = spreadsheets.csv(frame)
    for separator in ",;\t|":
        assert not [cell for cell in as_read(content, separator) if FORMULA.match(cell)]
    cells = as_read(content, ",")
    assert not [cell for cell in cells if cell.startswith(CONTROLS)]
    plain = [text or "" for text in first if not (text or "").startswith(CONTROLS)]
    plain = [text for text in plain if not WITHIN.search(text)]
    assert not set(plain) - set(cells)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1", "'=1"),
        ("  =1", "'  =1"),
        ("\u00a0@SUM(A1)", "'\u00a0@SUM(A1)"),
        ("＝1", "'＝1"),
        ("\tx", "'\tx"),
        ("a;=1;=2", "a;'=1;'=2"),
        ("a; =1", "a; '=1"),
        ("a\t+1", "a\t'+1"),
        ("a|@b", "a|'@b"),
        ("a,=1", "a,'=1"),
        ("Riga, -5 °C", "Riga, -5 °C"),
        ("one - two; three", "one - two; three"),
        ("ilze@example.lv", "ilze@example.lv"),
    ],
)
def test_formulas_get_an_apostrophe_and_nothing_else(cell: str, written: str):
    assert table(pl.DataFrame({"a": [cell]}))[1:] == [[written]]


def test_texts_of_every_kind_are_made_harmless():
    kinds = [pl.Categorical(), pl.Enum(["=1", "a"])]
    for kind in kinds:
        frame = pl.DataFrame({"a": pl.Series(["=1", "a"]).cast(kind), "b": ["-2", "b"]})
        assert table(frame)[1:] == [["'=1", "'-2"], ["a", "b"]]


def test_numbers_stay_numbers():
    assert table(pl.DataFrame({"a": [-1, 2]})) == [["a"], ["-1"], ["2"]]


def test_what_csv_has_no_form_for_is_written_as_text():
    frame = pl.DataFrame(
        {
            "list": [["a", "=b"], None],
            "struct": [{"x": 1}, None],
            "bytes": [b"\x00", None],
            "time": [timedelta(seconds=1), None],
            "moment": [datetime(2026, 1, 1, tzinfo=UTC), None],
        }
    )
    first, second = table(frame)[1:]
    assert first[:4] == ['["a","=b"]', '{"x":1}', "AA==", "PT1S"]
    assert first[4].startswith("2026-01-01T00:00:00")
    assert second == [""] * 5


def test_a_table_without_rows_has_its_heads():
    assert table(pl.DataFrame(schema={"row": pl.Int64, "email": pl.String})) == [["row", "email"]]


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
