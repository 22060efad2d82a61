"""The brackets of JSON, found in its bytes before any parser sees them.

A parser that calls itself for each bracket dies of a file that opens a thousand of them, and takes
the process with it. Here nothing calls itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import SourceFailed
from core.profiles.sources.encodings import chunks
from core.texts import _

DEEPEST = 32  # brackets within each other; data of people have a handful
LINE_FEED, QUOTE, BACKSLASH = b'\n"\\'
OPEN = np.zeros(256, np.int8)
OPEN[list(b"{[")], OPEN[list(b"}]")] = 1, -1
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes with the places of their brackets, those in texts left out."""

    chunk: bytes
    places: Array
    depth: Array  # how many brackets are open after each of the places
    offset: int  # of the first byte in the file
    line: int  # that the first byte lies in, from 1

    def line_of(self, place: int) -> int:
        """The line of a byte, from 1."""
        return self.line + self.chunk[:place].count(b"\n")


def pieces(file: Path, plain: Path) -> Iterator[Piece]:
    """The bytes of `plain`, which is UTF-8, in parts. Raises SourceFailed where it is too deep."""
    depth = offset = 0
    carried, line = Carried(), 1
    for chunk in chunks(plain):
        places, carried = _places(chunk, carried)
        steps = OPEN[np.frombuffer(chunk, np.uint8)[places]]
        piece = Piece(chunk, places, depth + np.cumsum(steps, dtype=np.int64), offset, line)
        _check_depth(file, piece)
        yield piece
        depth = int(piece.depth[-1]) if places.size else depth
        offset, line = offset + len(chunk), piece.line_of(len(chunk))


def check_lines(file: Path, plain: Path) -> None:
    """Raises SourceFailed where a line of NDJSON is too deep; quick where brackets are few."""
    line = 1
    for chunk in _whole_lines(plain):
        part = np.frombuffer(chunk, np.uint8)
        ends = np.flatnonzero(part == LINE_FEED)
        opens = np.flatnonzero((part | 0x20) == ord("{"))  # of [, too
        counts = np.diff(np.searchsorted(opens, ends), prepend=0)
        if counts.max() > DEEPEST:
            _check_depth(file, _by_lines(chunk, part, ends, line))
        line += len(ends)


def _check_depth(file: Path, piece: Piece) -> None:
    deep = np.flatnonzero(piece.depth > DEEPEST)
    if deep.size:
        text = _("{path}, line {line}: more than {n} nested brackets. Write less nested data.")
        place = f"{piece.line_of(int(piece.places[deep[0]])):,}"
        raise SourceFailed(text.format(path=file, line=place, n=DEEPEST))


def _by_lines(chunk: bytes, part: Array, ends: Array, line: int) -> Piece:
    """As in `pieces`, but each line begins anew: a broken one hides nothing of the next."""
    places, _carried = _places(chunk, Carried())
    depth = np.concatenate(([0], np.cumsum(OPEN[part[places]], dtype=np.int64)))
    starts = np.concatenate(([0], ends[:-1]))[np.searchsorted(ends, places)]
    return Piece(chunk, places, depth[1:] - depth[np.searchsorted(places, starts)], 0, line)


@dataclass(frozen=True, slots=True)
class Carried:
    """What is known at the end of a part: in a text, after a backslash that escapes."""

    inside: bool = False
    escaping: bool = False


def _places(chunk: bytes, carried: Carried) -> tuple[Array, Carried]:
    """The places of brackets outside of texts, which never go past the end of a line."""
    part = np.frombuffer(chunk, np.uint8)
    quotes, feeds = _quotes(part, carried), np.flatnonzero(part == LINE_FEED)
    brackets = np.flatnonzero(OPEN[part])
    before = np.searchsorted(quotes, brackets) - _of_lines_before(quotes, feeds, brackets)
    first = brackets < (feeds[0] if feeds.size else len(part))
    inside = ((before + (first & carried.inside)) & 1) == 1
    return brackets[~inside], _carry(chunk, quotes, feeds, carried)


def _of_lines_before(quotes: Array, feeds: Array, places: Array) -> Array:
    """For each place how many quotes lie in earlier lines."""
    ended = np.concatenate(([0], np.searchsorted(quotes, feeds)))
    counts: Array = ended[np.searchsorted(feeds, places)]
    return counts


def _quotes(part: Array, carried: Carried) -> Array:
    """The places of quotes that no backslash escapes."""
    quotes = np.flatnonzero(part == QUOTE)
    escapes, going, length = np.zeros(len(quotes), bool), np.arange(len(quotes)), 1
    while going.size:  # once for each backslash of the longest run before a quote
        places = quotes[going] - length
        before = part[np.maximum(places, 0)] == BACKSLASH
        going = going[np.where(places >= 0, before, (places == -1) & carried.escaping)]
        escapes[going] ^= True
        length += 1
    return quotes[~escapes]


def _carry(chunk: bytes, quotes: Array, feeds: Array, carried: Carried) -> Carried:
    odd = len(quotes) - (int(np.searchsorted(quotes, feeds[-1])) if feeds.size else 0)
    run = len(chunk) - len(chunk.rstrip(b"\\"))
    escaping = (run + (carried.escaping and run == len(chunk))) % 2 == 1
    return Carried(odd % 2 == 1 if feeds.size else (odd % 2 == 1) ^ carried.inside, escaping)


def _whole_lines(plain: Path) -> Iterator[bytes]:
    """Parts that end with a line feed."""
    rest = b""
    for chunk in chunks(plain):
        body, feed, rest_now = (rest + chunk).rpartition(b"\n")
        if feed:
            yield body + feed
        rest = rest_now
    if rest:
        yield rest + b"\n"
