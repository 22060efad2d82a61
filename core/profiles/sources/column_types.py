"""The types a text column may prove to be: how their values look, and how they are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import polars as pl

from core import columns as named
from core.profiles.sources import WRITTEN
from core.profiles.sources.moments import days, moments, zoned_moments

ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
DAY = rf"{ISO_DAY}|[0-9]{{4}}/[0-9]{{1,2}}/[0-9]{{1,2}}|[0-9]{{4}}\.[0-9]{{2}}\.[0-9]{{2}}\.?"
TIME = r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
ZONE = r" ?(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)"
SPOKEN_DAY = r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}\.?"  # 31.12.2026, 12/31/2026
CLOCK = r"[ T,]{1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?[AaPp][Mm])?"
WHOLE = r"-?(?:0|[1-9][0-9]{0,14})"  # 15 digits at most; leading zeros are those of ids
POWER = r"(?:[eE][+-][0-9]{1,3})?"  # only with its sign: 12E5 is an article number
INFINITE = r"(?i:nan|[+-]?inf(?:inity)?)"  # as programs write numbers that are not finite
GUARD = r"^'([=+@-].*|[0-9][0-9\s.,()/+-]*)$"
SPACES = r" \x{a0}\x{202f}'’"
HEAD = r"-?[1-9][0-9]{0,2}"
# As spreadsheets show long numbers: the digits that are missing are lost.
ROUNDED = r"^[+-]?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,3}$"


class Type(StrEnum):
    """What a text column may prove to be, the first proven one wins."""

    whole = "whole"
    dot = "dot"  # numbers whose decimal sign is a dot
    comma = "comma"
    dot_groups = "dot_groups"  # whole numbers whose thousands are parted by dots
    comma_groups = "comma_groups"
    boolean = "boolean"
    date = "date"
    dmy = "dmy"  # 31.12.2026
    mdy = "mdy"  # 12/31/2026
    moment = "moment"
    zoned = "zoned"
    dmy_moment = "dmy_moment"
    mdy_moment = "mdy_moment"
    text = "text"


NUMBERS = frozenset({Type.whole, Type.dot, Type.comma, Type.dot_groups, Type.comma_groups})
ORDERS: Mapping[str, frozenset[Type]] = {  # of the day and the month, by the option `dates`
    "dmy": frozenset({Type.dmy, Type.dmy_moment}),
    "mdy": frozenset({Type.mdy, Type.mdy_moment}),
    "ymd": frozenset(),
}
DATES = frozenset({Type.date, Type.moment, Type.zoned}).union(*ORDERS.values())
SIGNS = {".": Type.dot, ",": Type.comma}
FRACTIONAL = frozenset(SIGNS.values())
NUMERIC = FRACTIONAL | {Type.whole}
GROUPS = {".": Type.dot_groups, ",": Type.comma_groups}
MOMENTS: Mapping[Type, Callable[[pl.Expr], pl.Expr]] = {  # how days and moments are read
    Type.date: days,
    Type.dmy: partial(days, order="dmy"),
    Type.mdy: partial(days, order="mdy"),
    Type.moment: moments,
    Type.zoned: zoned_moments,
    Type.dmy_moment: partial(moments, order="dmy"),
    Type.mdy_moment: partial(moments, order="mdy"),
}

# The pattern of a whole value, white space around it aside.
PATTERNS: Mapping[Type, str] = {
    Type.whole: WHOLE,
    Type.dot: rf"(?:{WHOLE}|{HEAD}(?:[{SPACES},][0-9]{{3}}){{1,4}})(?:\.[0-9]+)?{POWER}|{INFINITE}",
    Type.comma: (
        rf"(?:{WHOLE}|{HEAD}(?:[{SPACES}.][0-9]{{3}}){{1,4}})(?:,[0-9]+)?{POWER}|{INFINITE}"
    ),
    Type.dot_groups: rf"{HEAD}(?:\.[0-9]{{3}}){{0,4}}|0",
    Type.comma_groups: rf"{HEAD}(?:,[0-9]{{3}}){{0,4}}|0",
    Type.boolean: r"(?i:true|false)",
    Type.date: DAY,
    Type.dmy: SPOKEN_DAY,
    Type.mdy: SPOKEN_DAY,
    Type.moment: rf"(?:{DAY})(?:{TIME})?",
    Type.zoned: rf"(?:{DAY}){TIME}{ZONE}",
    Type.dmy_moment: rf"{SPOKEN_DAY}(?:{CLOCK})?",
    Type.mdy_moment: rf"{SPOKEN_DAY}(?:{CLOCK})?",
}
ALL = frozenset(PATTERNS) - frozenset(GROUPS.values())  # groups follow from what the others show


@dataclass(frozen=True, slots=True)
class Column:
    """How a text column is read: its type, and what is peculiar about its cells."""

    of: Type = Type.text
    odd: int = 0  # cells that aren't of the type: left out
    empties: int = 0  # cells with words for nothing
    guarded: bool = False  # some cells have guards of spreadsheets
    whole: bool = False  # once whole numbers, with fractions since: those without stay whole

    @property
    def keeps_text(self) -> bool:
        """Whether the text as written can't be made from the value again, and ids may need it."""
        return self.of in NUMBERS and (self.of is not Type.whole or self.odd > 0)


