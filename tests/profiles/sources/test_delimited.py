"""CSV as people really have it."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from core.errors import Invalid, SourceFailed
from core.profiles.sources import ROW, Kind
from core.profiles.sources.conversion import Detected
from core.profiles.sources.layout import names_of


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


def test_a_single_column_needs_no_separator(desk):
    assert desk.text("email\na@x.lv\nb@x.lv\n")["email"].to_list() == ["a@x.lv", "b@x.lv"]
    assert desk.text("amount\n1,5\n2,25\n", header=True)["amount"].to_list() == [1.5, 2.25]


def test_excels_own_first_line_is_obeyed(desk):
    assert desk.text("sep=|\r\na|b,c\r\n1|x\r\n").rows() == [(1, 1, "x")]


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
    ("texts", "values"),
    [
        (["1", "-20", ""], [1, -20, None]),
        (["01234", "12345"], ["01234", "12345"]),
        (["0", "10"], [0, 10]),
        (["123456789012345", "1"], [123456789012345, 1]),
        (["1234567890123456", "1"], ["1234567890123456", "1"]),
        (["+37129123456", "29123456"], ["+37129123456", "29123456"]),
        (["29 123 456", "29 123 457"], ["29 123 456", "29 123 457"]),
        (["12E5", "13E5"], ["12E5", "13E5"]),
        (["1e-05", "2.5e-07", "3"], [1e-05, 2.5e-07, 3.0]),
        (["1.5", " 2 "], [1.5, 2.0]),
        (["1,5", "2"], [1.5, 2.0]),
        (["0,125", "2"], [0.125, 2.0]),
        (["1.234,56", "1.234.567,8", "7"], [1234.56, 1234567.8, 7.0]),
        (["1,234.56", "999.9"], [1234.56, 999.9]),
        (["1 234,56", "7,5"], [1234.56, 7.5]),
        (["1\u00a0234,56", "-7,5"], [1234.56, -7.5]),
        (["1.5", "2,5"], ["1.5", "2,5"]),
        (["1.234", "2.500"], ["1.234", "2.500"]),
        (["1.234.567", "1"], ["1.234.567", "1"]),
        (["1.234", "12.500", "987"], [1234, 12500, 987]),
        (["1.234", "1.250.000", "987"], [1234, 1250000, 987]),
        (["1.234", "12.5", "987"], [1.234, 12.5, 987.0]),
        (["1.234", "12.500", "1000"], ["1.234", "12.500", "1000"]),
        (["1.234", "987"], ["1.234", "987"]),
        (["1,234", "12,500", "987"], [1234, 12500, 987]),
        (["3,71261E+10", "3,71262E+10"], ["3,71261E+10", "3,71262E+10"]),
        (["1.23457E+11", "9.87654E+11"], ["1.23457E+11", "9.87654E+11"]),
        (["4.47712E+11", "0.5"], ["4.47712E+11", "0.5"]),
        (["1e+16", "0.5", "3e-07"], [1e16, 0.5, 3e-07]),
        (['"=""00123"""', '="00124"'], ["00123", "00124"]),
        (["'00123", "'+37126100001", "'t Hooft"], ["00123", "+37126100001", "'t Hooft"]),
        (["10", "NULL", r"\N", "nan", "-", "20"], [10, None, None, None, None, 20]),
        (["true", "None", "false"], [True, None, False]),
        (["2026-01-31", "NaT"], [date(2026, 1, 31), None]),
        (["Anna", "NULL", "#N/A", "Null"], ["Anna", None, None, "Null"]),
        (["1.5", "n/a"], ["1.5", "n/a"]),
        (["true", "FALSE", ""], [True, False, None]),
        (["yes", "no"], ["yes", "no"]),
        (["2026-01-31", ""], [date(2026, 1, 31), None]),
        (["2026-02-30", "2026-01-01"], ["2026-02-30", "2026-01-01"]),
        (["31.12.2025", "1.1.2026"], [date(2025, 12, 31), date(2026, 1, 1)]),
        (["31.12.2025.", "01.01.2026."], [date(2025, 12, 31), date(2026, 1, 1)]),
        (["12/31/2025", "1/2/2026"], [date(2025, 12, 31), date(2026, 1, 2)]),
        (["31/12/2025", "1/2/2026"], [date(2025, 12, 31), date(2026, 2, 1)]),
        (["31-12-2025 9:05", "01-02-2026 10:20:30"],
         [datetime(2025, 12, 31, 9, 5), datetime(2026, 2, 1, 10, 20, 30)]),
        (["12/31/2025 9:05 PM"], [datetime(2025, 12, 31, 21, 5)]),
        (["01/02/2026", "02/01/2026"], ["01/02/2026", "02/01/2026"]),
        (["31/12/2025", "12/31/2025"], ["31/12/2025", "12/31/2025"]),
        (["2025/12/31", "2026/1/2"], [date(2025, 12, 31), date(2026, 1, 2)]),
        (
            ["2026-01-31 10:20", "2026-01-31T10:20:30.5", "2026-02-01"],
            [
                datetime(2026, 1, 31, 10, 20),
                datetime(2026, 1, 31, 10, 20, 30, 500000),
                datetime(2026, 2, 1),
            ],
        ),
        (
            ["2026-01-31T10:20:30Z", "2026-01-31 10:20+02:00", "2026-01-31 10:20:00 +0200"],
            [
                datetime(2026, 1, 31, 10, 20, 30, tzinfo=UTC),
                datetime(2026, 1, 31, 8, 20, tzinfo=UTC),
                datetime(2026, 1, 31, 8, 20, tzinfo=UTC),
            ],
        ),
        (
            ["31.12.2025 9:05", "1.1.2026. 10:20:30"],
            [datetime(2025, 12, 31, 9, 5), datetime(2026, 1, 1, 10, 20, 30)],
        ),
        (["2026-01-31 10:20:30.123456+00", "2026-01-31 10:20 UTC", "2026-01-31T10:20:30 GMT"],
         [
             datetime(2026, 1, 31, 10, 20, 30, 123456, tzinfo=UTC),
             datetime(2026, 1, 31, 10, 20, tzinfo=UTC),
             datetime(2026, 1, 31, 10, 20, 30, tzinfo=UTC),
         ]),
        (["2026-01-31", "0000-00-00"], [date(2026, 1, 31), None]),
        (["0000-00-00 00:00:00", "2026-01-31 10:20:30"], [None, datetime(2026, 1, 31, 10, 20, 30)]),
        (["2026-01-31T10:20Z", "2026-01-31T10:20"], ["2026-01-31T10:20Z", "2026-01-31T10:20"]),
        (["", "  "], [None, None]),
        ([" a ", "\u00a0"], [" a ", None]),
    ],
)  # fmt: skip
def test_a_type_is_what_every_value_proves(column, texts, values):
    read = column(*texts)
    assert read == values
    assert [type(v) for v in read] == [type(v) for v in values]


