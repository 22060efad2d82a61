"""Regular expressions in the words of each engine, with one meaning: that of polars.

An expression is read into steps. What a step takes of a single character (a class, a letter whose
case doesn't matter) polars itself is asked about every character there is, and each engine is given
the characters by their numbers: no engine's own idea of a letter, a digit or a blank is left. What
not every engine can keep is refused by name. Whether something is found is all that is asked, so
greed makes no difference.
"""

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from core.errors import Invalid
from core.texts import _

MOST = 255  # repetitions that every engine counts
LAST = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)  # numbers that are no characters
ASCII = 0x80
LETTERS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
HEX = r"\\[xuU]\{([0-9a-fA-F]+)\}|\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})"

Ranges = tuple[tuple[int, int], ...]  # numbers of characters, first and last of each


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine writes what differs: a character by its number, and the two ends of a text."""

    number: Callable[[int], str]
    start: str
    end: str
    backtracks: bool = False  # so that repetitions within repetitions may take for ever
    lowest: int = 0  # the first character that it knows
    group: str = "(?:"


def _braces(number: int) -> str:
    return rf"\x{{{number:x}}}"


def _digits(number: int) -> str:
    return rf"\U{number:08x}" if number > 0xFFFF else rf"\u{number:04x}"


def _literal(number: int) -> str:
    return f"\\{chr(number)}" if chr(number) in string.punctuation else chr(number)


RE2 = Dialect(_braces, r"\A", r"\z")
POSTGRESQL = Dialect(_digits, r"\A", r"\Z", lowest=1)
PCRE = Dialect(_braces, r"\A", r"\z", backtracks=True)  # Java and ICU write the same
PLAIN = Dialect(_literal, "^", "$", group="(")  # what every engine knows
PYTHON = Dialect(_digits, r"\A", r"\Z", backtracks=True)


@lru_cache(maxsize=1024)
def translated(pattern: str, dialect: Dialect, engine: str) -> str:
    """An expression that polars understands, as the engine does.

    Raises Invalid for what `engine`, by this name for people, can't keep the meaning of.
    """
    return _Reader(pattern, dialect, engine).whole()


@dataclass(frozen=True, slots=True)
class _Flags:
    any_case: bool = False
    any_character: bool = False  # whether a dot is the end of a line, too


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the expression as it is written, and how often its inner repetitions multiply."""

    text: str
    times: int = 1
    endless: bool = False


