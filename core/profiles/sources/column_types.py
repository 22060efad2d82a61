"""The types a text column may prove to be: how their values look, and how they are read."""

from collections.abc import Mapping
from enum import StrEnum

import polars as pl

DAY = r"\d{4}-\d{2}-\d{2}"
TIME = r"[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
DOTTED = r"\d{1,2}\.\d{1,2}\.\d{4}\.?"
WHOLE = r"-?(?:0|[1-9]\d{0,14})"  # 15 digits at most; no leading zeros: such are ids and postcodes
POWER = r"(?:[eE][+-]\d{1,3})?"  # only with its sign: 12E5 is an article number
INFINITE = r"(?i:nan|[+-]?inf(?:inity)?)"  # as programs write numbers that are not finite
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
    Type.dot: rf"(?:{WHOLE}|{HEAD}(?:[{SPACES},]\d{{3}}){{1,4}})(?:\.\d+)?{POWER}|{INFINITE}",
    Type.comma: rf"(?:{WHOLE}|{HEAD}(?:[{SPACES}.]\d{{3}}){{1,4}})(?:,\d+)?{POWER}|{INFINITE}",
    Type.boolean: r"(?i:true|false)",
    Type.date: DAY,
    Type.dotted: DOTTED,
    Type.moment: rf"{DAY}(?:{TIME})?",
    Type.zoned: rf"{DAY}{TIME} ?(?:Z|[+-]\d{{2}}:?\d{{2}})",
    Type.dotted_moment: rf"{DOTTED}(?: \d{{1,2}}:\d{{2}}(?::\d{{2}})?)?",
}


def typed(frame: pl.LazyFrame, types: Mapping[str, Type]) -> pl.LazyFrame:
    """The same rows with each text column cast to its type, blank ones null."""
    return frame.with_columns(cast(pl.col(name), of).alias(name) for name, of in types.items())


def cast(column: pl.Expr, of: Type) -> pl.Expr:
    """Values of this type, null where blank or where there is no such day or time."""
    value = filled(column)
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


def filled(column: pl.Expr) -> pl.Expr:
    """The text without white space around it, null where nothing is left."""
    value = column.str.strip_chars()
    return pl.when(value != "").then(value)
