"""Workbooks of Excel: cells as they are stored, sheets, dates, what is no table."""

from datetime import date, datetime

import pytest

from core.errors import Invalid, SourceFailed
from core.profiles.sources import ROW
from tests.workbooks import CLOCK, DAY, MOMENT, POWER, Error, Styled, workbook


def one(desk, *rows: list[object], **options):
    return desk.rows(desk.write("p.xlsx", workbook(People=list(rows))), **options)


def test_no_phone_is_rounded_however_it_is_shown(desk):
    phones = [Styled("37126123456", POWER), Styled("4.915123456789E12", POWER), "+371 26123458"]
    frame = one(desk, ["email", "phone"], *(["a@x.lv", phone] for phone in phones))
    assert frame["phone"].to_list() == ["37126123456", "4915123456789", "+371 26123458"]


def test_zeros_before_a_number_stay_where_they_are_stored(desk):
    frame = one(desk, ["zip", "plain"], ["01001", 1001], [1002, 1002])
    assert frame["zip"].to_list() == ["01001", "1002"]
    assert frame["plain"].to_list() == [1001, 1002]


def test_what_excel_itself_rounds_is_shown_as_rounded_and_text_keeps_every_digit(desk):
    long = "12345678901234567"
    frame = one(
        desk, ["number", "text", "both"], [long and Styled(long, 0), long, long], [1, "1", 1]
    )
    assert frame["number"].to_list() == ["1.23456789012346E+16", "1"]
    assert frame["text"].to_list() == [long, "1"]
    assert frame["both"].to_list() == [long, "1"]


def test_dates_and_moments_are_read_as_such(desk):
    day, moment, clock = Styled("45000", DAY), Styled("45000.75", MOMENT), Styled("0.3125", CLOCK)
    frame = one(desk, ["day", "moment", "clock"], [day, moment, clock], [None, day, None])
    assert frame["day"].to_list() == [date(2023, 3, 15), None]
    assert frame["moment"].to_list() == [datetime(2023, 3, 15, 18), datetime(2023, 3, 15)]
    assert frame["clock"].to_list() == ["07:30:00", None]


def test_numbers_have_the_decimal_sign_of_excel_and_booleans_are_booleans(desk):
    frame = one(desk, ["spent", "vip"], [1.234, True], [12.5, False], [987, None])
    assert frame["spent"].to_list() == [1.234, 12.5, 987.0]
    assert frame["vip"].to_list() == [True, False, None]


def test_a_title_and_blank_rows_and_columns_are_no_part_of_the_table(desk):
    title, blank = ["Customers of 2026"], [None, None, None, None]
    rows = [[None, "email", None, "city"], blank, [None, "a@x.lv", None, "Rīga"], blank]
    frame = one(desk, title, blank, *rows, [None, "b@x.lv", None, None])
    assert frame.rows() == [(1, "a@x.lv", "Rīga"), (2, "b@x.lv", None)]
    assert frame.columns[1:] == ["email", "city"]


def test_the_first_sheet_that_shows_and_holds_anything_is_read_unless_one_is_chosen(desk):
    sheets = {"Empty": [], "Old": [["a"], [1]], "New": [["a"], [2]], "More": [["a"], [3]]}
    path = desk.write("p.xlsx", workbook(("Old",), **sheets))
    source = desk.open(path)
    assert source.detected.sheet == "New"
    assert desk.rows(path)["a"].to_list() == [2]
    assert desk.rows(path, sheet="More")["a"].to_list() == [3]
    assert desk.rows(path, sheet=2)["a"].to_list() == [1]
    with pytest.raises(Invalid, match=r"no sheet “5”\. There are: Empty, Old, New, More"):
        desk.rows(path, sheet=5)


def test_workbooks_of_a_folder_are_one_source(desk):
    desk.write("1.xlsx", workbook(S=[["email", "n"], ["a@x.lv", 1]]))
    desk.write("2.xlsx", workbook(S=[["n", "email", "city"], [2, "b@x.lv", "Rīga"]]))
    desk.write("~$2.xlsx", b"what Excel leaves while it has a workbook open")
    assert desk.rows("").rows() == [(1, "a@x.lv", 1, None), (2, "b@x.lv", 2, "Rīga")]