def test_types_are_decided_over_the_whole_file_not_its_first_rows(column):
    texts = ["1"] * 15_000
    assert column(*texts)[-1] == 1
    assert column(*texts, "007")[:2] == ["1", "1"]


def test_the_other_columns_tell_what_a_lone_dot_or_comma_means(desk):
    assert desk.text("a;b\n1.234;0,5\n2.500;7,25\n")["a"].to_list() == [1234.0, 2500.0]
    assert desk.text('a,b\n"1,234",0.5\n"2,500",7.25\n')["a"].to_list() == [1234.0, 2500.0]
    assert desk.text("a;b\n1,234;x\n2,500;x\n")["a"].to_list() == [1.234, 2.5]
    assert desk.text('a,b\n"1,234",x\n"2,500",x\n')["a"].to_list() == ["1,234", "2,500"]


@pytest.mark.parametrize(
    ("separator", "values", "read"),
    [
        ("\t", ["1.234", "2.345"], ["1.234", "2.345"]),
        ("|", ["1.234", "987"], ["1.234", "987"]),
        (",", ["1.234", "987"], ["1.234", "987"]),
        (",", ["1.234", "2.500"], [1.234, 2.5]),
        (",", ["1.234", "12.500", "987"], [1234, 12500, 987]),
        ("\t", ["1.234", "98.7"], [1.234, 98.7]),
    ],
)
def test_where_thousands_and_decimals_both_fit_it_stays_text(column, separator, values, read):
    assert column(*values, separator=separator) == read


def test_each_kind_is_told(desk):
    source = desk.open(desk.write("p.csv", "t,n,b,d,m,e\nx,1,true,2026-01-01,2026-01-01 10:00,\n"))
    kinds = [Kind.text, Kind.number, Kind.boolean, Kind.date, Kind.moment, Kind.text]
    assert list(source.schema().values()) == kinds


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


def test_columns_without_a_name_or_with_the_same_get_names_of_their_own():
    names = ("city", "column 2", "city 2", "city 3", "a b", "__row__")
    assert names_of(["city", " ", "city", "city", "a\n b", "__row__"]) == names


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
        (b"PK\x03\x04\x14\0\0rest", r"packed by zip.*Name it p\.csv\.zip"),
        (b"PAR1....PAR1", "Parquet"),
        (bytes(range(1, 256)) * 20 + b"\0", "NUL"),
    ],
)
def test_what_only_calls_itself_csv_is_refused(desk, content, said):
    with pytest.raises(SourceFailed, match=said):
        desk.text(content)


PEOPLE = [(1, "anna@x.lv", "Anna"), (2, "ben@x.lv", "Ben"), (3, "cy@x.lv", "Cy")]


