"""CSV as people really have it."""

from datetime import date

import polars as pl
import pytest

from core.errors import Invalid, SourceFailed
from core.profiles.sources import ROW
from core.profiles.sources.conversion import Detected


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found(desk, separator, end):
    rows = [["id", "name", "sum"], ["7", "Anna", "1.5"], ["8", "Jo, the; first|", "2.25"]]
    text = end.join(separator.join(f'"{cell}"' for cell in row) for row in rows) + end
    frame = desk.text(text)
    assert frame.rows() == [(1, 7, "Anna", 1.5), (2, 8, "Jo, the; first|", 2.25)]
    assert frame.columns == [ROW, "id", "name", "sum"]


def test_the_real_thing_semicolons_baltic_letters_decimal_commas(desk):
    text = (
        "id;vārds;summa;dzimis;pasts;talrunis\r\n"
        "1;Jānis Bērziņš;1234,56;31.12.1985;01234;+37129123456\r\n"
        '2;"Ēriks\r\nŠķēle";1.234,5;1.1.2006;12345;29 123 456\r\n\r\n'
    )
    source = desk.open(desk.write("p.csv", text, "cp1257"))
    assert source.detected == Detected("cp1257", ";", ",")
    assert source.scan().to_native().collect().rows() == [
        (1, 1, "Jānis Bērziņš", 1234.56, date(1985, 12, 31), "01234", "+37129123456"),
        (2, 2, "Ēriks\r\nŠķēle", 1234.5, date(2006, 1, 1), "12345", "29 123 456"),
    ]


def test_what_is_given_wins_over_what_is_found(desk):
    assert desk.text("a;b,c\n1;2,3\n", separator=",").columns == [ROW, "a;b", "c"]
    assert desk.text("a;b\n1.234;x\n", decimal=",")["a"].to_list() == [1234.0]
    assert desk.text("a;b\n1,234;x\n", decimal=".")["a"].to_list() == [1234.0]
    assert desk.text("a;b\nš;x\n", "cp1257", encoding="cp1252")["a"].to_list() == ["ð"]


@pytest.mark.parametrize(
    ("field", "value"), [("separator", "::"), ("decimal", "x"), ("encoding", "x")]
)
def test_options_that_make_no_sense_are_refused(desk, field, value):
    with pytest.raises(Invalid) as refused:
        desk.text("a;b\n1;2\n", **{field: value})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,b\n1,5" pipe\n2,6" pipe\n', [(1, 1, '5" pipe'), (2, 2, '6" pipe')]),
        ('a,b\n1,5"\n2,6"\n', [(1, 1, '5"'), (2, 2, '6"')]),
        ('a,b\n1,"say ""hi"""\n', [(1, 1, 'say "hi"')]),
        ('a,b\n\n1,x\n\n\n2,y\n\n', [(1, 1, "x"), (2, 2, "y")]),
        ('\n\na,b\n1,x\n', [(1, 1, "x")]),
        ('a,b\r\n1,"x\r\ny"\r\n', [(1, 1, "x\r\ny")]),
        ('"a\nc",b\n1,x', [(1, 1, "x")]),
        ("a,b\n,\n1,x\n", [(1, None, None), (2, 1, "x")]),
    ],
)  # fmt: skip
def test_quotes_and_blank_lines_of_all_sorts(desk, text, rows):
    assert desk.text(text).rows() == rows


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a,b\n1,2\n3\n", 3, "1 field, but the header has 2"),
        ("a,b\n1,2\n3,4,5\n", 3, "3 fields, but the header has 2"),
        ('a,b\n"x\ny",2\n3\n', 4, "1 field"),
        ('a,b\n\n1,5" x\n3\n', 4, "1 field"),
        ("sep=;\na;b\n1;2\n3\n", 4, "1 field"),
        ('a,b\n1,"x\n2,y\n3,z\n', 2, "quote"),
        ('a,b\n1,2\n3,"x"y\n', 3, "quote"),
        ('a,b\n1,"x\n2,y\n3,"z"\n', 2, "quote"),
        ("a,b\n1,2\n3," + "\0" * 20 + "\n", 3, "NUL"),
    ],
)
def test_a_broken_line_is_named(desk, text, line, said):
    with pytest.raises(SourceFailed) as failed:
        desk.text(text)
    assert f"p.csv, line {line}: " in str(failed.value)
    assert said in str(failed.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('email\n"ann@x.lv\nbob@x.lv\n', 2),
        ('email,name\n"ann@x.lv,Ann\nbob@x.lv,Bob\n', 2),
        ('id;email;name\n1;"ann@x.lv;Ann\n2;bob@x.lv;Bob\n', 2),
        ('id,email,name\n1,"ann@x.lv,Ann', 2),
        ('id,"email,name\n1,ann@x.lv,Ann\n', 1),
        ('a,b\n1,x\n"two\nlines","y\n2,z\n', 4),
        ('a,b\r"1\r",""\r2,"\r3,z\r', 4),
        ('sep=;\na;b\n1;"x\n2;y\n', 3),
        ('a,b\n1,"', 2),
    ],
)
def test_a_quote_that_is_never_closed_is_named_with_the_line_it_begins_in(desk, text, line):
    with pytest.raises(SourceFailed) as failed:
        desk.text(text)
    said = f"p.csv, line {line}: a quote that begins in this line is never closed. Close it"
    assert said in str(failed.value)


