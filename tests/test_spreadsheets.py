"""CSV that harms nobody: no cell of it is a formula, in whatever spreadsheet it is opened."""

import csv as standard
import io
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import spreadsheets


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


REQUIRED = os.environ.get("SEGFERRY_OFFICE_REQUIRED") == "1"
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
# What stands before a formula in a cell: nothing, a text and a separator, quotes, controls.
BEFORE = ["", "a", "1", '"', '""', 'x"', "'", "\0", "\v", "\x1f", "\n", "\r", "a\n", "a\r\n", "("]
BEFORE += [f"{text}{separator}" for text, separator in product(["", "a", '"'], ",;\t|")]
BETWEEN = ["", " ", "\t", '"', *BLANKS]
FORMULAS = [f"{sign}1+1" for sign in SIGNS]
FORMULAS += ["=a", "=1;=1", '=HYPERLINK("http://evil.example","x")', "=cmd|' /C calc'!A0"]
CELLS = ["".join(parts) for parts in product(BEFORE, BETWEEN, FORMULAS)]


@pytest.fixture
def office() -> str:
    """The program of LibreOffice."""
    if found := shutil.which("soffice"):
        return found
    if REQUIRED:
        pytest.fail("LibreOffice isn't installed, and SEGFERRY_OFFICE_REQUIRED is set.")
    pytest.skip("LibreOffice isn't installed")


def swapped(content: bytes, separator: str) -> bytes:
    """The file with this separator in place of commas, and commas in its place.

    Read with commas it has the cells that the file itself has where this separator is expected, so
    that one start of LibreOffice, which takes a second or two, is enough for all of them.
    """
    exchange = {ord(","): separator, ord(separator): ","}
    return content.decode().translate(exchange).encode()


def formulas(workbook: Path) -> list[str]:
    """The cells that are formulas."""
    with ZipFile(workbook) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") > len(CELLS)
    return re.findall(r"<c [^>]*><f[ >][^<]*", sheet)


def opened(office: str, tmp_path: Path, files: dict[str, bytes]) -> dict[str, list[str]]:
    """The formulas that LibreOffice takes from each CSV, by name."""
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    reading = "--infilter=Text - txt - csv (StarCalc):44,34,76,1"  # comma, quotes, UTF-8, line 1
    command = [office, "--headless", profile, reading, "--convert-to", "xlsx", "--outdir", tmp_path]
    names = [f"{tmp_path / name}.csv" for name in files]
    subprocess.run([*command, *names], check=True, capture_output=True, timeout=120)
    return {name: formulas(tmp_path / f"{name}.xlsx") for name in files}


def test_libreoffice_takes_no_cell_for_a_formula(office: str, tmp_path: Path):
    heads = dict.fromkeys((";=1+1", "\t=1+1", "|=1+1", 'a",=1+1'), pl.lit(None))
    frame = pl.DataFrame({"=1+1": CELLS}).with_columns(**heads)
    safe, bare = spreadsheets.csv(frame), frame.write_csv(include_bom=True).encode()
    ours = {name: swapped(safe, separator) for name, separator in SEPARATORS.items()}
    others = {f"bare {name}": swapped(bare, separator) for name, separator in SEPARATORS.items()}
    found = opened(office, tmp_path, ours | others)
    assert all(found[name] for name in others)  # so formulas would be seen
    assert [cell for name in ours for cell in found[name]] == []
