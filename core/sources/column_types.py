"""The type of a text column, proven by every one of its values; what isn't proven stays text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

SAMPLE = 10_000  # rows; a type refuted in them needn't be tried on the rest

DAY = r"\d{4}-\d{2}-\d{2}"
TIME = r"[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
DOTTED = r"\d{1,2}\.\d{1,2}\.\d{4}\.?"
WHOLE = r"-?(?:0|[1-9]\d{0,14})"  # 15 digits at most; no leading zeros: such are ids and postcodes
POWER = r"(?:[eE][+-]\d{1,3})?"  # only with its sign: 12E5 is an article number
SPACES = r" \x{a0}\x{202f}'’"
HEAD = r"-?[1-9]\d{0,2}"


class Type(StrEnum):
    """What a text column may prove to be, the first proven one wins."""

    whole = "whole"
    dot = "dot"  # numbers whose decimal sign is a dot
    comma = "comma"
    boolean = "boolean"
    date = "date"
    dotted = "dotted"  # 31.12.2026
    moment = "moment"
    zoned = "zoned"
    dotted_moment = "dotted_moment"
    text = "text"


DATES = frozenset({Type.date, Type.dotted, Type.moment, Type.zoned, Type.dotted_moment})
ALL = frozenset(Type) - {Type.text}
SIGNS = {".": Type.dot, ",": Type.comma}
CLOCKS = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M")

# The pattern of a whole value, white space around it aside.
PATTERNS: Mapping[Type, str] = {
    Type.whole: WHOLE,
    Type.dot: rf"(?:{WHOLE}|{HEAD}(?:[{SPACES},]\d{{3}}){{1,4}})(?:\.\d+)?{POWER}",
    Type.comma: rf"(?:{WHOLE}|{HEAD}(?:[{SPACES}.]\d{{3}}){{1,4}})(?:,\d+)?{POWER}",
    Type.boolean: r"(?i:true|false)",
    Type.date: DAY,
    Type.dotted: DOTTED,
    Type.moment: rf"{DAY}(?:{TIME})?",
    Type.zoned: rf"{DAY}{TIME} ?(?:Z|[+-]\d{{2}}:?\d{{2}})",
    Type.dotted_moment: rf"{DOTTED}(?: \d{{1,2}}:\d{{2}}(?::\d{{2}})?)?",
}
# What some values of a column may show. Clear is a decimal sign that can't part thousands.
MARKS: Mapping[str, str] = {
    "dots": r"\.",
    "commas": ",",
    "clear_dot": r"\.(?:\d{1,2}|\d{4,})(?:[eE]|$)|\.\d+[eE]|^-?0\.|\d{4,}\.|,.*\.",
    "clear_comma": r",(?:\d{1,2}|\d{4,})(?:[eE]|$)|,\d+[eE]|^-?0,|\d{4,},|\..*,",
    "spaced": rf"[{SPACES}]",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Which types all values of a column have, and which marks some of them."""

    types: frozenset[Type]
    marks: frozenset[str] = frozenset()

    def has(self, sign: str) -> bool:
        """Whether all are numbers with this decimal sign."""
        return SIGNS[sign] in self.types

    def clearly(self, sign: str) -> bool:
        """Whether all are numbers with this decimal sign, and some prove that it is one."""
        return self.has(sign) and ("clear_dot" if sign == "." else "clear_comma") in self.marks


def proven(
    frame: pl.LazyFrame, columns: Iterable[str], tried: frozenset[Type]
) -> Mapping[str, Shown]:
    """What all rows show of these text columns, in one query after a look at the first rows.

    Raises polars' errors.
    """
    first = _shown(frame.head(SAMPLE), dict.fromkeys(columns, tried))
    left = {name: shown.types for name, shown in first.items() if shown.types}
    return {**first, **_shown(frame, left)}


def decided(
    shown: Mapping[str, Shown], separator: str | None = None, decimal: str | None = None
) -> Mapping[str, Type]:
    """The type of each column; `decimal` is the decimal sign if it was given."""
    clear = {s for s in SIGNS for column in shown.values() if column.clearly(s)}
    common = decimal or (clear.pop() if len(clear) == 1 else None)
    return {name: _first(column, separator, decimal, common) for name, column in shown.items()}


def shows(types: Mapping[str, Type]) -> str | None:
    """The decimal sign that the numbers among these columns have, if any shows one."""
    return next((sign for sign, of in SIGNS.items() if of in types.values()), None)


