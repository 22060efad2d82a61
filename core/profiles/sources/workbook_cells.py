"""The cells of a sheet as texts of what is stored in them, not as they are shown.

Beyond 15 digits Excel itself rounds numbers; those are written as it would show them, as a rounded
one. Errors such as #N/A are the texts that Excel shows for them.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from fastexcel import CellError, ExcelReader, ExcelSheet

# What Excel shows for errors, by the names that fastexcel has for them.
ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
MOMENT = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"  # how days and moments are stored
MIDNIGHT = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"
CLOCK = r"^1899-12-31 (\d{2}:\d{2}:\d{2})$"  # how times of day are stored
ROUNDED = r"^-?\d{16,}$"


def loaded(book: "ExcelReader", name: str) -> "ExcelSheet":
    """A sheet from its first row on, every cell as text. Raises FastExcelError."""
    return book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")


def cells_of(book: "ExcelReader", sheet: "ExcelSheet") -> pl.DataFrame:
    """All cells of a sheet that was loaded so, blank rows too. Raises FastExcelError."""
    batch, errors = sheet.to_arrow_with_errors()
    cells = pl.DataFrame(pl.from_arrow(batch))
    if errors:
        cells = _with_errors(cells, errors.errors)
    return _with_rounded(cells, book, sheet.name)


def as_stored(column: pl.Series) -> pl.Series:
    """Days without midnight, and times without a day."""
    moments = column.filter(column.str.contains(MOMENT))
    if moments.str.contains(MIDNIGHT).all():
        return column.str.replace(MIDNIGHT, "$1")
    return column.str.replace(CLOCK, "$1")


def _with_errors(cells: pl.DataFrame, errors: Iterable["CellError"]) -> pl.DataFrame:
    """With the errors in their places, which come column by column, empty so far."""
    changed = []
    for place, found in groupby(errors, key=lambda error: error.offset_position[1]):
        texts = {error.offset_position[0]: _shown(error.detail) for error in found}
        column = cells.to_series(place).clone()
        changed.append(column.scatter(list(texts), list(texts.values())))
    return cells.with_columns(changed)


def _shown(detail: str) -> str:
    """The text of an error by what is said of it, such as “… but got 'Error(NA)'”."""
    return ERRORS.get(detail.rpartition("Error(")[2].removesuffix(")'"), ERRORS["Value"])


def _with_rounded(cells: pl.DataFrame, book: "ExcelReader", sheet: str) -> pl.DataFrame:
    """Numbers of more digits than Excel keeps as it shows them; texts keep all theirs."""
    long = [place for place, one in enumerate(cells) if one.str.contains(ROUNDED).any()]
    if not long:
        return cells
    # Numbers can be read as yes or no, and texts of digits can't.
    flags = book.load_sheet(
        sheet, header_row=None, skip_rows=0, use_columns=long, dtypes="boolean"
    ).to_polars()
    pairs = zip(long, flags, strict=True)
    return cells.with_columns(
        _rounded(cells.to_series(place), is_number.is_not_null()) for place, is_number in pairs
    )


def _rounded(column: pl.Series, is_number: pl.Series) -> pl.Series:
    rows = (column.str.contains(ROUNDED).fill_null(value=False) & is_number).arg_true()
    texts = [f"{float(text):.14E}" for text in column.gather(rows)]
    return column.clone().scatter(rows, texts)