def test_a_workbook_without_anything_is_told(desk):
    with pytest.raises(SourceFailed, match=r"p\.xlsx has no sheet with rows"):
        desk.rows(desk.write("p.xlsx", workbook(S=[])))
    with pytest.raises(SourceFailed, match=r"p\.xlsx has no sheet with rows"):
        desk.rows("p.xlsx", sheet="S")


def test_a_workbook_with_a_header_alone_is_a_source_with_nobody(desk):
    rows = desk.rows(desk.write("p.xlsx", workbook(S=[["email", "city"]])))
    assert rows.columns == [ROW, "email", "city"]
    assert rows.is_empty()


def test_a_workbook_under_another_name_and_what_only_calls_itself_one_are_told(desk):
    with pytest.raises(SourceFailed, match=r"p\.csv is Excel, .* ends in \.xlsx"):
        desk.rows(desk.write("p.csv", workbook(S=[["a"], [1]])))
    with pytest.raises(SourceFailed, match=r"p\.xlsx can't be read"):
        desk.rows(desk.write("p.xlsx", "email\na@x.lv\n"))
    assert desk.rows(desk.write("p", workbook(S=[["a"], [1]])))["a"].to_list() == [1]


def test_errors_of_formulas_are_empty_and_counted_as_words_for_nothing(desk):
    day = Styled("45000", DAY)
    rows = [["a@x.lv", 1, day], [Error("#REF!"), Error("#DIV/0!"), Error("#VALUE!")]]
    last = [["c@x.lv", 3, day], ["d@x.lv", Error("#NAME?"), day], [Error("#N/A")]]
    path = desk.write("p.xlsx", workbook(S=[["email", "n", "day"], *rows, *last]))
    for said in ({}, {"null_words": []}):  # whoever keeps a person named NULL doesn't keep these
        frame = desk.rows(path, **said)
        assert frame["email"].to_list() == ["a@x.lv", None, "c@x.lv", "d@x.lv", None]
        assert frame["n"].to_list() == [1, None, 3, None, None]
        assert frame["day"].to_list()[:2] == [date(2023, 3, 15), None]
        notes = [(note.kind, note.column, note.count) for note in desk.open(path, **said).notes()]
        assert notes == [("empty_word", name, 2) for name in ("email", "n")] + [
            ("empty_word", "day", 1)
        ]
    assert desk.open(path).notes()[0].example == "row 2, “email”: “#REF!”"


def test_an_error_among_numbers_beyond_15_digits_does_not_hide_that_they_are_rounded(desk):
    long = "12345678901234567"
    rows = [Styled(long, 0)], [Error("#NAME?")], [Styled("9007199254740993", 0)], [long], ["A-1"]
    frame = one(desk, ["id"], *rows)
    assert frame["id"].to_list() == [
        *("1.23456789012346E+16", None, "9.00719925474099E+15", long, "A-1")
    ]
    (empty, rounded) = desk.open("p.xlsx").notes()
    assert (empty.count, rounded.kind, rounded.count) == (1, "rounded_by_spreadsheet", 2)


def test_one_odd_cell_does_not_make_moments_of_days(desk):
    day = Styled("45000", DAY)
    frame = one(desk, ["day"], *[[day]] * 120, ["soon"])
    assert frame["day"].to_list() == [*[date(2023, 3, 15)] * 120, None]


def test_a_workbook_without_names_is_asked_about_and_read_as_is_said(desk):
    rows = [["a@x.lv", "Anna", 5], ["b@x.lv", "Bea", 6]]
    path = desk.write("p.xlsx", workbook(S=rows))
    with pytest.raises(SourceFailed, match=r"p\.xlsx, line 1: the first row looks like a person"):
        desk.rows(path)
    numbered = desk.rows(path, header=False)
    assert numbered.columns[1:] == ["column 1", "column 2", "column 3"]
    named = desk.rows(path, header=["email", "name", "n"])
    assert named.rows() == [(1, "a@x.lv", "Anna", 5), (2, "b@x.lv", "Bea", 6)]
    assert named.columns[1:] == ["email", "name", "n"]
    assert desk.rows(path, header=True).rows() == [(1, "b@x.lv", "Bea", 6)]


