"""Workbooks of Excel: cells as they are stored, sheets, dates, what is no table."""

from datetime import date, datetime

import pytest

from core.errors import Invalid, SourceFailed
from core.profiles.sources import ROW
from tests.workbooks import CLOCK, DAY, MOMENT, POWER, Styled, workbook


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
    with pytest.raises(SourceFailed, match=r"p\.xlsx holds no sheet with rows"):
        desk.rows(desk.write("p.xlsx", workbook(S=[])))


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
