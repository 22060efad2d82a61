"""The questions that are asked of each cell of a text column, as expressions that say yes or no.

Each is named by the field of Evidence that counts its answers, by a mark, or by a type.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from core import columns as named
from core.profiles.sources.column_types import (
    FRACTIONAL,
    ORDERS,
    ROUNDED,
    Type,
    bare,
    filled,
    fits,
)
from core.profiles.sources.evidence import MARKS
from core.profiles.sources.reading_options import ReadingOptions

# Signs of a quantity: a fraction, a small power, or one that only programs write. Phone numbers and
# ids have none of them.
QUANTITY = r"^[+-]?(?:\d+[.,]\d+|0|[\d.,]+[eE]-\d+|[\d.,]+e\+(?:1[6-9]|[2-9]\d|\d{3}))$"
CODE = r"^[\d\s+()./-]*\d[\d\s+()./-]*$"  # phone numbers and the like: digits and what parts them
BEYOND_ASCII = r"[^\x00-\x7f\x{a0}\x{202f}]"
# What another encoding, or a second one upon the first, makes of letters: “£ukasz”, “JÃ¼rgen”.
GARBLED = (
    r"\x{fffd}|[ÂÃÄÅ][\x{80}-\x{bf}]|â€|(?:^|\s)[£¥¤¯³¹¦¬]\p{L}|\p{L}[£¥¤¯³¹¦¬¢±¶¼½¾¿¡¸]\p{L}"
    r"|\p{Ll}[À-ÖØ-ÞŒŠŸŽ]\p{Ll}|[\x{80}-\x{9f}]"
)
DOTTED_DAY = r"^\d{1,2}\.\d{1,2}\.\d{4}"

Question = tuple[str, pl.Expr]  # its name, and whether a cell says yes


@dataclass(frozen=True, slots=True)
class Cell:
    """The expressions of a cell that questions are about."""

    raw: pl.Expr  # as it is in the file
    bare: pl.Expr  # without guards of spreadsheets
    filled: pl.Expr  # null where there is nothing
    number: pl.Expr  # whether it is one, with either decimal sign

    @classmethod
    def of(cls, column: str, null_words: Sequence[str], *, guarded: bool) -> "Cell":
        """For the cells of a column; `guarded`: guards are taken off."""
        text = bare(column, guarded=guarded)
        value = filled(text, list(null_words))
        return cls(named.column(column), text, value, is_number(value))


@dataclass(frozen=True, slots=True)
class Questions:
    """What is to be asked of a column."""

    types: frozenset[Type]  # that its cells may have
    in_full: bool  # also for what decides between types

    def about(self, cell: Cell, options: ReadingOptions, *, guarded: bool) -> Iterator[Question]:
        """The questions about a cell; `guarded`: it is known that the column has guards."""
        yield from _always(cell, options)
        yield "guarded", pl.lit(guarded) | _has_guard(cell.raw)
        if not self.types:
            return
        yield "filled", cell.filled.is_not_null()
        yield from ((of, fits(cell.filled, of)) for of in self.types)
        if self._numeric:
            yield "rounded", cell.filled.str.contains(ROUNDED)
        if self.in_full:
            yield from self._deciding(cell)

    @property
    def _numeric(self) -> bool:
        return not self.types.isdisjoint(FRACTIONAL)

    def _deciding(self, cell: Cell) -> Iterator[Question]:
        yield "without_digits", ~cell.filled.str.contains("[0-9]")
        if self._numeric:
            yield from _about_numbers(cell)
        if self.types & ORDERS["dmy"]:
            yield "dotted_days", cell.filled.str.contains(DOTTED_DAY)


def is_number(value: pl.Expr) -> pl.Expr:
    """Whether a value is a number, with either decimal sign."""
    return fits(value, Type.dot) | fits(value, Type.comma)


def is_null_word(cell: pl.Expr, null_words: Sequence[str]) -> pl.Expr:
    """Whether a cell holds a word for nothing."""
    return cell.str.strip_chars().is_in(list(null_words))


def has_doubtful_letters(cell: pl.Expr, options: ReadingOptions) -> pl.Expr:
    """Whether letters may be others: all of them where the encoding is in doubt."""
    return cell.str.contains(BEYOND_ASCII if options.other_encoding else GARBLED)


def _always(cell: Cell, options: ReadingOptions) -> Iterator[Question]:
    yield "null_words", is_null_word(cell.bare, options.null_words)
    yield "rows", cell.bare.is_null() | cell.bare.is_not_null()
    yield "blank", (cell.bare.str.strip_chars() == "").fill_null(True)
    yield "doubtful_letters", has_doubtful_letters(_beyond_ascii(cell.bare), options)


def _has_guard(raw: pl.Expr) -> pl.Expr:
    # Compared, for that is faster than to look for a beginning.
    return ((raw >= "'") & (raw < "(")) | ((raw >= "=") & (raw < ">"))


def _beyond_ascii(cell: pl.Expr) -> pl.Expr:
    """The cells with anything beyond ASCII, few in most files; null in place of the others."""
    return pl.when(cell.str.len_bytes() > cell.str.len_chars()).then(cell)


def _about_numbers(cell: Cell) -> Iterator[Question]:
    yield "codes", ~cell.number & cell.filled.str.contains(CODE)
    yield "quantities", cell.filled.str.contains(QUANTITY)
    numbers = pl.when(cell.number).then(cell.filled)
    yield from ((mark, numbers.str.contains(pattern)) for mark, pattern in MARKS.items())
