"""NDJSON: types over the whole file, dates proven by text, broken lines named."""

import json
from datetime import UTC, date, datetime

import pytest

from core.errors import SourceFailed
from core.profiles.sources import Kind
from core.profiles.sources.remarks import remarks_on

MIXED = [
    (["1", '"x"', "null"], ["1", "x", None]),
    (["1", "true"], ["1", "true"]),
    (["1", "2.5"], [1.0, 2.5]),
    (['"x"', '{"k": 1}'], ["x", '{"k": 1}']),
    (["[1]", '"x"', "2"], ["[1]", "x", "2"]),
    (["12345678901234567890123", "1"], ["12345678901234567890123", "1"]),
    (["12345678901234567", "1"], [12345678901234567, 1]),
]


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


@pytest.mark.parametrize(("values", "read"), MIXED)
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
        ('[{"a": 1},\n5]\n', "line 2: a value that is not an object"),
        ('[{"a": 1},\n{"a" 2}]\n', "object 2: not valid JSON"),
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
    with pytest.raises(SourceFailed, match="without fields"):
        desk.rows(desk.write("p.ndjson", "{}\n{}\n"))


TRICKY = ']} \\" {['
ROWS = [{"email": "a@x.lv", "n": [1, {"b": TRICKY}]}, {"email": "b\\", "n": []}]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("around", [None, "data", "Results"])
def test_an_array_of_objects_is_read_alone_or_in_an_object(desk, around, indent):
    document = {"links": [{"href": "/"}], around: ROWS, "more": [1]} if around else ROWS
    text = json.dumps(document, indent=indent)
    got = desk.rows(desk.write("p.json", text))
    assert got["email"].to_list() == ["a@x.lv", "b\\"]


def test_objects_that_take_several_lines_are_read(desk):
    text = "\n".join(json.dumps(row, indent=2) for row in [{"a": 1}, {"a": 2}])
    assert desk.rows(desk.write("p.json", text))["a"].to_list() == [1, 2]
    assert desk.rows(desk.write("p.json", json.dumps({"a": 1}, indent=2)))["a"].to_list() == [1]


def test_one_object_with_a_list_of_its_own_is_one_row(desk):
    path = desk.write("p.ndjson", '{"email": "a@x.lv", "orders": [{"id": 1}, {"id": 2}]}\n')
    assert desk.rows(path)["email"].to_list() == ["a@x.lv"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"a": 1}, {"a": 2}', "ends before its brackets are closed, so part of it is missing"),
        ('{"data": [{"a": 1}, {"a":', "not valid JSON"),
        ('{"data": [{"a": 1}, null]}', "line 1: a value that is not an object"),
        ("[[1, 2], [3, 4]]", "line 1: a value that is not an object"),
        ('[\n{"a": 1}\n] and more', "line 3: a value that is not an object"),
        ("[]", "has no objects"),
        ('{"data": []}', "has no objects"),
    ],
)
def test_a_document_that_is_no_whole_array_of_objects_is_told(desk, text, said):
    with pytest.raises(SourceFailed, match=said):
        desk.rows(desk.write("p.json", text))


def nested(opening: str, closing: str, depth: int) -> str:
    return f'{{"email": "a@x.lv", "x": {opening * depth}1{closing * depth}}}'


