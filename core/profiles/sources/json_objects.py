"""JSON read patiently, object by object, each with its place: to find what polars can't name."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isinf
from pathlib import Path
from typing import NoReturn

from core.errors import SourceFailed
from core.profiles.sources.encodings import PLAIN
from core.profiles.sources.places import Given
from core.texts import _

LONGEST_WHOLE = 38  # digits: what 128 bits hold


class Odd(ValueError):
    """What Python reads, but nobody here can use; its text says what to do instead."""


def _word(word: str) -> NoReturn:
    """NaN and the like, which Python writes, but which JSON doesn't have."""
    text = _("{word} is not JSON. Write null or a number in its place")
    raise Odd(text.format(word=word))


def _float(text: str) -> float:
    if isinf(value := float(text)):
        _too_large(text)
    return value


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > LONGEST_WHOLE:
        _too_large(text)
    return int(text)


def _too_large(number: str) -> NoReturn:
    text = _("the number {number} is too large. Write it in quotes, as text")
    raise Odd(text.format(number=number[:40]))


STRICT = json.JSONDecoder(parse_constant=_word, parse_float=_float, parse_int=_whole)


@dataclass(frozen=True, slots=True)
class Lines:
    """A file with one object a line, and the original that it stands for."""

    path: Path
    file: Path
    is_document: bool  # made of one: its lines are not those of the original
    given: Given  # the columns that its folders give it

    def failed(self, number: int, text: str) -> SourceFailed:
        """What is wrong with an object, with its place."""
        place = _("object {n}") if self.is_document else _("line {n}")
        where = {"path": self.file, "place": place.format(n=f"{number:,}")}
        return SourceFailed(_("{path}, {place}: {text}.").format(**where, text=text))


def objects_of(parts: Iterable[Lines]) -> Iterator[tuple[Lines, int, dict[str, object]]]:
    """Each object with the file it is in and its number there. Raises SourceFailed."""
    for part in parts:
        with part.path.open(encoding=PLAIN) as lines:
            for number, line in enumerate(lines, 1):
                yield part, number, _object(part, number, line)


def _object(part: Lines, number: int, line: str) -> dict[str, object]:
    if not line.strip():
        return {}
    try:
        value = STRICT.decode(line)
    except Odd as error:
        raise part.failed(number, str(error)) from error
    except ValueError as error:
        text = _("not valid JSON ({reason}). Fix it")
        reason = str(error).partition(":")[0]
        raise part.failed(number, text.format(reason=reason)) from error
    if not isinstance(value, dict):
        raise part.failed(number, _("not an object. Each line has to be one object {{…}}").format())
    return value
