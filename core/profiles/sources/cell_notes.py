"""What reading changed or doubted in the cells of text columns, each with its first cell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from core import columns as named
from core.profiles.sources import ROW
from core.profiles.sources.column_types import (
    FRACTIONAL,
    ROUNDED,
    Column,
    FormerColumn,
    Type,
    bare,
    family,
    filled,
    fits,
)
from core.profiles.sources.evidence import Evidence, both_orders
from core.profiles.sources.notes import Note, Noted
from core.profiles.sources.questions import has_doubtful_letters, is_null_word
from core.profiles.sources.reading_options import ReadingOptions

# Shares of filled cells: a column that was mostly filled and hardly is now has changed.
HARDLY, MOSTLY = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is to be noted of a column, before its first cell is looked for."""

    kind: Noted
    count: int  # cells
    cells: pl.Expr  # whether a cell is one of them


def notes_on(
    frame: pl.LazyFrame,
    evidence: Mapping[str, Evidence],
    columns: Mapping[str, Column],
    options: ReadingOptions,
) -> tuple[Note, ...]:
    """A note for each column and kind of change or doubt. Raises polars' errors."""
    findings = [
        (name, finding)
        for name, column in columns.items()
        for finding in _findings(name, evidence[name], column, options)
        if finding.count
    ]
    if not findings:
        return ()
    firsts = [
        pl.struct(row=pl.col(ROW), text=named.column(name))
        .filter(finding.cells)
        .first()
        .alias(f"{place}")
        for place, (name, finding) in enumerate(findings)
    ]
    cells = frame.with_row_index(ROW, 1).select(firsts).collect(engine="streaming").row(0)
    return tuple(
        _note(name, finding, cell, options)
        for (name, finding), cell in zip(findings, cells, strict=True)
    )


def _note(name: str, finding: _Finding, cell: Mapping[str, Any], options: ReadingOptions) -> Note:
    example = _example(finding.kind, (cell["text"] or "").strip(), options)
    return Note.of(finding.kind, name, finding.count, cell["row"], example)


def _example(kind: Noted, text: str, options: ReadingOptions) -> str:
    """The cell, and where it has two readings both of them."""
    if kind is Noted.doubtful_letters:
        return options.in_both_encodings(text)
    if kind is Noted.unclear_number:
        return f"{text} ({re.sub('[.,]', '', text)} / {text.replace(',', '.')})"
    if kind is Noted.unclear_date:
        one, two, year = re.split("[./-]", text)[:3]
        return f"{text} ({year[:4]}-{two:0>2}-{one:0>2} / {year[:4]}-{one:0>2}-{two:0>2})"
    return text


def _findings(
    name: str, evidence: Evidence, column: Column, options: ReadingOptions
) -> Iterator[_Finding]:
    cell = bare(name, guarded=column.guarded)
    value = filled(cell, options.null_words)
    null_word = is_null_word(cell, options.null_words)
    yield _Finding(Noted.empty_word, evidence.null_words, null_word)
    if column.odd:
        odd = value.is_not_null() & ~fits(value, column.of)
        yield _Finding(Noted.odd_value, column.odd, odd)
    if former := options.former.get(name):
        yield from _changes(former, evidence, column, value)
    if column.of is Type.text:
        doubtful = has_doubtful_letters(cell, options)
        yield _Finding(Noted.doubtful_letters, evidence.doubtful_letters, doubtful)
        rounded = value.str.contains(ROUNDED)
        yield _Finding(Noted.rounded_by_spreadsheet, evidence.rounded, rounded)
        yield from _unclear(evidence, value, options)


def _changes(
    former: FormerColumn, evidence: Evidence, column: Column, value: pl.Expr
) -> Iterator[_Finding]:
    """Another kind than at the last reading, or hardly a cell left that isn't empty."""
    share = evidence.filled_share
    if share <= HARDLY and former.filled >= MOSTLY:
        empty = evidence.blank + evidence.null_words
        yield _Finding(Noted.changed_column, empty, value.is_null())
    elif share and family(column.of) != former.family:
        fitting = evidence.fitting.get(former.of, 0)
        odd = value.is_not_null() if former.of is Type.text else ~fits(value, former.of)
        yield _Finding(Noted.changed_column, round(share * evidence.rows) - fitting, odd)


def _unclear(evidence: Evidence, value: pl.Expr, options: ReadingOptions) -> Iterator[_Finding]:
    """Text that may be numbers or dates, in two readings."""
    types = evidence.proven_types()
    if options.decimal is None and types & FRACTIONAL:
        count = 0 if "spaced" in evidence.marks else evidence.filled
        yield _Finding(Noted.unclear_number, count, value.str.contains("[.,]"))
    if options.dates is None and both_orders(types):
        yield _Finding(Noted.unclear_date, evidence.filled, value.is_not_null())