class _Reader:
    """Reads an expression from left to right, and writes it in a dialect."""

    def __init__(self, pattern: str, dialect: Dialect, engine: str) -> None:
        self.pattern, self.dialect, self.engine = pattern, dialect, engine
        self.place, self.flags = 0, _Flags()
        self.ends = {"^": dialect.start, r"\A": dialect.start, "$": dialect.end, r"\z": dialect.end}

    def whole(self) -> str:
        """All of it, translated."""
        found = self._alternatives()
        if self.place < len(self.pattern):
            raise self._refused(self.pattern[self.place :])
        return found.text

    def _refused(self, what: str) -> Invalid:
        text = _(
            "The regular expression “{pattern}” can't be used: {engine} has nothing that means "
            "the same as “{what}”. Use a simpler one, or “contains”."
        )
        return Invalid(text.format(pattern=self.pattern, engine=self.engine, what=what))

    def _alternatives(self) -> _Part:
        """Up to the end, or the bracket that closes the group."""
        rows = [self._row()]
        while self._match(r"\|"):
            rows.append(self._row())
        return _together("|", rows)

    def _row(self) -> _Part:
        parts = []
        while self.place < len(self.pattern) and self.pattern[self.place] not in "|)":
            if named := self._match(r"\(\?([a-zA-Z-]+)\)"):
                self._set(named[1])
            else:
                parts.append(self._repeated())
        return _together("", parts)

    def _repeated(self) -> _Part:
        start = self.place
        part = self._one()
        while found := self._match(r"([*+?]|\{(\d+)(,?)(\d*)\})\??"):
            how, low, comma, high = found.groups()
            endless = how in "*+" or bool(comma and not high)
            times = part.times * max(int(low or 1), int(high or 1))
            too_slow = endless and part.endless and self.dialect.backtracks
            if too_slow or times > MOST or part.text in (*self.ends.values(), ""):
                raise self._refused(self.pattern[start : self.place])
            bounds = f"{{{low}{comma}{high}}}" if low else how
            part = _Part(
                f"{self.dialect.group}{part.text}){bounds}", times, endless or part.endless
            )
        return part

    def _one(self) -> _Part:
        """A character, a set of them, an end of the text, or a group."""
        if self.pattern[self.place] == "(":
            return self._group()
        if end := self._match(r"\^|\$|\\[Az]"):
            return _Part(self.ends[end[0]])
        return _Part(self._written(self._characters()))

    def _group(self) -> _Part:
        found = self._match(r"\((?:\?P?<\w+>|\?([a-zA-Z-]*):|(?!\?))")
        if not found:
            raise self._refused(self.pattern[self.place :])
        outside = self.flags
        self._set(found[1] or "")
        inner = self._alternatives()
        self._match(r"\)")
        self.flags = outside
        return _Part(f"{self.dialect.group}{inner.text})", inner.times, inner.endless)

    def _set(self, named: str) -> None:
        """Flags on and off, as in i-s. Which repetition is tried first makes no difference here."""
        on, _minus, off = named.partition("-")
        if set(on + off) - set("isuU") or "u" in off:
            raise self._refused(f"(?{named})")
        self.flags = _Flags(
            ("i" in on or self.flags.any_case) and "i" not in off,
            ("s" in on or self.flags.any_character) and "s" not in off,
        )

    def _characters(self) -> Ranges:
        """Which characters the next sign takes."""
        sign = self.pattern[self.place]
        if sign == "{":
            raise self._refused(sign)
        if sign == "[":
            return _taken(self._bracket(), any_case=self.flags.any_case)
        if sign == "\\":
            return self._escaped()
        self.place += 1
        if sign == ".":
            return ((0, LAST),) if self.flags.any_character else ((0, 9), (11, LAST))
        return self._letter(sign)

    def _bracket(self) -> str:
        """From [ to the ] that closes it, with those within; one that stands first closes none."""
        start, depth = self.place, 0
        while depth or self.place == start:
            found = self._match(r"\[\^?\]?|\\.|\]|[^\]\[\\]+")
            if not found:
                raise self._refused(self.pattern[start:])
            depth += found[0].startswith("[") - (found[0] == "]")
        return self.pattern[start : self.place]

    def _escaped(self) -> Ranges:
        if named := self._match(r"\\[pP](?:\{[^}]*\}|.)|\\[dDwWsS]"):
            return _taken(named[0], any_case=self.flags.any_case)
        if number := self._match(HEX):
            return self._letter(chr(int("".join(filter(None, number.groups())), 16)))
        sign = self.pattern[self.place + 1]
        if (sign.isalnum() and sign not in LETTERS) or sign in "<>":
            raise self._refused(f"\\{sign}")
        self.place += 2
        return self._letter(LETTERS.get(sign, sign))

    def _letter(self, sign: str) -> Ranges:
        if self.flags.any_case and sign.isalpha():
            return _taken(sign, any_case=True)
        return ((ord(sign), ord(sign)),)

    def _written(self, ranges: Ranges) -> str:
        taken = self._known(ranges)
        if not taken:
            raise self._refused(self.pattern)
        if len(taken) == 1 and taken[0][0] == taken[0][1]:
            return self._character(taken[0][0])
        others = self._known(_others(ranges))
        if others and len(others) < len(taken):
            return f"[^{self._listed(others)}]"
        return f"[{self._listed(taken)}]"

    def _known(self, ranges: Ranges) -> Ranges:
        lowest = self.dialect.lowest
        return tuple((max(low, lowest), high) for low, high in ranges if high >= lowest)

    def _listed(self, ranges: Ranges) -> str:
        ends = ((self._character(low), self._character(high)) for low, high in ranges)
        return "".join(low if low == high else f"{low}-{high}" for low, high in ends)

    def _character(self, number: int) -> str:
        plain = number < ASCII and (chr(number).isalnum() or chr(number) in " _@,;:%")
        return chr(number) if plain else self.dialect.number(number)

    def _match(self, pattern: str) -> "re.Match[str] | None":
        found = re.compile(pattern, re.DOTALL | re.ASCII).match(self.pattern, self.place)
        self.place = found.end() if found else self.place
        return found


def _together(sign: str, parts: Sequence[_Part]) -> _Part:
    times = max((part.times for part in parts), default=1)
    return _Part(sign.join(p.text for p in parts), times, any(p.endless for p in parts))


@lru_cache(maxsize=1024)
def _taken(one: str, *, any_case: bool) -> Ranges:
    """The characters that a piece of an expression takes, as polars says."""
    pattern = f"^(?{'i' if any_case else 'u'}:{one})$"
    numbers, characters = _every()
    return _ranges(numbers[characters.str.contains(pattern).to_numpy()])


@lru_cache(maxsize=1)
def _every() -> "tuple[np.ndarray, pl.Series]":
    """The numbers of all characters, and the characters."""
    import pyarrow as pa  # heavy

    below, above = np.arange(SURROGATES.start), np.arange(SURROGATES.stop, LAST + 1)
    numbers = np.concatenate((below, above)).astype(np.uint32)
    lengths = 1 + (numbers > 0x7F).astype(np.int32) + (numbers > 0x7FF) + (numbers > 0xFFFF)
    ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    texts = numbers.astype("<u4").tobytes().decode("utf-32-le").encode()
    found = pa.StringArray.from_buffers(len(numbers), pa.py_buffer(ends), pa.py_buffer(texts))
    return numbers, pl.Series(found)


def _ranges(numbers: np.ndarray) -> Ranges:
    """Numbers in order, as first and last of those that follow each other."""
    if not len(numbers):
        return ()
    breaks = np.flatnonzero(np.diff(numbers) > 1)
    firsts = numbers[np.concatenate(([0], breaks + 1))]
    lasts = numbers[np.concatenate((breaks, [len(numbers) - 1]))]
    return tuple(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _others(ranges: Ranges) -> Ranges:
    """The numbers between these, those that are no characters aside."""
    firsts = [0, *(high + 1 for _low, high in ranges)]
    lasts = [*(low - 1 for low, _high in ranges), LAST]
    between = zip(firsts, lasts, strict=True)
    surrogates = (SURROGATES.start, SURROGATES.stop - 1)
    return tuple(one for one in between if one[0] <= one[1] and one != surrogates)