def typed(frame: pl.LazyFrame, types: Mapping[str, Type]) -> pl.LazyFrame:
    """The same rows with each text column cast to its type, blank ones null."""
    return frame.with_columns(_cast(pl.col(name), of).alias(name) for name, of in types.items())


def _shown(frame: pl.LazyFrame, tried: Mapping[str, frozenset[Type]]) -> dict[str, Shown]:
    asked = [
        question.alias(f"{place}:{key}")
        for place, (name, types) in enumerate(tried.items())
        for key, question in _questions(pl.col(name), types)
    ]
    answers = frame.select(asked).collect(engine="streaming").row(0, named=True) if asked else {}
    return {
        name: _answer(place, types, answers) for place, (name, types) in enumerate(tried.items())
    }


def _questions(column: pl.Expr, types: frozenset[Type]) -> Iterator[tuple[str, pl.Expr]]:
    value = _filled(column)
    yield "filled", value.is_not_null().any()
    for of in types:
        fits = value.str.contains(f"^(?:{PATTERNS[of]})$")
        yield of, (fits & _cast(column, of).is_not_null() if of in DATES else fits).all()
    if types & {Type.dot, Type.comma}:
        yield from ((key, value.str.contains(pattern).any()) for key, pattern in MARKS.items())


def _answer(place: int, types: frozenset[Type], answers: Mapping[str, bool]) -> Shown:
    filled = answers.get(f"{place}:filled")
    marks = frozenset(key for key in MARKS if answers.get(f"{place}:{key}"))
    return Shown(frozenset(of for of in types if filled and answers[f"{place}:{of}"]), marks)


def _first(column: Shown, separator: str | None, decimal: str | None, common: str | None) -> Type:
    """The first type that was proven, and of the two decimal signs the right one."""
    if Type.whole in column.types:
        return Type.whole
    if sign := _sign(column, separator, decimal, common):
        return SIGNS[sign]
    others = column.types - set(SIGNS.values())
    return next((of for of in Type if of in others), Type.text)


def _sign(
    column: Shown, separator: str | None, decimal: str | None, common: str | None
) -> str | None:
    """The decimal sign of a column of numbers; None where they are better left as text.

    “1.234” alone doesn't tell: what the other columns show decides, and failing that the look of
    the file. Groups parted by spaces are numbers only beside a clear decimal sign: phone numbers
    look alike.
    """
    for sign in (decimal,) if decimal else SIGNS:
        if column.clearly(sign):
            return sign
    if "spaced" in column.marks:
        return None
    if common:
        return common if column.has(common) else None
    if column.has(".") and "commas" not in column.marks:
        return "."
    return "," if column.has(",") and "dots" not in column.marks and separator != "," else None


def _cast(column: pl.Expr, of: Type) -> pl.Expr:
    value = _filled(column)
    match of:
        case Type.whole:
            return value.cast(pl.Int64)
        case Type.dot:
            return value.str.replace_all(f"[{SPACES},]", "").cast(pl.Float64)
        case Type.comma:
            bare = value.str.replace_all(f"[{SPACES}.]", "")
            return bare.str.replace(",", ".", literal=True).cast(pl.Float64)
        case Type.boolean:
            return value.str.to_lowercase() == "true"
        case Type.text:
            return pl.when(value.is_not_null()).then(column)
        case _:
            return _moment(value, of)


def _moment(value: pl.Expr, of: Type) -> pl.Expr:
    """Days and moments; null where there is no such day or time."""
    value = value.str.replace("T", " ", literal=True).str.strip_chars_end(".")
    if of is Type.date or of is Type.dotted:
        return value.str.to_date("%Y-%m-%d" if of is Type.date else "%d.%m.%Y", strict=False)
    if of is Type.zoned:
        value = value.str.replace(" ?Z$", "+00:00").str.replace(r" ([+-]\d{2}:?\d{2})$", "$1")
        return pl.coalesce(_read(value, f"{form}%#z") for form in CLOCKS).dt.convert_time_zone(
            "UTC"
        )
    day = "%d.%m.%Y" if of is Type.dotted_moment else "%Y-%m-%d"
    value = value.str.replace(r"^([\d.]+)\. ", "$1 ")
    forms = [form.replace("%Y-%m-%d", day) for form in CLOCKS]
    midnight = value.str.to_date(day, strict=False).cast(pl.Datetime("us"))
    return pl.coalesce(*(_read(value, form) for form in forms), midnight)


def _read(value: pl.Expr, form: str) -> pl.Expr:
    return value.str.to_datetime(form, strict=False, time_unit="us")


def _filled(column: pl.Expr) -> pl.Expr:
    value = column.str.strip_chars()
    return pl.when(value != "").then(value)
