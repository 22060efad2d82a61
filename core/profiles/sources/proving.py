"""The type of a text column, proven by its values; what isn't proven stays text.

Nearly all values have to agree: a stray cell among many is odd and left out, so that it doesn't
change the kind of everybody else's. What could be read in two ways is not guessed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from core import columns as named
from core.profiles.sources import ROW
from core.profiles.sources.codepages import Guess
from core.profiles.sources.column_types import (
    GROUPS,
    HEAD,
    ORDERS,
    ROUNDED,
    SIGNS,
    SPACES,
    Column,
    Known,
    Type,
    bare,
    family,
    filled,
    fits,
    typed,
)
from core.profiles.sources.conversion import Task
from core.profiles.sources.notes import Note, Noted

SAMPLE = 10_000  # rows; a type that many of them refute needn't be tried on the rest
WIDE = 64  # columns; of more the cells are asked one below the other
FEW = 200  # rows of wide tables after which types are refuted for the first time
CELLS = 1 << 20  # that are asked at once
CELL = "cell"
REFUTED = 10  # a type is refuted when one in so many of the first rows is of another
WORDY = 50  # one odd cell in so many is tolerated if it has no digit: “unknown”
CODED = 1_000  # and if it has, among numbers: then it may well be a code
HARDLY, MOSTLY = 0.1, 0.5  # shares of filled cells, of a column that became mostly empty
STRAY = 100  # and among dates, or yes and no

# Words for nothing in text files, unless the source says others. Zero dates always are.
NULL_WORDS = (
    "NULL", "null", r"\N", "N/A", "#N/A", "<NA>", "nan", "NaN", "NaT", "None", "-",
    "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!",
)  # fmt: skip
ZERO_DATES = tuple(
    day + time
    for day in ("0000-00-00", "00.00.0000", "00/00/0000")
    for time in ("", " 00:00:00", " 00:00:00.000", " 00:00:00.000000", "T00:00:00")
)

# What some numbers of a column may show. Clear is a decimal sign that can't part thousands.
MARKS: Mapping[str, str] = {
    "dots": r"\.",
    "commas": ",",
    "clear_dot": r"\.(?:\d{1,2}|\d{4,})(?:[eE]|$)|\.\d+[eE]|^-?0\.|\d{4,}\.|,.*\.",
    "clear_comma": r",(?:\d{1,2}|\d{4,})(?:[eE]|$)|,\d+[eE]|^-?0,|\d{4,},|\..*,",
    "spaced": rf"[{SPACES}]",
    "digits": r"\d",
    "short": r"^-?\d{1,3}$",
    "long": r"^-?\d{4,}$",
    "one_dot": rf"^{HEAD}\.\d{{3}}$",
    "one_comma": rf"^{HEAD},\d{{3}}$",
    "dot_then_0": rf"^{HEAD}\.\d\d0$",
    "comma_then_0": rf"^{HEAD},\d\d0$",
}
# All that may be asked of a cell.
KEYS = (
    *("filled", "rows", "vacant", "empties", "doubtful", "guarded", "worded", "codes"),
    *("rounded", "quantities", "dotted_days", *MARKS, *Type),
)
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
SPOKEN_WITH_DOTS = r"^\d{1,2}\.\d{1,2}\.\d{4}"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the cells of a column show; numbers count cells."""

    filled: int = 0
    rows: int = 0
    vacant: int = 0  # blank
    empties: int = 0  # with words for nothing
    doubtful: int = 0  # with letters that may be others
    guarded: bool = False
    fit: Mapping[Type, int] = field(default_factory=dict)  # of the types that were tried
    worded: int = 0  # without any digit
    codes: int = 0  # digits, yet no number
    rounded: int = 0
    quantities: int = 0
    dotted_days: bool = False
    marks: frozenset[str] = frozenset()

    @property
    def share(self) -> float:
        """Of the cells that aren't empty, 0 to 1."""
        return (self.rows - self.vacant - self.empties) / self.rows if self.rows else 0.0

    def refuted(self) -> frozenset[Type]:
        """The types that needn't be tried on more cells than these."""
        most = self.filled / REFUTED
        return frozenset(of for of, n in self.fit.items() if self.filled - n > most)

    def settled(self, known: Known | None) -> frozenset[Type]:
        """The one type that is worth trying on more cells; empty where that is open."""
        if known and self.filled and not self.rounded and self.fit.get(known.of) == self.filled:
            return frozenset({known.of})
        whole = not self.rounded and any(n == self.filled for n in self.fit.values())
        exact = self.types() if whole else frozenset()
        if Type.whole in exact:
            return frozenset({Type.whole})
        clear = [SIGNS[sign] for sign in SIGNS if self.clearly(sign, exact)]
        if clear or both_orders(exact) or exact & set(SIGNS.values()):
            return frozenset(clear)
        return frozenset([next(of for of in Type if of in exact)] if exact else ())

    def with_marks(self, first: "Shown") -> "Shown":
        """With what the first rows have shown already, where it wasn't looked for again."""
        dotted = self.dotted_days or first.dotted_days
        return replace(self, marks=self.marks | first.marks, dotted_days=dotted)

    def types(self) -> frozenset[Type]:
        """What all cells are; failing that, what nearly all of them are."""
        exact = frozenset(of for of, n in self.fit.items() if self.filled and n == self.filled)
        return self._numeric(exact) or self._numeric(self._nearly())

    def _nearly(self) -> frozenset[Type]:
        near = {of: n for of, n in self.fit.items() if n and self._stray(of, self.filled - n)}
        return frozenset(of for of, n in near.items() if n == max(near.values()))

    def _stray(self, of: Type, odd: int) -> bool:
        """Whether so many odd cells change nobody's type."""
        number = of is Type.whole or of in SIGNS.values()
        if number and self.codes:
            return False
        wordy = odd <= self.worded and of is not Type.boolean
        among = WORDY if wordy else CODED if number else STRAY
        return odd * among <= self.filled

    def _numeric(self, types: frozenset[Type]) -> frozenset[Type]:
        """Without numbers where none has a digit, and where a spreadsheet rounded ids."""
        numbers = {Type.whole, *SIGNS.values()}
        unsure = self.rounded and self.quantities < max(self.fit.get(n, 0) for n in numbers)
        return types - numbers if unsure or "digits" not in self.marks else types

    def clearly(self, sign: str, types: frozenset[Type]) -> bool:
        """Whether all are numbers with this decimal sign, and some prove that it is one."""
        return (
            SIGNS[sign] in types and ("clear_dot" if sign == "." else "clear_comma") in self.marks
        )

    def parts_thousands(self, sign: str) -> bool:
        """Whether this sign can't be a decimal one, and parts the thousands of whole numbers.

        12.500 keeps a zero that a decimal fraction would lose, unless all had three digits; but
        then 987 would be 987.000.
        """
        dot = sign == "."
        other = SIGNS["," if dot else "."]
        name, against = ("dot", "commas") if dot else ("comma", "dots")
        if self.fit.get(other) != self.filled or against in self.marks or "spaced" in self.marks:
            return False
        if f"clear_{name}" in self.marks or "long" in self.marks or "short" not in self.marks:
            return False
        no_fraction = self.fit.get(SIGNS[sign], 0) < self.filled
        return f"one_{name}" in self.marks and (no_fraction or f"{name}_then_0" in self.marks)


