"""A look at every byte of a delimited file: rows, blank lines, uneven rows, stray quotes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

QUOTE, LINE_FEED, CARRIAGE_RETURN = b'"'[0], b"\n"[0], b"\r"[0]
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Survey:
    """What the bytes show; the numbers mean something only where the file is tidy."""

    rows: int = 0  # that aren't blank, the header and a hint before it included
    tidy: bool = True  # quotes open and close at the edges of fields only, and all are closed
    gaps: bool = False  # blank lines between rows
    uneven: int | None = None  # the first line with more or fewer fields than the header, from 1


def surveyed(
    parts: Iterator[bytes], separator: str, width: int, skipped: int
) -> Iterator[tuple[int, Survey]]:
    """Look through UTF-8 text, in parts of any size; gives the bytes seen and what they show.

    Rows should have `width` fields, the first `skipped` rows (0 or 1) aside.
    """
    look, seen = _Look(ord(separator), width - 1, skipped), 0
    for chunk, following in _ahead(parts):
        look.take(np.frombuffer(chunk, np.uint8), following)
        seen += len(chunk)
        yield seen, look.survey()


def _ahead(parts: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Each chunk with the byte that follows it; the last one ends with a line feed."""
    part = next(parts, b"")
    for following in parts:
        yield part, following[0]
        part = following
    yield (part if part.endswith(b"\n") else part + b"\n"), LINE_FEED


class _Look:
    """Keeps what is known from one chunk to the next."""

    def __init__(self, separator: int, cuts: int, skipped: int) -> None:
        self.separator, self.cuts, self.skipped = separator, cuts, skipped
        self.found = Survey()
        self.inside = False  # a quoted field goes on
        self.before = LINE_FEED  # the byte before this chunk
        self.open_cuts = self.open_bytes = 0  # of the row that goes on
        self.lines, self.row_line = 0, 1  # lines ended; the line the open row began in
        self.blank = False  # the last row was blank
        self.edges = np.zeros(256, bool)
        self.edges[[separator, QUOTE, LINE_FEED, CARRIAGE_RETURN]] = True

    def survey(self) -> Survey:
        return replace(self.found, tidy=self.found.tidy and not self.inside)

    def take(self, part: Array, following: int) -> None:
        quotes = part == QUOTE
        left = np.concatenate((np.array([self.before], np.uint8), part[:-1]))
        right = np.concatenate((part[1:], np.array([following], np.uint8)))
        self._tidy(part, quotes, left, right)
        inside = self._inside(quotes)
        feeds = np.flatnonzero(part == LINE_FEED)
        cuts = np.flatnonzero(part == self.separator)
        feeds, cuts = feeds[~inside[feeds]], cuts[~inside[cuts]]
        if len(feeds):
            self._rows(part, feeds, cuts, left)
        self._carry(part, feeds, cuts)

    def _tidy(self, part: Array, quotes: Array, left: Array, right: Array) -> None:
        """Quotes within bare text, or lines that end otherwise, need a patient reader."""
        places = np.flatnonzero(quotes)
        closing = (np.arange(len(places)) + self.inside) % 2 == 1
        edged = (
            self.edges[left[places[~closing]]].all() and self.edges[right[places[closing]]].all()
        )
        bare = (right[part == CARRIAGE_RETURN] != LINE_FEED).any()
        self.found = replace(self.found, tidy=self.found.tidy and bool(edged) and not bare)

    def _inside(self, quotes: Array) -> Array:
        """Which bytes are in a quoted field: those after an odd number of quotes."""
        quotes[0] ^= self.inside
        inside: Array = np.logical_xor.accumulate(quotes)
        self.inside = bool(inside[-1])
        return inside

    def _rows(self, part: Array, feeds: Array, cuts: Array, left: Array) -> None:
        """Count the rows that end here, and find the first of another width."""
        in_row = np.diff(np.searchsorted(cuts, feeds), prepend=-self.open_cuts)
        size = np.diff(feeds, prepend=-1 - self.open_bytes) - 1
        blank = (size == (left[feeds] == CARRIAGE_RETURN)) & (in_row == 0)
        after_blank = np.concatenate(([self.blank], blank[:-1]))
        wrong = np.flatnonzero((in_row != self.cuts) & ~blank)
        self._uneven(part, feeds, wrong)
        self.blank = bool(blank[-1])
        self.found = replace(
            self.found,
            rows=self.found.rows + int(np.count_nonzero(~blank)),
            gaps=self.found.gaps or bool((after_blank & ~blank).any()),
        )

    def _uneven(self, part: Array, feeds: Array, wrong: Array) -> None:
        if self.found.rows == 0 and self.skipped:
            wrong = wrong[wrong > 0]
        if self.found.uneven is None and len(wrong):
            line = self.row_line
            if row := int(wrong[0]):
                line = self.lines + _feeds(part[: int(feeds[row - 1]) + 1]) + 1
            self.found = replace(self.found, uneven=line)

    def _carry(self, part: Array, feeds: Array, cuts: Array) -> None:
        if len(feeds):
            last = int(feeds[-1]) + 1
            self.open_cuts, self.open_bytes = int(np.count_nonzero(cuts >= last)), len(part) - last
            self.row_line = self.lines + _feeds(part[:last]) + 1
        else:
            self.open_cuts += len(cuts)
            self.open_bytes += len(part)
        self.lines += _feeds(part)
        self.before = int(part[-1])


def _feeds(part: Array) -> int:
    return int(np.count_nonzero(part == LINE_FEED))
