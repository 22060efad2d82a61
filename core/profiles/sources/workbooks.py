"""Workbooks of Excel: one sheet of each, the table in it found as people put it there.

A phone number that Excel shows as 3,71E+10 is stored with all its digits, and so it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from core.errors import Invalid, SourceFailed
from core.profiles.sources.column_names import lacking, names_of
from core.profiles.sources.column_types import ALL
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.failures import sentence, translated
from core.profiles.sources.improbable import check_header, check_rows_differ
from core.profiles.sources.interpretation import interpreted
from core.profiles.sources.layout_options import LayoutOptions
from core.profiles.sources.places import as_texts
from core.profiles.sources.reading_options import ReadingOptions
from core.profiles.sources.workbook_cells import ERRORS, as_stored, cells_of, loaded
from core.texts import _, many

if TYPE_CHECKING:
    from fastexcel import ExcelReader, ExcelSheet

LOOKED_AT = 50  # rows among which the header is searched


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet as text, and where they were found."""

    rows: pl.DataFrame
    sheet: str
    sheets: tuple[str, ...]  # all of the workbook
    above: int  # rows above the table that were left out unasked


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of one sheet of each workbook, with types, and which it was. Raises SourceFailed."""
    tables = [_read_table(task, place) for place in range(len(task.files))]
    missing = lacking(task.files, [table.rows.columns for table in tables])
    text = pl.concat([table.rows for table in tables], how="diagonal").lazy()
    columns = text.collect_schema().names()
    task.report(0.5, _("Finding the types of the columns"))
    usual = ReadingOptions.of(task)
    cells = replace(usual, decimal=".", null_words=(*usual.null_words, *ERRORS.values()))
    with translated(task.files[0]):
        if task.options.get("header") is None:
            check_rows_differ(task.files[0], text)
        found = interpreted(text, columns, ALL, cells)
    return found.frame, Detected(
        sheet=tables[0].sheet,
        sheets=tables[0].sheets,
        lacking=missing,
        skipped=sum(table.above for table in tables),
        notes=found.notes,
        **found.kept,
    )


def _read_table(task: Task, place: int) -> Table:
    file, options = task.files[place], LayoutOptions.of(task.options)
    task.report(0.5 * place / len(task.files), _("Reading {name}").format(name=file.name))
    plain = task.unpacked(file, f"{place}.xlsx")
    from fastexcel import FastExcelError, read_excel  # heavy: only for workbooks

    try:
        book = read_excel(plain)
        wanted = task.options.get("sheet")
        sheet = _chosen(file, book, None if wanted is None else str(wanted))
        cells = cells_of(book, sheet)
    except FastExcelError as error:
        raise SourceFailed(sentence(error, str(file))) from error
    places = [column.absolute_index for column in sheet.selected_columns]
    rows, above = _table(file, _at_places(cells, places, options), options)
    rows = rows.with_columns(as_texts(task.given[place], rows.columns))
    return Table(rows, sheet.name, tuple(book.sheet_names), above)


def _at_places(cells: pl.DataFrame, places: Sequence[int], options: LayoutOptions) -> pl.DataFrame:
    """The cells with a column for each of the sheet's from A on, and for each name that is said."""
    known = dict(zip(places, cells, strict=True))
    said = len(options.header) if isinstance(options.header, tuple) else 0
    nothing = pl.repeat(None, cells.height, dtype=pl.String, eager=True)
    width = max(said, *(place + 1 for place in places), 0)
    return pl.DataFrame([known.get(n, nothing).alias(str(n)) for n in range(width)])


def _chosen(file: Path, book: "ExcelReader", wanted: str | None) -> "ExcelSheet":
    """The sheet of this name or place from 1, else the first that shows and holds anything."""
    if wanted is not None:
        return loaded(book, _known(file, book.sheet_names, wanted))
    sheets = (loaded(book, name) for name in book.sheet_names)
    filled = (sheet for sheet in sheets if sheet.visible == "visible" and sheet.total_height)
    if sheet := next(filled, None):
        return sheet
    raise SourceFailed(_("{path} has no sheet with rows.").format(path=file))


def _known(file: Path, names: list[str], wanted: str) -> str:
    if wanted in names:
        return wanted
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    text = _("{path} has no sheet “{sheet}”. There are: {names}.")
    raise Invalid(text.format(path=file, sheet=wanted, names=", ".join(names)), "sheet")


def _table(file: Path, cells: pl.DataFrame, options: LayoutOptions) -> tuple[pl.DataFrame, int]:
    """The rows under their names, without blank ones; how many above them were left out unasked."""
    filled = cells.select((pl.all().str.strip_chars() != "").fill_null(value=False))
    is_row = filled.select(pl.any_horizontal(pl.all())).to_series()
    start = _start(file, filled, is_row, options)
    used = [place for place, column in enumerate(filled) if column[start:].any()]
    names = _names(file, cells.row(start), used, options)
    first = start + (options.header in (None, True))
    below = cells[first:, list(names)].filter(is_row[first:])
    if options.header is None:
        some = below.head(LOOKED_AT).fill_null("").rows()
        check_header(file, start + 1, list(names.values()), list(map(list, some)))
    texts = dict(zip(names.values(), map(as_stored, below), strict=True))
    return pl.DataFrame(texts), 0 if options.skip is not None else int(is_row[:start].sum())


def _start(file: Path, filled: pl.DataFrame, is_row: pl.Series, options: LayoutOptions) -> int:
    """The first row of the table, which is that of the names where there are any.

    Unless it is said what to skip, titles above it are: they fill less of their row than it does.
    """
    skip = options.skip or 0
    rows = (is_row[skip:].arg_true() + skip)[:LOOKED_AT].to_list()
    if not rows:
        raise SourceFailed(_("{path} has no sheet with rows.").format(path=file))
    if options.skip is not None:
        return int(rows[0])
    counts = filled[: rows[-1] + 1].sum_horizontal()
    return int(next(row for row in rows if 2 * counts[row] > counts.max()))


def _names(
    file: Path, first: Sequence[str | None], used: Sequence[int], options: LayoutOptions
) -> dict[int, str]:
    """The places of the columns that are read, from 0, and their names.

    `first` is the first row of the table, `used` are the places where it holds anything.
    """
    if isinstance(options.header, tuple):
        return _names_said(file, used, names_of(options.header))
    if options.header is False:  # as Excel counts them, so that no name depends on another column
        numbered = enumerate(names_of([""] * (used[-1] + 1)))
        return {place: name for place, name in numbered if place >= used[0]}
    return dict(zip(used, names_of([first[place] or "" for place in used]), strict=True))


def _names_said(file: Path, used: Sequence[int], names: Sequence[str]) -> dict[int, str]:
    """The names in the order of the columns that hold anything, or of all from A on."""
    if len(names) == len(used):
        return dict(zip(used, names, strict=True))
    if used[0] == 0 and used[-1] < len(names):  # some column holds nothing
        return dict(enumerate(names))
    text = _("{path} has values in {columns}, but `header` has {names}. Make them match.")
    columns = many("{n} column", "{n} columns", len(used))
    said = many("{n} name", "{n} names", len(names))
    raise SourceFailed(text.format(path=file, columns=columns, names=said), "header")