def test_names_belong_to_the_columns_that_hold_anything_or_to_those_from_the_first(desk):
    spaced = desk.write("spaced.xlsx", workbook(S=[[None, "a@x.lv", None, 5]]))
    assert desk.rows(spaced, header=["email", "n"]).rows() == [(1, "a@x.lv", 5)]
    assert desk.rows(spaced, header=False).columns[1:] == ["column 2", "column 3", "column 4"]
    without = desk.write("without.xlsx", workbook(S=[["a@x.lv", None, 5, None]]))
    four = desk.rows(without, header=["email", "phone", "n", "city"])
    assert four.rows() == [(1, "a@x.lv", None, 5, None)]
    with pytest.raises(SourceFailed, match="values in 2 columns, but `header` has 3 names"):
        desk.rows(spaced, header=["email", "phone", "n"])
    with pytest.raises(SourceFailed, match="values in 2 columns, but `header` has 1 name"):
        desk.rows(without, header=["email"])


def test_rows_to_skip_are_counted_from_the_top_of_the_sheet(desk):
    wide = ["Which", "columns", "there", "are"]
    rows = [[None], wide, [None], ["email", "n"], ["a@x.lv", 12345678901234567], ["b@x.lv", 1]]
    path = desk.write("p.xlsx", workbook(S=rows))
    assert desk.rows(path).columns[1:] == wide  # what fills the most looks like the names
    source = desk.open(path, skip=3)
    assert source.scan().collect()["n"].to_list() == ["1.23456789012346E+16", "1"]
    assert source.detected.skipped == 0
    assert desk.rows(path, skip=4, header=["who", "n"])["who"].to_list() == ["a@x.lv", "b@x.lv"]
    assert desk.rows(path, skip=3, sheet="S", header=True).columns[1:] == ["email", "n"]
    with pytest.raises(SourceFailed, match="no sheet with rows"):
        desk.rows(path, skip=20)


def test_titles_that_are_left_out_by_themselves_are_counted(desk):
    rows = [["Customers of 2026"], ["as of today"], ["email", "n"], ["a@x.lv", 1], ["b@x.lv", 2]]
    path = desk.write("p.xlsx", workbook(S=rows))
    assert desk.open(path).detected.skipped == 2
    named = desk.rows(path, header=["who", "n"])
    assert named["who"].to_list() == ["email", "a@x.lv", "b@x.lv"]


def test_workbooks_whose_rows_are_all_alike_are_asked_about(desk):
    with pytest.raises(SourceFailed, match=r"all rows are the same"):
        one(desk, ["email", "n"], *[["a@x.lv", 1]] * 6)
    assert len(one(desk, ["email", "n"], *[["a@x.lv", 1]] * 6, header=True)) == 6


def test_columns_that_are_called_by_numbers_keep_their_cells(desk):
    assert one(desk, ["1", "0", "2"], ["a", "b", "c"]).rows() == [(1, "a", "b", "c")]


def test_a_column_that_a_workbook_of_a_folder_lacks_is_named_and_another_table_refused(desk):
    desk.write("1.xlsx", workbook(S=[["email", "n"], ["a@x.lv", 1]]))
    desk.write("2.xlsx", workbook(S=[["email", "city"], ["b@x.lv", "Rīga"]]))
    lacking = {"n": "2.xlsx", "city": "1.xlsx"}
    assert desk.open("").detected.lacking == lacking
    desk.write("3.xlsx", workbook(S=[["order", "sum"], ["A1", 9.5]]))
    with pytest.raises(SourceFailed, match=r"3\.xlsx has no column in common with 1\.xlsx"):
        desk.rows("")