@dataclass(frozen=True, slots=True)
class How:
    """How cells are to be taken, as far as it was said or shows in the file."""

    words: Sequence[str] = (*NULL_WORDS, *ZERO_DATES)  # for nothing
    separator: str | None = None
    decimal: str | None = None
    dates: str | None = None  # dmy, mdy, ymd
    guess: Guess | None = None  # of the encoding
    known: Mapping[str, Known] = field(default_factory=dict)  # columns at the last reading

    @property
    def other(self) -> str | None:
        """Another plausible encoding."""
        return self.guess.other if self.guess else None

    def otherwise(self, text: str) -> str:
        """The text as it is read, and as it would be in the other encoding."""
        if not self.guess or not self.guess.other:
            return text
        raw = text.encode(self.guess.encoding, "replace")
        return f"{text} / {raw.decode(self.guess.other, 'replace')}"


@dataclass(frozen=True, slots=True)
class Interpreted:
    """Rows whose text columns became what they prove to be, and what there is to tell of that."""

    frame: pl.LazyFrame
    decimal: str | None  # the sign that numbers show
    notes: tuple[Note, ...]
    written: tuple[str, ...]  # the columns whose text is kept beside their values, see WRITTEN
    whole: tuple[str, ...]  # as in Column
    columns: Mapping[str, Known]  # to be known at the next reading

    @property
    def kept(self) -> dict[str, Any]:
        """What of it is kept in Detected, by its names there."""
        return {"written": self.written, "whole": self.whole, "columns": self.columns}


