"""What a source was at its last reading counts at the next one."""

import json
from collections.abc import Callable
from datetime import date, datetime

import polars as pl
import pytest

from core.profiles.sources import Kind
from core.profiles.sources.files import FileSource
from core.profiles.sources.remarks import remarks

Days = Callable[..., FileSource]


@pytest.fixture
def days(desk) -> Days:
    """The source after its file held these columns, one day after the other."""

    def read(*columns: list[str], **options) -> FileSource:
        for cells in columns:
            rows = "".join(f"p{n}@x.lv;{cell}\n" for n, cell in enumerate(cells))
            source = desk.open(desk.write("p.csv", "email;it\n" + rows), **options)
        return source

    return read


def values(source: FileSource) -> list:
    return source.scan().to_native().collect()["it"].to_list()


def noted(source: FileSource) -> list[tuple]:
    return [(note.kind, note.count, note.row, note.text) for note in source.notes()]


NUMBERS = [str(n * 10) for n in range(12)]


@pytest.mark.parametrize(
    ("before", "odd", "kept"),
    [
        (NUMBERS, "n/a", None),
        (["10.5", "7.25", "3.0"], "n/a", None),
        (["1.234", "12.500", "987"], "n/a", None),
        (["true", "false", "true"], "1", None),
        (["2026-01-31", "2026-02-28"], "soon", None),
        (["31/01/2026", "28/02/2026"], "n/a", None),
    ],
)
def test_one_odd_cell_changes_nobodys_kind(days, before, odd, kept):
    was = values(days(before))
    source = days(before, [*before, odd])
    assert values(source) == [*was, kept]
    assert noted(source) == [("odd_value", 1, len(before) + 1, odd)]


def test_without_an_earlier_reading_it_takes_more_cells_to_tell(days):
    assert values(days([*NUMBERS, "n/a"]))[0] == "0"


def test_whole_numbers_stay_whole_beside_a_fraction_and_are_whole_again(days, desk):
    source = days(NUMBERS, [*NUMBERS, "5.5"])
    assert (source.whole(), values(source)[-1]) == (("it",), 5.5)
    assert noted(source) == []
    assert days(NUMBERS, [*NUMBERS, "5.5"], NUMBERS).whole() == ("it",)
    assert days([f"{n}.0" for n in NUMBERS]).whole() == ("it",)


def test_fractions_stay_so_when_all_are_whole_for_a_day(days):
    source = days(["10.5", "20.0"], ["10", "20"])
    assert [type(value) for value in values(source)] == [float, float]
    assert source.whole() == ()


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        (["1.234", "12.500", "987"], ["1.234", "2.345"], [1234, 2345]),
        (["0.5", "1.25"], ["1.234", "12.500", "987"], [1.234, 12.5, 987.0]),
        (["31/01/2026"], ["01/02/2026"], [date(2026, 2, 1)]),
        (["2026-01-31 10:20"], ["2026-02-01"], [datetime(2026, 2, 1)]),
    ],
)
def test_what_has_two_readings_is_read_as_before(days, before, after, read):
    assert values(days(before, after)) == read


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        (NUMBERS, ["1", "a", "b", "c"], ("changed_column", 3, 2, "a")),
        (["a", "b"], ["1", "2"], ("changed_column", 2, 1, "1")),
        (NUMBERS, ["1", *[""] * 19], ("changed_column", 19, 2, "")),
    ],
)
def test_a_column_that_became_another_is_told_with_the_row(days, before, after, note):
    assert note in noted(days(before, after))


def test_numbers_that_a_spreadsheet_rounded_since_are_none(days):
    source = days(["37126100001", "37126100002"], ["3.71261E+10", "3.71261E+10"])
    assert values(source) == ["3.71261E+10"] * 2
    assert {note[0] for note in noted(source)} == {"rounded_by_spreadsheet", "changed_column"}


def test_another_option_is_a_persons_word_that_it_is_otherwise(desk, days):
    days(NUMBERS)
    assert values(days([*NUMBERS[:4], "n/a"], null_words=[]))[0] == "0"


def test_columns_that_vanished_and_another_separator_are_told(desk, days):
    days(NUMBERS)
    source = desk.open(desk.write("p.csv", "email,name\na@x.lv,Jānis\nb@x.lv,Ilze\n"))
    said = " ".join(remarks(source.detected))
    assert "Columns missing since the last reading: “it”" in said
    assert "Its separator was “;” at the last reading, and is “,” now." in said


def test_a_column_that_holds_nothing_has_no_kind_that_could_change(desk, days):
    assert days(["", "NULL"]).schema()["it"] is Kind.nothing
    assert Kind.nothing not in days(NUMBERS).schema().values()
    frame = pl.DataFrame({"a": [1], "b": [None], "c": [""]})
    frame.write_parquet(desk.folder / "p.parquet")
    kinds = {"a": Kind.number, "b": Kind.nothing, "c": Kind.text}
    assert desk.open("p.parquet").schema() == kinds
    frame.clear().write_parquet(desk.folder / "none.parquet")
    assert desk.open("none.parquet").schema() == {**kinds, "c": Kind.nothing}


def test_an_empty_day_changes_no_kind(days):
    source = days(NUMBERS, ["", ""])
    assert source.schema()["it"] == Kind.number
    assert [note[0] for note in noted(source)] == ["changed_column"]
    assert values(days(NUMBERS, ["", ""], NUMBERS)) == values(days(NUMBERS))


@pytest.fixture
def json_days(desk) -> Days:
    """The source after its NDJSON held these values, one day after the other."""

    def read(*columns: list) -> FileSource:
        for values in columns:
            rows = (json.dumps({"email": f"p{n}@x.lv", "it": it}) for n, it in enumerate(values))
            source = desk.open(desk.write("p.ndjson", "\n".join(rows)))
        return source

    return read


@pytest.mark.parametrize(
    ("odd", "kept", "notes"),
    [
        (["n/a"], [None], [("odd_value", 1, 13, "n/a")]),
        (["7"], [7], []),
        (["n/a", 5.5], [None, 5.5], [("odd_value", 1, 13, "n/a")]),
    ],
)
def test_json_numbers_stay_numbers_beside_a_text(json_days, odd, kept, notes):
    source = json_days(list(range(12)), [*range(12), *odd])
    assert values(source) == [*range(12), *kept]
    assert noted(source) == notes
    assert (
        json_days(list(range(12)), [*range(12), *odd], list(range(12))).schema()["it"] == "number"
    )


def test_json_numbers_that_became_texts_are_told(json_days):
    source = json_days([1, 2, 3], ["a", "b", 3])
    assert noted(source) == [("changed_column", 2, 1, "a")]


def test_json_whole_numbers_stay_whole_beside_a_fraction(json_days):
    assert json_days([1, 2], [1, 5.5]).whole() == ("it",)
    assert json_days([1, 2], [1, 5.5], [1, 6.5]).whole() == ("it",)


def test_json_fractions_are_no_whole_numbers(json_days):
    assert json_days([1.5, 2.0], [1.0, 5.5]).whole() == ()


def test_json_numbers_are_remembered_over_an_empty_day(json_days):
    assert values(json_days([1, 2, 3], [None, None], [1, 2, "n/a"])) == [1, 2, None]