def test_a_broken_line_far_below_is_named_too(desk):
    long = "id,note\n" + '1,"two\nlines"\n' * 300_000
    with pytest.raises(SourceFailed, match=r"line 600,002: 1 field"):
        desk.text(long + "2\n")


@pytest.mark.parametrize("text", ["a,b\n", "a,b", "a,b\n\n\n"])
def test_a_header_without_rows_is_a_source_with_nobody(desk, text):
    assert desk.text(text).schema == {ROW: pl.Int64, "a": pl.String, "b": pl.String}
    assert desk.text(text).is_empty()


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe\r\0\n\0"])
def test_an_empty_file_is_told(desk, content):
    with pytest.raises(SourceFailed, match=r"p\.csv is empty"):
        desk.text(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\x14\0\0rest", r"packed by zip.*Rename it to p\.csv\.zip"),
        (b"PAR1....PAR1", "Parquet"),
        (bytes(range(1, 256)) * 20 + b"\0", "NUL"),
    ],
)
def test_what_only_calls_itself_csv_is_refused(desk, content, said):
    with pytest.raises(SourceFailed, match=said):
        desk.text(content)


def test_rows_of_spreadsheets_that_lack_their_last_fields_are_people(desk):
    short = "".join(f"p{n}@x.lv;P{n}\n" for n in range(16))
    long = "".join(f"q{n}@x.lv;Q{n};x\n" for n in range(5))
    frame = desk.text("email;name;note\n" + short + long)
    assert frame["note"].to_list() == [None] * 16 + ["x"] * 5


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("email,name,city\na@x.lv,A,Riga\nb@x.lv,B,Riga\nc@x.lv,C\n", None, ""),
        ("email,name,city\na@x.lv,A,Riga\nb@x.lv,B,Riga\nc@x.lv,C", 4, "2 fields"),
        ("id,email,note\n1,a@x.lv,hello\nworld\n2,b@x.lv,hi\n", 3, "1 field, but the header has 3"),
        ("email,name\na@x.lv,A\n\nworld\nb@x.lv,B\n", 4, "1 field, but the header has 2"),
        ("email,name\na@x.lv,A\nb@x.lv,B,more\nc@x.lv,C\n", 3, "3 fields, but the header has 2"),
    ],
)
def test_a_row_that_may_be_half_of_one_is_named(desk, text, line, said):
    if line is None:
        assert desk.text(text)["city"].to_list() == ["Riga", "Riga", None]
        return
    with pytest.raises(SourceFailed, match=f"p.csv, line {line}: {said}"):
        desk.text(text)