def interpreted(
    frame: pl.LazyFrame, columns: Sequence[str], tried: frozenset[Type], how: How
) -> Interpreted:
    """These text columns by what all their rows prove. Raises polars' errors.

    All that reads text goes through here: delimited files, NDJSON, workbooks.
    """
    shown = proven(frame, columns, tried, how)
    decisions = decided(shown, how)
    found = notes(frame, shown, decisions, how)
    return Interpreted(
        typed(frame, decisions, how.words),
        shows(decisions),
        found,
        written=tuple(name for name, column in decisions.items() if column.keeps_text),
        whole=tuple(name for name, column in decisions.items() if column.whole),
        columns={n: Known(one.of, one.whole, shown[n].share) for n, one in decisions.items()},
    )


def how_of(
    task: Task,
    guess: Guess | None = None,
    separator: str | None = None,
    usual: Sequence[str] = NULL_WORDS,
) -> How:
    """As the options of the source say; `usual` are the words for nothing if it says none."""
    options = task.options
    words = options.get("null_words")
    return How(
        (*(usual if words is None else words), *ZERO_DATES),
        separator,
        options.get("decimal"),
        options.get("dates"),
        guess,
        task.known,
    )


def proven(
    frame: pl.LazyFrame, columns: Sequence[str], tried: frozenset[Type], how: How
) -> Mapping[str, Shown]:
    """What all rows show of these text columns, in one query after a look at the first rows.

    Raises polars' errors.
    """
    known = {name: how.known.get(name) for name in columns}
    once = {n: {one.of} - {Type.text} if one else set[Type]() for n, one in known.items()}
    asked = {name: tried | types for name, types in once.items()}
    first = _first_rows(frame, asked, how)
    if all(shown.rows < SAMPLE for shown in first.values()):
        return first  # these were all rows
    left = {name: (types - first[name].refuted()) | once[name] for name, types in asked.items()}
    settled = {n: types for n, shown in first.items() if (types := shown.settled(known[n]))}
    rest = _Asked(frame, how, left.keys() - settled.keys())
    shown = {
        name: one.with_marks(first[name]) for name, one in rest.shown({**left, **settled}).items()
    }
    again = {name: left[name] for name in settled if _fails(shown[name])}
    return {**shown, **_Asked(frame, how, frozenset(again)).shown(again)}


