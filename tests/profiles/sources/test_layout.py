"""How a delimited file begins: what is found, and what has to be said."""

import pytest

from core.errors import Invalid, SourceFailed
from core.profiles.sources import ROW


def test_a_single_column_needs_no_separator(desk):
    assert desk.text("email\na@x.lv\nb@x.lv\n")["email"].to_list() == ["a@x.lv", "b@x.lv"]
    assert desk.text("amount\n1,5\n2,25\n", header=True)["amount"].to_list() == [1.5, 2.25]


def test_excels_own_first_line_is_obeyed(desk):
    assert desk.text("sep=|\r\na|b,c\r\n1|x\r\n").rows() == [(1, 1, "x")]


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


def test_the_first_short_row_is_counted_over_all_files(desk):
    desk.write("a.csv", "email;name;city\na@x.lv;Anna;Riga\nb@x.lv;Ben;Riga\n")
    desk.write("b.csv", "email;name;city\nc@x.lv;Cy;Riga\nd@x.lv\n\n1 row\n")
    (note,) = desk.open("").notes()
    assert (note.kind, note.count, note.row, note.column) == ("short_row", 1, 4, "name")


def test_a_comma_within_quotes_after_a_blank_is_no_separator(desk):
    text = '"email", "name"\n"anna@x.lv", "Tester, Anna"\n"ben@x.lv", "Tester, Ben"\n'
    assert desk.text(text)["name"].to_list() == ["Tester, Anna", "Tester, Ben"]


@pytest.mark.parametrize(
    "text",
    [
        "c-1|anna@x.lv|Anna\nc-2|ben@x.lv|Ben\n",
        "c-0001|Anna|LV\nc-0002|Ben|LV\nc-0003|Cy|EE\n",
        "anna@x.lv\nben@x.lv\n",
        "1,Anna,2026-01-31\n2,Ben,2026-02-28\n",
        "Anna <anna@x.lv>;LV\nBen <ben@x.lv>;LV\n",
        "Anna;;LV\nBen;ben@x.lv;LV\nCy;cy@x.lv;EE\n",
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
        ("name\nAnna\nBen\n", "only one column, “name”"),
        ("email§name\na@x.lv§A\nb@x.lv§B\n", "only one column"),
        ("a,b\n" + "1,2\n" * 9, "all rows are the same"),
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


def test_no_person_is_taken_for_a_header_with_lines_above_it(desk):
    with pytest.raises(SourceFailed, match="line 2: 3 fields, but the header has 2"):
        desk.text("'email','name'\n'a@x.lv','Anna, A'\n'b@x.lv','Ben'\n")


def test_without_a_quote_quotes_are_letters(desk):
    assert desk.text('a,b\n"x,1\ny",2\n', quote="")["a"].to_list() == ['"x', 'y"']


@pytest.mark.parametrize("field", ["comment", "quote", "separator"])
def test_a_sign_of_several_characters_is_refused(desk, field):
    with pytest.raises(Invalid) as refused:
        desk.text("a;b\n1;2\n", **{field: "##"})
    assert refused.value.field == field
