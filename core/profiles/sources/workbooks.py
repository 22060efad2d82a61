"""Workbooks of Excel: every cell as the text of what is stored in it, not as it is shown.

A phone number that Excel shows as 3,71E+10 is stored with all its digits, and so it is read. Beyond
15 digits Excel itself rounds numbers; those are written as it would show them, as a rounded one.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from core.errors import Invalid, SourceFailed
from core.profiles.sources.column_names import names_of
from core.profiles.sources.column_types import ALL
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.failures import sentence, translated
from core.profiles.sources.interpretation import interpreted
from core.profiles.sources.places import as_texts
from core.profiles.sources.reading_options import ReadingOptions
from core.texts import _

if TYPE_CHECKING:
    from fastexcel import ExcelReader, ExcelSheet

LOOKED_AT = 50  # rows among which the header is searched
UNNAMED = "__UNNAMED__"  # how fastexcel names columns, with their place after it
MIDNIGHT = r"^\d{4}-\d{2}-\d{2} 00:00:00$"  # how days are stored
CLOCK = r"^1899-12-31 (\d{2}:\d{2}:\d{2})$"  # how times of day are stored
ROUNDED = r"^-?\d{16,}$"


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of one sheet of each workbook, with types, and which it was. Raises SourceFailed."""
    names, frames = zip(*(_sheet(task, place) for place in range(len(task.files))), strict=True)
    sheet, *others = names[0]
    text = pl.concat(frames, how="diagonal").lazy()
    columns = text.collect_schema().names()
    task.report(0.5, _("Finding the types of the columns"))
    cells = replace(ReadingOptions.of(task), decimal=".")
    with translated(task.files[0]):
        found = interpreted(text, columns, ALL, cells)
    return found.frame, Detected(sheet=sheet, sheets=tuple(others), notes=found.notes, **found.kept)


def _sheet(task: Task, place: int) -> tuple[list[str], pl.DataFrame]:
    """The names of the sheet of one workbook that is read and of all, and its rows as text."""
    file = task.files[place]
    task.report(0.5 * place / len(task.files), _("Reading {name}").format(name=file.name))
    plain = task.unpacked(file, f"{place}.xlsx")
    from fastexcel import FastExcelError, read_excel  # heavy: only for workbooks

    try:
        book = read_excel(plain)
        wanted = task.options.get("sheet")
        sheet = _chosen(file, book, None if wanted is None else str(wanted))
        table = _table(file, book, sheet)
        return [sheet.name, *book.sheet_names], table.with_columns(
            as_texts(task.given[place], table.columns)
        )
    except FastExcelError as error:
        raise SourceFailed(sentence(error, str(file))) from error


def _chosen(file: Path, book: "ExcelReader", wanted: str | None) -> "ExcelSheet":
    """The sheet of this name or place from 1, else the first that shows and holds anything."""
    if wanted is not None:
        return _loaded(book, _known(file, book.sheet_names, wanted))
    sheets = (_loaded(book, name) for name in book.sheet_names)
    filled = (sheet for sheet in sheets if sheet.visible == "visible" and sheet.total_height)
    if sheet := next(filled, None):
        return sheet
    raise SourceFailed(_("{path} holds no sheet with rows.").format(path=file))


def _known(file: Path, names: list[str], wanted: str) -> str:
    if wanted in names:
        return wanted
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    text = _("{path} has no sheet “{sheet}”. There are: {names}.")
    raise Invalid(text.format(path=file, sheet=wanted, names=", ".join(names)), "sheet")


def _loaded(book: "ExcelReader", name: str) -> "ExcelSheet":
    return book.load_sheet(name, header_row=None, dtypes="string")


def _table(file: Path, book: "ExcelReader", sheet: "ExcelSheet") -> pl.DataFrame:
    """The rows below the header under its names, without blank rows and columns."""
    cells = sheet.to_polars()
    filled = cells.select((pl.all().str.strip_chars() != "").fill_null(False))
    header = _header(file, filled)
    used = [name for name in cells.columns if filled[name][header:].any()]
    below = cells.select(used).filter(filled.select(pl.any_horizontal(used)).to_series())
    below = below[int(filled[: header + 1].select(pl.any_horizontal(used)).sum().item()) :]
    names = names_of([value or "" for value in cells.select(used).row(header)])
    stored = [_as_stored(column, book, sheet.name) for column in below]
    return pl.DataFrame(stored).rename(dict(zip(used, names, strict=True)))


def _header(file: Path, filled: pl.DataFrame) -> int:
    """The place of the row of names: a title above the table fills less of its row than they do."""
    counts = filled.head(LOOKED_AT).sum_horizontal().to_list() if filled.width else []
    if not any(counts):
        raise SourceFailed(_("{path} holds no sheet with rows.").format(path=file))
    return next(row for row, count in enumerate(counts) if 2 * count > max(counts))


def _as_stored(column: pl.Series, book: "ExcelReader", sheet: str) -> pl.Series:
    """Days without midnight, times without a day, and rounded numbers as Excel shows them."""
    if column.drop_nulls().str.contains(MIDNIGHT).all():
        return column.str.head(10)
    if column.str.contains(ROUNDED).any() and _holds_numbers(book, sheet, column.name):
        texts = (f"{float(text):.14E}" if rounds else text for text, rounds in _rounded(column))
        return pl.Series(column.name, texts, pl.String)
    return column.str.replace(CLOCK, "$1")


def _rounded(column: pl.Series) -> Iterator[tuple[str, bool]]:
    return zip(column, column.str.contains(ROUNDED), strict=True)


def _holds_numbers(book: "ExcelReader", sheet: str, column: str) -> bool:
    """Whether all its cells below the header are numbers: text keeps all its digits."""
    from fastexcel import UnsupportedColumnTypeCombinationError

    place = int(column.removeprefix(UNNAMED))
    try:
        found = book.load_sheet(sheet, schema_sample_rows=None, use_columns=[place])
    except UnsupportedColumnTypeCombinationError:
        return False
    return found.selected_columns[0].dtype in ("int", "float")