def _first_rows(
    frame: pl.LazyFrame, asked: Mapping[str, frozenset[Type]], how: How
) -> dict[str, Shown]:
    """What the first rows show; of many columns only the types that some of these rows allow."""
    rows = frame.head(SAMPLE)
    if len(asked) <= WIDE:
        return _Asked(rows, how, asked.keys()).shown(asked)
    cells = rows.select(named.column(name) for name in asked).collect(engine="streaming")
    some = cells.gather_every(max(cells.height // FEW, 1))
    shown = _Asked(some, how, frozenset()).shown(asked)
    asked = {name: types - shown[name].refuted() for name, types in asked.items()}
    return _Asked(cells, how, asked.keys()).shown(asked)


def _fails(shown: Shown) -> bool:
    """Whether not all rows have the type that the first ones settled."""
    return shown.rounded > 0 or any(n < shown.filled for n in shown.fit.values())


def decided(shown: Mapping[str, Shown], how: How) -> Mapping[str, Column]:
    """How each column is read."""
    types = {name: column.types() - _other_orders(how.dates) for name, column in shown.items()}
    clear = {s for s in SIGNS for name, column in shown.items() if column.clearly(s, types[name])}
    sign = how.decimal or (clear.pop() if len(clear) == 1 else None)
    order = how.dates or _common_order(types)
    fresh = {
        name: _column(column, _first(column, types[name], how, sign, order))
        for name, column in shown.items()
    }
    return {name: _as_known(shown[name], how.known.get(name), one) for name, one in fresh.items()}


def _as_known(shown: Shown, known: Known | None, fresh: Column) -> Column:
    """The column as it was at the last reading, as far as most of its cells still are.

    What all cells prove wins, but whole numbers stay whole beside a fraction.
    """
    if known is None or known.of is Type.text or shown.rounded:
        return fresh
    once_whole = known.whole or known.of is Type.whole
    if shown.fit.get(known.of) == shown.filled:
        return replace(fresh, of=known.of, odd=0, whole=known.whole)
    if fresh.odd == 0 and fresh.of is not Type.text:
        return replace(fresh, whole=once_whole and fresh.of in SIGNS.values())
    likely = [known.of, *(SIGNS.values() if once_whole else ())]
    of = max(likely, key=lambda one: shown.fit.get(one, 0))
    fit = shown.fit.get(of, 0)
    if 2 * fit <= shown.filled:
        return fresh
    return replace(fresh, of=of, odd=shown.filled - fit, whole=once_whole and of is not Type.whole)


def notes(
    frame: pl.LazyFrame, shown: Mapping[str, Shown], columns: Mapping[str, Column], how: How
) -> tuple[Note, ...]:
    """What was changed or doubted in the cells, each with its first cell. Raises polars' errors."""
    wanted = [
        (kind, name, count, where)
        for name, column in columns.items()
        for kind, count, where in _noted(name, shown[name], column, how)
        if count
    ]
    if not wanted:
        return ()
    firsts = [
        pl.struct(row=pl.col(ROW), text=named.column(name)).filter(where).first().alias(f"{place}")
        for place, (_kind, name, _count, where) in enumerate(wanted)
    ]
    found = frame.with_row_index(ROW, 1).select(firsts).collect(engine="streaming").row(0)
    return tuple(
        Note.of(kind, name, count, cell["row"], _example(kind, (cell["text"] or "").strip(), how))
        for (kind, name, count, _where), cell in zip(wanted, found, strict=True)
    )


def _example(kind: Noted, text: str, how: How) -> str:
    """The cell, and where it has two readings both of them."""
    if kind is Noted.doubtful_letters:
        return how.otherwise(text)
    if kind is Noted.unclear_number:
        return f"{text} ({re.sub('[.,]', '', text)} / {text.replace(',', '.')})"
    if kind is Noted.unclear_date:
        one, two, year = re.split("[./-]", text)[:3]
        return f"{text} ({year[:4]}-{two:0>2}-{one:0>2} / {year[:4]}-{one:0>2}-{two:0>2})"
    return text


def shows(columns: Mapping[str, Column]) -> str | None:
    """The decimal sign that the numbers among these columns have, if any shows one."""
    types = {column.of for column in columns.values()}
    return next((sign for sign, of in SIGNS.items() if of in types), None)


def _noted(
    name: str, shown: Shown, column: Column, how: How
) -> Iterator[tuple[Noted, int, pl.Expr]]:
    cell = bare(name, guarded=column.guarded)
    value, types = filled(cell, how.words), shown.types()
    yield Noted.empty_word, shown.empties, cell.str.strip_chars().is_in(list(how.words))
    if column.odd:
        yield Noted.odd_value, column.odd, value.is_not_null() & ~fits(value, column.of)
    if known := how.known.get(name):
        yield from _changes(known, shown, column, value)
    if column.of is Type.text:
        yield Noted.doubtful_letters, shown.doubtful, _doubtful(cell, how)
        yield Noted.rounded_by_spreadsheet, shown.rounded, value.str.contains(ROUNDED)
    if column.of is Type.text and how.decimal is None and types & set(SIGNS.values()):
        unclear = 0 if "spaced" in shown.marks else shown.filled
        yield Noted.unclear_number, unclear, value.str.contains("[.,]")
    if column.of is Type.text and how.dates is None and both_orders(types):
        yield Noted.unclear_date, shown.filled, value.is_not_null()


def _changes(
    known: Known, shown: Shown, column: Column, value: pl.Expr
) -> Iterator[tuple[Noted, int, pl.Expr]]:
    """Another kind than at the last reading, or hardly a cell left that isn't empty."""
    if shown.share <= HARDLY and known.filled >= MOSTLY:
        yield Noted.changed_column, shown.vacant + shown.empties, value.is_null()
    elif shown.share and family(column.of) != known.family:
        fit = shown.fit.get(known.of, 0)
        odd = value.is_not_null() if known.of is Type.text else ~fits(value, known.of)
        count = round(shown.share * shown.rows)
        yield Noted.changed_column, count - fit, odd


@dataclass(frozen=True, slots=True)
class _Asked:
    """Rows that are asked what their columns show; in full of those that aren't settled."""

    frame: pl.LazyFrame | pl.DataFrame  # read already where there are many columns
    how: How
    in_full: AbstractSet[str]

    def shown(self, tried: Mapping[str, frozenset[Type]]) -> dict[str, Shown]:
        """What the cells show; of columns in which guards turn up, what they show without them."""
        shown = self._answers(tried, guarded=False)
        again = {name: tried[name] for name, one in shown.items() if one.guarded}
        return {**shown, **self._answers(again, guarded=True)}

    def _answers(self, tried: Mapping[str, frozenset[Type]], *, guarded: bool) -> dict[str, Shown]:
        if isinstance(self.frame, pl.DataFrame):
            return self._of_wide(self.frame, tried, guarded=guarded)
        questions = [
            question.sum().alias(f"{place}:{key}")
            for place, (name, types) in enumerate(tried.items())
            for key, question in self._questions(
                _Cell.of(name, self.how, guarded), types, name in self.in_full, guarded
            )
        ]
        rows = self.frame.select(questions).collect(engine="streaming") if questions else None
        answers = rows.row(0, named=True) if rows is not None else {}
        return {
            name: _answer(types, {key: answers.get(f"{place}:{key}") for key in KEYS})
            for place, (name, types) in enumerate(tried.items())
        }

    def _of_wide(
        self, frame: pl.DataFrame, tried: Mapping[str, frozenset[Type]], *, guarded: bool
    ) -> dict[str, Shown]:
        """Columns of which the same is asked, one below the other: each costs too much alone."""
        groups: dict[tuple[frozenset[Type], bool], list[str]] = {}
        for name, types in tried.items():
            groups.setdefault((types, name in self.in_full), []).append(name)
        most = max(CELLS // max(frame.height, 1), 1)
        found: dict[str, Shown] = {}
        for (types, in_full), names in groups.items():
            asked = [q.alias(key) for key, q in self._questions(_HERE, types, in_full, guarded)]
            for start in range(0, len(names), most):
                some = names[start : start + most]
                answers = _one_below_the_other(
                    frame, some, _Cell.of(CELL, self.how, guarded), asked
                )
                found |= {n: _answer(types, one) for n, one in zip(some, answers, strict=True)}
        return found

    def _questions(
        self, column: "_Cell", types: frozenset[Type], in_full: bool, guarded: bool
    ) -> Iterator[tuple[str, pl.Expr]]:
        """What is asked of each cell, yes or no."""
        raw, cell, value = column.raw, column.bare, column.filled
        yield "empties", cell.str.strip_chars().is_in(list(self.how.words))
        yield "rows", cell.is_null() | cell.is_not_null()
        yield "vacant", (cell.str.strip_chars() == "").fill_null(True)
        yield "doubtful", _doubtful(beyond_ascii(cell), self.how)
        # Compared, for that is faster than to look for a beginning.
        guard = ((raw >= "'") & (raw < "(")) | ((raw >= "=") & (raw < ">"))
        yield "guarded", pl.lit(guarded) | guard
        if not types:
            return
        yield "filled", value.is_not_null()
        yield from ((of, fits(value, of)) for of in types)
        if types & set(SIGNS.values()):
            yield "rounded", value.str.contains(ROUNDED)
        if in_full:
            yield from _in_full(column, types)


@dataclass(frozen=True, slots=True)
class _Cell:
    """What is looked at of a cell."""

    raw: pl.Expr
    bare: pl.Expr  # without guards
    filled: pl.Expr  # null where there is nothing
    number: pl.Expr  # whether it is one, with either sign

    @classmethod
    def of(cls, name: str, how: How, guarded: bool) -> "_Cell":
        """For the cells of a column."""
        cell = bare(name, guarded=guarded)
        value = filled(cell, list(how.words))
        number = fits(value, Type.dot) | fits(value, Type.comma)
        return cls(named.column(name), cell, value, number)


# The same, where it was made before, once for all questions.
_HERE = _Cell(pl.col(CELL), pl.col("bare"), pl.col("filled"), pl.col("number"))


def _one_below_the_other(
    frame: pl.DataFrame, names: Sequence[str], cell: _Cell, asked: Sequence[pl.Expr]
) -> list[dict[str, Any]]:
    """For each of these columns how many of its cells say yes."""
    raw = pl.concat([frame[name].alias(CELL) for name in names]).to_frame()
    cells = raw.with_columns(bare=cell.bare, filled=cell.filled)
    if any("number" in question.meta.root_names() for question in asked):
        cells = cells.with_columns(number=cell.number)
    said = cells.lazy().select(asked).collect(engine="streaming")
    counts = {
        yes.name: yes.fill_null(False).to_numpy().reshape(len(names), -1).sum(axis=1).tolist()
        for yes in said
    }
    return [{key: counts[key][place] for key in counts} for place in range(len(names))]


def beyond_ascii(cell: pl.Expr) -> pl.Expr:
    """The cells with anything beyond ASCII, few in most files; null in place of the others."""
    return pl.when(cell.str.len_bytes() > cell.str.len_chars()).then(cell)


def _doubtful(cell: pl.Expr, how: How) -> pl.Expr:
    """Whether letters may be others: all of them where the encoding is in doubt."""
    return cell.str.contains(BEYOND_ASCII if how.other else GARBLED)


def _in_full(cell: _Cell, types: frozenset[Type]) -> Iterator[tuple[str, pl.Expr]]:
    yield "worded", ~cell.filled.str.contains("[0-9]")
    if types & set(SIGNS.values()):
        yield from _of_numbers(cell.filled, cell.number)
    if types & ORDERS["dmy"]:
        yield "dotted_days", cell.filled.str.contains(SPOKEN_WITH_DOTS)


def _of_numbers(value: pl.Expr, number: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
    yield "codes", ~number & value.str.contains(CODE)
    yield "quantities", value.str.contains(QUANTITY)
    numeric = pl.when(number).then(value)
    yield from ((key, numeric.str.contains(pattern)) for key, pattern in MARKS.items())


def _answer(types: frozenset[Type], answers: Mapping[str, Any]) -> Shown:
    def number(key: str) -> int:
        return answers.get(key) or 0

    return Shown(
        filled=number("filled"),
        rows=number("rows"),
        vacant=number("vacant"),
        empties=number("empties"),
        doubtful=number("doubtful"),
        guarded=bool(number("guarded")),
        fit={of: number(of) for of in types},
        worded=number("worded"),
        codes=number("codes"),
        rounded=number("rounded"),
        quantities=number("quantities"),
        dotted_days=bool(number("dotted_days")),
        marks=frozenset(key for key in MARKS if number(key)),
    )


def _column(shown: Shown, of: Type) -> Column:
    odd = shown.filled - shown.fit[of] if of in shown.fit else 0
    return Column(of, odd, shown.empties, shown.guarded)


def _first(
    column: Shown, types: frozenset[Type], how: How, sign: str | None, order: str | None
) -> Type:
    """The first type that was proven, and of two decimal signs or orders of days the right one."""
    if Type.whole in types:
        return Type.whole
    if number := _number(column, types, how, sign):
        return number
    others = types - set(SIGNS.values())
    if both_orders(others):
        right = how.dates or ("dmy" if column.dotted_days else order)
        others -= _other_orders(right) if right else ORDERS["dmy"] | ORDERS["mdy"]
    return next((of for of in Type if of in others), Type.text)


def _number(column: Shown, types: frozenset[Type], how: How, common: str | None) -> Type | None:
    """Numbers with the right sign; None where they are none, or better left as text.

    “1.234” alone doesn't tell: what the other columns show decides, and failing that the look of
    the file. Groups parted by spaces are numbers only beside a clear decimal sign: phone numbers
    look alike.
    """
    for sign in (how.decimal,) if how.decimal else SIGNS:
        if column.clearly(sign, types):
            return SIGNS[sign]
        if how.decimal is None and column.parts_thousands(sign):
            return GROUPS[sign]
    if "spaced" in column.marks:
        return None
    if common:
        return SIGNS[common] if SIGNS[common] in types else None
    # Files cut by commas have decimal dots, but whoever writes 987 beside 1.234 may part thousands.
    dotted = how.separator == "," and "short" not in column.marks
    if Type.dot in types and "commas" not in column.marks and (dotted or Type.comma not in types):
        return Type.dot
    if Type.comma in types and "dots" not in column.marks and how.separator != ",":
        return Type.comma
    return None


def both_orders(types: frozenset[Type]) -> bool:
    """Whether days and months could be in either order."""
    return {Type.dmy_moment, Type.mdy_moment} <= types


def _other_orders(order: str | None) -> frozenset[Type]:
    """The types that this order of days and months rules out; None: none."""
    if order is None:
        return frozenset()
    return (ORDERS["dmy"] | ORDERS["mdy"]) - ORDERS[order]


def _common_order(types: Mapping[str, frozenset[Type]]) -> str | None:
    """The order that all columns show which show one."""
    clear = {
        order
        for some in types.values()
        if not both_orders(some)
        for order in ("dmy", "mdy")
        if some & ORDERS[order]
    }
    return clear.pop() if len(clear) == 1 else None