@pytest.mark.parametrize(
    "text",
    [
        "Customer report\nPeriod: 2024-05-01 to 2024-05-31\n\nemail,name\n"
        "anna@x.lv,Anna\nben@x.lv,Ben\ncy@x.lv,Cy\n",
        "Customer report,\n,\nemail,name\nanna@x.lv,Anna\nben@x.lv,Ben\ncy@x.lv,Cy\n",
        "Report;;\nFrom;2024;\nemail;name;\nanna@x.lv;Anna;\nben@x.lv;Ben;\ncy@x.lv;Cy;\n",
        "# exported 2024-05-01\nemail,name\nanna@x.lv,Anna\nben@x.lv,Ben\ncy@x.lv,Cy\n",
        "# exported, by us\nemail,name\nanna@x.lv,Anna\nben@x.lv,Ben\ncy@x.lv,Cy\n",
        "email,name\nanna@x.lv,Anna,\nben@x.lv,Ben,\ncy@x.lv,Cy,\n",
        "email,name\nanna@x.lv,Anna\nben@x.lv,Ben,,\ncy@x.lv,Cy,\n",
        '"email", "name"\n"anna@x.lv", "Anna"\n"ben@x.lv", "Ben"\n"cy@x.lv", "Cy"\n',
        "email^name\nanna@x.lv^Anna\nben@x.lv^Ben\ncy@x.lv^Cy\n",
        "email:name\nanna@x.lv:Anna\nben@x.lv:Ben\ncy@x.lv:Cy\n",
        '"email","name"\n"anna@x.lv","Anna"\n"ben@x.lv","Ben"\n"cy@x.lv","Cy"\n\n'
        '"Contacts report"\n"Copyright (c) example.com, inc. All rights reserved."\n',
        "email,name\nanna@x.lv,Anna\nben@x.lv,Ben\ncy@x.lv,Cy\n\n3 rows\n",
    ],
)
def test_a_file_that_begins_or_ends_unevenly_is_read_where_it_shows_how(desk, text):
    frame = desk.text(text)
    assert [row[:3] for row in frame.rows()] == PEOPLE
    assert frame.columns[:3] == [ROW, "email", "name"]


def test_a_comma_within_quotes_after_a_blank_is_no_separator(desk):
    text = '"email", "name"\n"anna@x.lv", "Tester, Anna"\n"ben@x.lv", "Tester, Ben"\n'
    assert desk.text(text)["name"].to_list() == ["Tester, Anna", "Tester, Ben"]


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


@pytest.mark.parametrize(
    "text",
    [
        "c-1|anna@x.lv|Anna\nc-2|ben@x.lv|Ben\n",
        "c-0001|Anna|LV\nc-0002|Ben|LV\nc-0003|Cy|EE\n",
        "anna@x.lv\nben@x.lv\n",
        "1,Anna,2026-01-31\n2,Ben,2026-02-28\n",
    ],
)
def test_a_first_row_that_may_be_a_person_is_asked_about_and_not_shown(desk, text):
    with pytest.raises(SourceFailed, match="looks like a person") as asked:
        desk.text(text)
    assert asked.value.field == "header"
    assert "anna" not in str(asked.value)
    frame = desk.text(text, header=False)
    assert len(frame) == text.count("\n")
    assert frame.columns[1] == "column 1"
    assert len(desk.text(text, header=True)) == text.count("\n") - 1


def test_a_file_without_a_header_takes_its_names_from_the_source(desk):
    text = "c-1|anna@x.lv|Anna\nc-2|ben@x.lv|Ben\n"
    frame = desk.text(text, header=["id", "email", "name"])
    assert frame.rows() == [(1, "c-1", "anna@x.lv", "Anna"), (2, "c-2", "ben@x.lv", "Ben")]
    assert frame.columns[1:] == ["id", "email", "name"]
    with pytest.raises(SourceFailed, match="line 1: 3 fields, but there are 2 columns"):
        desk.text(text, header=["id", "email"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nAnna\nBen\n", "one column only, “name”"),
        ("email§name\na@x.lv§A\nb@x.lv§B\n", "one column only"),
        ("a,b\n" + "1,2\n" * 9, "every row is alike"),
    ],
)
def test_an_improbable_shape_is_asked_about(desk, text, said):
    with pytest.raises(SourceFailed, match=said):
        desk.text(text)
    assert len(desk.text(text, header=True)) == text.count("\n") - 1


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("x,y\nemail,name\nanna@x.lv,Anna\nben@x.lv,Ben\ncy@x.lv,Cy\n", {"skip": 1}),
        ("email,name\n%x\nanna@x.lv,Anna\n%\nben@x.lv,Ben\ncy@x.lv,Cy\n", {"comment": "%"}),
        ("email,name\n'anna@x.lv','Anna'\n'ben@x.lv',Ben\ncy@x.lv,Cy\n", {"quote": "'"}),
        ("anna@x.lv,Anna\nben@x.lv,Ben\ncy@x.lv,Cy\n", {"header": ["email", "name"]}),
    ],
)
def test_what_is_said_of_the_shape_wins(desk, text, options):
    assert desk.text(text, **options).rows() == PEOPLE


def test_without_a_quote_quotes_are_letters(desk):
    assert desk.text('a,b\n"x,1\ny",2\n', quote="")["a"].to_list() == ['"x', 'y"']


@pytest.mark.parametrize("field", ["comment", "quote", "separator"])
def test_a_sign_of_several_characters_is_refused(desk, field):
    with pytest.raises(Invalid) as refused:
        desk.text("a;b\n1;2\n", **{field: "##"})
    assert refused.value.field == field