@pytest.mark.parametrize("depth", [900, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("form", ['{{"email": "b@x.lv"}}\n{}\n', '[{{"email": "b@x.lv"}},\n{}]'])
def test_what_is_nested_too_deeply_is_named_with_its_line(desk, form, opening, closing, depth):
    text = form.format(nested(opening, closing, depth))
    with pytest.raises(SourceFailed, match="line 2: more than 32 nested brackets"):
        desk.rows(desk.write("p.json", text))


def test_a_broken_line_hides_no_depth_of_the_next(desk):
    text = '{"email": "b@x.lv"}\n{"email": "never closed}\n' + nested("[", "]", 900)
    with pytest.raises(SourceFailed, match="line 3: more than 32 nested brackets"):
        desk.rows(desk.write("p.ndjson", text))


def test_many_brackets_beside_each_other_and_in_texts_are_not_deep(desk):
    row = {"email": "[" * 900, "orders": [{"n": [n]} for n in range(90)]}
    frame = desk.rows(desk.write("p.ndjson", json.dumps(row) + "\n"))
    assert frame["email"].to_list() == ["[" * 900]
    assert desk.rows(desk.write("q.ndjson", nested("[", "]", 30))).height == 1


def test_too_many_fields_are_named_with_their_line(desk):
    row = json.dumps({f"f{n}": n for n in range(10_001)})
    with pytest.raises(SourceFailed, match="line 2: more than 10,000 different fields"):
        desk.rows(desk.write("p.ndjson", f'{{"a": 1}}\n{row}\n'))
    maps = ({f"f{n}": n for n in range(k, k + 2000)} for k in range(0, 12_000, 2000))
    text = "\n".join(json.dumps({"m": each}) for each in maps)
    with pytest.raises(SourceFailed, match=r"q\.ndjson: more than 10,000 different fields"):
        desk.rows(desk.write("q.ndjson", text))


def test_objects_that_are_always_empty_are_left_out(desk):
    rows = [{"a": 1, "e": {}, "l": [{}], "f": {"g": {}, "h": 2}}, {"e": {}, "f": {"g": {}}}]
    frame = desk.rows(desk.write("p.ndjson", "\n".join(map(json.dumps, rows))))
    assert frame.columns[1:] == ["a", "f"]
    assert frame["f"].to_list() == [{"h": 2}, {"h": None}]


@pytest.mark.parametrize("number", ["1e400", "-1E999", "1" + "0" * 45, "9" * 5000])
def test_a_number_too_large_is_named_with_its_line(desk, number):
    text = f'{{"a": 1}}\n{{"a": {number}}}\n'
    with pytest.raises(SourceFailed, match=r"line 2: the number -?\d.* is too large\. Write"):
        desk.rows(desk.write("p.ndjson", text))


def test_whole_numbers_keep_their_digits_beside_floating_ones(desk):
    path = desk.write("p.ndjson", '{"id": 9007199254740993}\n{"id": 1.5}\n')
    assert desk.rows(path)["id"].to_list() == ["9007199254740993", "1.5"]
    path = desk.write("p.ndjson", '{"id": 9007199254740993.0}\n{"id": 1}\n')
    assert desk.rows(path)["id"].to_list() == [2.0**53, 1.0]


@pytest.mark.parametrize(("values", "read"), MIXED)
def test_a_type_is_found_over_all_files_of_a_folder(desk, values, read):
    for n, value in enumerate(values):
        desk.write(f"p{n}.ndjson", f'{{"it": {value}}}\n')
    assert desk.rows("")["it"].to_list() == read


def test_a_field_that_a_file_lacks_is_empty_there_and_named(desk):
    desk.write("1.json", '[{"email": "a@x.lv", "place": {"city": "Rīga"}}]')
    desk.write("2.jsonl", '{"email": "b@x.lv", "vip": true, "place": {"zip": "01001"}}\n')
    frame = desk.rows("")
    assert frame.columns[1:] == ["email", "place", "vip"]
    assert [row[1:] for row in frame.rows()] == [
        ("a@x.lv", {"city": "Rīga", "zip": None}, None),
        ("b@x.lv", {"city": None, "zip": "01001"}, True),
    ]
    assert list(remarks_on(desk.open(""))) == [
        "1.json has no column “vip”, which other files have: it is empty there."
    ]
    desk.write("3.json", '[{"order": 1}]')
    with pytest.raises(SourceFailed, match=r"3\.json has no column in common with 1\.json"):
        desk.rows("")


def test_types_that_files_do_not_share_within_objects_leave_these_as_text(desk):
    desk.write("1.json", '[{"place": {"lat": 1}}]')
    desk.write("2.json", '[{"place": {"lat": "x"}}]')
    assert desk.rows("")["place"].to_list() == ['{"lat": 1}', '{"lat": "x"}']


def test_files_whose_names_look_like_a_glob_are_read_each_by_itself(desk):
    desk.write("p[1].json", '[{"a": 1}]')
    desk.write("p1.json", '[{"a": 2.5}]')
    assert desk.rows("")["a"].to_list() == [2.5, 1.0]
