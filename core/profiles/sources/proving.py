"""The type of a text column, proven by every one of its values; what isn't proven stays text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from core.profiles.sources.column_types import DATES, PATTERNS, SIGNS, SPACES, Type, cast, filled

SAMPLE = 10_000  # rows; a type refuted in them needn't be tried on the rest

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


def _shown(frame: pl.LazyFrame, tried: Mapping[str, frozenset[Type]]) -> dict[str, Shown]:
    questions = [
        question.alias(f"{place}:{key}")
        for place, (name, types) in enumerate(tried.items())
        for key, question in _questions(pl.col(name), types)
    ]
    rows = frame.select(questions).collect(engine="streaming") if questions else None
    answers = rows.row(0, named=True) if rows is not None else {}
    return {
        name: _answer(place, types, answers) for place, (name, types) in enumerate(tried.items())
    }


def _questions(column: pl.Expr, types: frozenset[Type]) -> Iterator[tuple[str, pl.Expr]]:
    value = filled(column)
    yield "filled", value.is_not_null().any()
    for of in types:
        fits = value.str.contains(f"^(?:{PATTERNS[of]})$")
        if of in DATES:  # 2026-02-30 looks like a day, but there is none
            fits &= value.is_null() | cast(column, of).is_not_null()
        if of in SIGNS.values():  # “nan” alone is a word
            yield of, fits.all() & value.str.contains(r"\d").any()
        else:
            yield of, fits.all()
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
