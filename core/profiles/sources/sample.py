"""The first rows of a delimited file, cut by one separator: which of them is the header."""

import csv
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import islice
from typing import Any

from core.profiles.sources.row_shapes import (
    Row,
    could_be_header,
    fits_width,
    has_address,
    is_word,
)

SAMPLE_BYTES, SAMPLE_ROWS = 1 << 18, 200
ABOVE = 20  # rows above the header at most, where their number isn't said
QUOTE = '"'  # where none is said


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows, cut in one way, each with the line that it begins in, from 0."""

    separator: str
    quote: str
    rows: list[tuple[int, Row]]
    spaced: bool = False  # blanks stand before quotes

    @classmethod
    def of(cls, text: str, quote: str | None, separator: str) -> "Sample":
        """The rows that aren't blank; of a text that ends within a row, those before it."""
        sign = QUOTE if quote is None else quote
        cut = partial(_cut, separator=separator, quote=sign)
        rows = cut(text)
        within = sign and rows == cut(text + sign)
        if 1 < len(rows) < SAMPLE_ROWS and (len(text) > SAMPLE_BYTES // 4 or within):
            rows = rows[:-1]
        spaced = bool(sign) and _has_spaced_quotes((row for _line, row in rows), sign)
        if spaced:
            rows = cut(text, spaced=True)
        return cls(separator, sign, [(line, row) for line, row in rows if row], spaced)

    def header(self) -> int | None:
        """The place of the first row that most rows below it fit; None where there is none."""
        for place, (_line, row) in enumerate(self.rows[:ABOVE]):
            if self._heads(place, row):
                return place
        return None

    def below(self, place: int) -> list[Row]:
        """The rows below this one."""
        return [row for _line, row in self.rows[place + 1 :]]

    def worth(self) -> tuple[bool, int, float, int]:
        """The greater, the better the rows are cut."""
        header = self.header()
        place = header or 0
        width = len(self.rows[place][1]) if self.rows else 0
        even = round(self._even(place), 2) if width > 1 else 0.0
        return header is not None, -place, even, width

    def _heads(self, place: int, row: Row) -> bool:
        """Whether this row is the header: of words, and most rows below it fit its width."""
        filled = [cell for cell in row if cell.strip()]
        if len(row) < 2 or len(filled) < 2 or (place and not all(map(is_word, filled))):
            return False
        return self._even(place) > 0.5 and not self._is_above_header(place, row)

    def _is_above_header(self, place: int, row: Row) -> bool:
        """Whether a better header follows: this is a comment, or has gaps, and people follow."""
        below = self.below(place)[: max(ABOVE - place - 1, 0)]
        people = next((n for n, cells in enumerate(below) if has_address(cells)), 0)
        if has_address(row) or not people:
            return False
        headers = [n for n, cells in enumerate(below[:people]) if could_be_header(cells, len(row))]
        has_gaps = not could_be_header(row, len(row)) and bool(headers)
        return has_gaps or (row[0].startswith("#") and 0 in headers)

    def _even(self, place: int) -> float:
        """The share of the rows below this one that fit its width, 0 to 1."""
        width, below = len(self.rows[place][1]), self._without_footer(place)
        if not below:
            return 1.0
        return sum(fits_width(row, width) for row in below) / len(below)

    def _without_footer(self, place: int) -> list[Row]:
        """The rows below this one, without those that end the file after a blank line."""
        width, below = len(self.rows[place][1]), self.rows[place + 1 :]
        gaps = [n for n in range(1, len(below)) if below[n][0] > below[n - 1][0] + 1]
        tail = [row for _line, row in below[gaps[-1] :]] if gaps else []
        closes = all(len(row) < width and not has_address(row) for row in tail)
        return [row for _line, row in (below[: gaps[-1]] if tail and closes else below)]


def dialect(separator: str, quote: str, *, spaced: bool) -> dict[str, Any]:
    """The arguments for csv.reader; `spaced`: blanks stand before quotes."""
    quoting = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    return {"delimiter": separator, "skipinitialspace": spaced, **quoting}


def _has_spaced_quotes(rows: Iterable[Row], quote: str) -> bool:
    return any(
        cell.startswith(" ") and cell.lstrip().startswith(quote) for row in rows for cell in row
    )


def _cut(text: str, separator: str, quote: str, *, spaced: bool = False) -> list[tuple[int, Row]]:
    """The first rows, blank ones too, those after a broken one left out."""
    rows: list[tuple[int, Row]] = []
    with suppress(csv.Error):
        lines = StringIO(text, newline="")
        reader = csv.reader(lines, **dialect(separator, quote, spaced=spaced))
        line = 0
        for row in islice(reader, SAMPLE_ROWS):
            rows.append((line, row))
            line = reader.line_num
    return rows
