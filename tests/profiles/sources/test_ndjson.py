"""NDJSON: types over the whole file, dates proven by text, broken lines named."""

from datetime import UTC, date, datetime

import pytest

from core.errors import SourceFailed
from core.profiles.sources import Kind


def test_types_come_as_they_are_and_dates_are_proven(desk):
    text = (
        '{"id": "007", "n": 1, "f": 1.5, "b": true, "d": "2026-01-31", "m": "2026-01-31T10:00:00Z",'
        ' "l": ["x"], "o": {"k": 1}, "blank": " "}\n'
        '{"id": "8", "n": null, "extra": "late", "o": {"other": "x"}}\n\n'
    )
    source = desk.open(desk.write("p.jsonl", text))
    first, second = source.scan().to_native().collect().rows(named=True)
    assert (first["id"], first["n"], first["f"], first["b"]) == ("007", 1, 1.5, True)
    assert first["d"] == date(2026, 1, 31)
    assert first["m"] == datetime(2026, 1, 31, 10, tzinfo=UTC)
    assert first["blank"] is None
    assert (second["extra"], second["n"]) == ("late", None)
    schema = source.schema()
    assert (schema["l"], schema["o"], schema["m"]) == (Kind.list, Kind.other, Kind.moment)


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (["1", '"x"', "null"], ["1", "x", None]),
        (["1", "true"], ["1", "true"]),
        (["1", "2.5"], [1.0, 2.5]),
        (['"x"', '{"k": 1}'], ["x", '{"k": 1}']),
        (["[1]", '"x"', "2"], ["[1]", "x", "2"]),
        (["12345678901234567890123", "1"], ["12345678901234567890123", "1"]),
        (["12345678901234567", "1"], [12345678901234567, 1]),
    ],
)
def test_mixed_types_become_text(desk, values, read):
    text = "".join(f'{{"a": {value}, "z": 1}}\n' for value in values)
    got = desk.rows(desk.write("p.ndjson", text))["a"].to_list()
    assert [v.replace(" ", "") if isinstance(v, str) else v for v in got] == [
        v.replace(" ", "") if isinstance(v, str) else v for v in read
    ]


def test_a_mark_and_another_encoding_are_no_matter(desk):
    for encoding in ("utf-8-sig", "utf-16", "cp1257"):
        path = desk.write("p.ndjson", '{"vārds": "Jānis Bērziņš"}\n', encoding)
        assert desk.rows(path)["vārds"].to_list() == ["Jānis Bērziņš"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}\n{"a":\n{"a": 2}\n', "line 2: not valid JSON"),
        ('{"a": 1}\n\n{"a": 1} x\n', "line 3: not valid JSON"),
        ('{"a": 1}\n5\n', "line 2: not an object"),
        ('[{"a": 1},\n{"a": 2}]\n', "line 1: not an object"),
    ],
)
def test_a_broken_line_of_json_is_named(desk, text, said):
    with pytest.raises(SourceFailed, match=said):
        desk.rows(desk.write("p.ndjson", text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}\n{"a": NaN}\n{"a": NaN}\n', "line 2: NaN"),
        ('{"a": "NaN"}\n\n{"a": null, "b": -Infinity}\n', "line 3: -Infinity"),
        ('{"a": {"b": [1, Infinity]}}\n', "line 1: Infinity"),
        ('{"a": NaN}\n{"a": "x"}\n', "line 1: NaN"),
        ('{"a": 1}\n' * 2000 + '{"a": NaN}\n', "line 2,001: NaN"),
    ],
)
def test_a_bare_word_that_python_writes_for_no_number_is_named_with_its_line(desk, text, said):
    with pytest.raises(SourceFailed) as failed:
        desk.rows(desk.write("p.ndjson", text))
    assert f"p.ndjson, {said} is not JSON. Write null or a number" in str(failed.value)


def test_the_same_words_in_quotes_are_text(desk):
    path = desk.write("p.ndjson", '{"a": "NaN"}\n{"a": "-Infinity"}\n')
    assert desk.rows(path)["a"].to_list() == ["NaN", "-Infinity"]


def test_objects_without_fields_are_told(desk):
    with pytest.raises(SourceFailed, match="no fields"):
        desk.rows(desk.write("p.ndjson", "{}\n{}\n"))
