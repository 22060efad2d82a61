"""How a delimited file begins: its separator, its header, and sensible names for the columns."""

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

from core.errors import Invalid
from core.profiles.sources import ROW
from core.profiles.sources.encodings import chunks
from core.texts import _

SEPARATORS = ",;\t|"
SAMPLE_BYTES, SAMPLE_ROWS = 1 << 18, 200
HINT = re.compile(r'"?sep=(.)"?\r?\n')  # a first line of Excel's own


@dataclass(frozen=True, slots=True)
class Layout:
    """The separator, the columns' names, and how many lines precede the header."""

    separator: str
    names: tuple[str, ...]
    skipped: int = 0  # 1 where a line “sep=;” comes first


def layout_of(path: Path, separator: str | None) -> Layout:
    """Look at the start of a UTF-8 file; the separator is found where none is given.

    Raises Invalid when the one given can't be used.
    """
    if separator is not None and (len(separator) != 1 or not separator.isascii()):
        text = _("The separator “{separator}” isn't one plain character.")
        raise Invalid(text.format(separator=separator), "separator")
    start = next(chunks(path), b"")[:SAMPLE_BYTES].decode("utf-8-sig", "ignore")
    hint = HINT.match(start)
    body = start[hint.end() :] if hint else start
    found = separator or (hint.group(1) if hint else _separator(body))
    header = next(iter(_rows(body, found)), [])
    return Layout(found, names_of(header), 1 if hint else 0)


def names_of(header: Sequence[str]) -> tuple[str, ...]:
    """Every column gets a name of its own: “column 3” for an empty one, “city 2” for a second."""
    names: list[str] = []
    for place, cell in enumerate(header, 1):
        wanted = " ".join(cell.split()) or f"column {place}"
        names.append(_free(wanted, {*names, ROW}))
    return tuple(names)


def _free(wanted: str, taken: Iterable[str]) -> str:
    name, n = wanted, 1
    while name in taken:
        n += 1
        name = f"{wanted} {n}"
    return name


def _separator(text: str) -> str:
    """The one that cuts the first rows into as many fields as the header, and the most of them."""

    def fit(separator: str) -> tuple[bool, float, int]:
        rows = _rows(text, separator)
        width = len(rows[0]) if rows else 0
        even = sum(len(row) == width for row in rows) / max(len(rows), 1)
        return width > 1 and even > 0.5, even, width

    return max(SEPARATORS, key=fit)


def _rows(text: str, separator: str) -> list[list[str]]:
    """The first rows that aren't blank; of a sample that ends within a row, those before it."""
    rows = _read(text, separator)
    cut = 1 < len(rows) < SAMPLE_ROWS and (
        len(text) > SAMPLE_BYTES // 4 or rows == _read(text + '"', separator)  # within quotes
    )
    return [row for row in (rows[:-1] if cut else rows) if row]


def _read(text: str, separator: str) -> list[list[str]]:
    """The first rows, those after a broken one left out."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        lines = StringIO(text, newline="")
        rows.extend(islice(csv.reader(lines, delimiter=separator), SAMPLE_ROWS))
    return rows