@dataclass(frozen=True, slots=True)
class FormerColumn:
    """What a column was at the last reading."""

    of: Type
    whole: bool = False  # as in Column
    filled: float = 0.0  # share of the cells that weren't empty

    @property
    def family(self) -> str:
        """Numbers, dates, moments, yes or no, text."""
        return family(self.of)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "FormerColumn":
        """As `dataclasses.asdict` wrote it."""
        return cls(**{**data, "of": Type(data["of"])})


def family(of: Type) -> str:
    """What a type is to whoever gets its values."""
    if of in NUMBERS:
        return "number"
    if of in DATES:
        return "date" if of in (Type.date, Type.dmy, Type.mdy) else "moment"
    return str(of)


def typed(
    frame: pl.LazyFrame, columns: Mapping[str, Column], words: Sequence[str] = ()
) -> pl.LazyFrame:
    """The same rows with each text column cast to its type; blank ones and `words` are null.

    Beside numbers that aren't simply whole stands their text, by the name WRITTEN and their own.
    """
    read = [_read_column(name, column, words).alias(name) for name, column in columns.items()]
    kept = [
        _text(name, column, words).alias(WRITTEN + name)
        for name, column in columns.items()
        if column.keeps_text
    ]
    return frame.with_columns(*read, *kept)


def fits(value: pl.Expr, of: Type) -> pl.Expr:
    """Whether values, without white space around them, are of this type."""
    looks = value.str.contains(f"^(?:{PATTERNS[of]})$")
    if of in DATES:  # 2026-02-30 looks like a day, but there is none
        return looks & cast(pl.when(looks).then(value), of).is_not_null()
    return looks


def cast(value: pl.Expr, of: Type) -> pl.Expr:
    """Values of this type; null where there is no such day or time, or no such number."""
    match of:
        case Type.whole:
            return value.cast(pl.Int64, strict=False)
        case Type.dot_groups | Type.comma_groups:
            return value.str.replace_all("[.,]", "").cast(pl.Int64, strict=False)
        case Type.dot:
            plain = value.cast(pl.Float64, strict=False)
            others = pl.when(plain.is_null()).then(value).str.replace_all(f"[{SPACES},]", "")
            return pl.coalesce(plain, others.cast(pl.Float64, strict=False))
        case Type.comma:
            bare = value.str.replace_all(f"[{SPACES}.]", "")
            return bare.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        case Type.boolean:
            return value.str.to_lowercase() == "true"
        case Type.text:
            return value
        case _:
            return MOMENTS[of](value)


def bare(name: str, *, guarded: bool) -> pl.Expr:
    """The text of a cell; without the guards that keep a spreadsheet from taking it for a number.

    These are `="00123"`, and an apostrophe before what looks like a number or a formula.
    """
    cell = named.column(name)
    if not guarded:
        return cell
    return cell.str.replace('^="(.*)"$', "$1").str.replace(GUARD, "$1")


def filled(cell: pl.Expr, words: Sequence[str] = ()) -> pl.Expr:
    """The text without white space around it; null where nothing is left, or a word for it."""
    value = cell.str.strip_chars()
    something = (value != "") & ~value.is_in(list(words)) if words else value != ""
    return pl.when(something).then(value)


def _read_column(name: str, column: Column, words: Sequence[str]) -> pl.Expr:
    if column.of is Type.text:
        return _text(name, column, words)
    value = filled(bare(name, guarded=column.guarded), words if column.empties else ())
    if column.odd:
        value = pl.when(fits(value, column.of)).then(value)
    return cast(value, column.of)


def _text(name: str, column: Column, words: Sequence[str]) -> pl.Expr:
    cell = bare(name, guarded=column.guarded)
    return pl.when(filled(cell, words if column.empties else ()).is_not_null()).then(cell)
