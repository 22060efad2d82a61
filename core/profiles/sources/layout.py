"""How a delimited file begins: its separator, its header, and sensible names for the columns.

What the first rows prove is found: lines above the header, spaces before quotes, rows that end with
separators. What is improbable, such as a person in place of a header, is asked instead.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from core.errors import Invalid, SourceFailed
from core.profiles.sources.encodings import chunks
from core.texts import _

SEPARATORS = ",;\t|^:~"
NONE = "\x1f"  # cuts nothing: it occurs in no text
SAMPLE_BYTES, SAMPLE_ROWS = 1 << 18, 200
ABOVE = 20  # rows above the header at most, where their number isn't said
ALIKE = 0.8  # share of the rows that have to look as the first one does, for that to be a row too
HINT = re.compile(r'"?sep=(.)"?\r?\n')  # a first line of Excel's own
ADDRESS = re.compile(r"[^@\s,;|]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
LETTER = re.compile(r"[^\W\d_]")
Row = list[str]


@dataclass(frozen=True, slots=True)
class Said:
    """What the source says about the shape of its files; None: to be found."""

    separator: str | None = None
    header: bool | tuple[str, ...] | None = None  # a list are the names of a file without one
    skip: int | None = None  # lines before everything else
    comment: str | None = None  # lines that begin with it are no rows
    quote: str | None = None  # "" for none

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Said":
        """Raises Invalid where a sign can't be used."""
        header = options.get("header")
        signs = {name: _sign(name, options.get(name)) for name in ("separator", "comment", "quote")}
        names = header if header is None or isinstance(header, bool) else tuple(header)
        return cls(header=names, skip=options.get("skip"), **signs)


@dataclass(frozen=True, slots=True)
class Layout:
    """The separator, the columns' names, and what else differs from plain rows below a header."""

    separator: str
    names: tuple[str, ...]
    skipped: int = 0  # lines before the header, or before the rows; 1 for a line “sep=;”
    header: bool = True
    quote: str = '"'  # "" for none
    comment: str | None = None
    spaced: bool = False  # blanks stand before quotes
    address: int | None = None  # the column of addresses, from 0
    hint: bool = False  # what is skipped is a line “sep=;”
    said: bool = False  # the source says how many lines are skipped

    @property
    def plain(self) -> bool:
        """Whether the file may be read as it is, if its rows are."""
        above = self.skipped == 0 or self.hint
        return above and self.quote == '"' and not self.comment and not self.spaced


@dataclass(frozen=True, slots=True)
class _Sample:
    """The first rows, cut in one way, each with the line that it begins in, from 0."""

    separator: str
    quote: str
    rows: list[tuple[int, Row]]
    spaced: bool = False

    def header(self) -> int | None:
        """The place of the first row that most rows below it fit; None where there is none."""
        for place, (_line, row) in enumerate(self.rows[:ABOVE]):
            if self._heads(place, row):
                return place
        return None

    def _heads(self, place: int, row: Row) -> bool:
        filled = [cell for cell in row if cell.strip()]
        if len(row) < 2 or len(filled) < 2 or (place and not all(map(_is_word, filled))):
            return False
        return self.even(place) > 0.5 and not self._is_above(place, row)

    def _is_above(self, place: int, row: Row) -> bool:
        """Whether a better header follows: this is a comment, or has gaps, and people follow."""
        below = [cells for _line, cells in self.rows[place + 1 : ABOVE]]
        people = next((n for n, cells in enumerate(below) if any(map(_is_address, cells))), 0)
        if any(map(_is_address, row)) or not people:
            return False
        whole = [n for n, cells in enumerate(below[:people]) if _is_whole(cells, len(row))]
        gaps = not _is_whole(row, len(row)) and bool(whole)
        return gaps or (row[0].startswith("#") and 0 in whole)

    def even(self, place: int) -> float:
        """The share of the rows below this one that fit its width."""
        width, below = len(self.rows[place][1]), self._without_footer(place)
        if not below:
            return 1.0
        return sum(_fits(row, width) for row in below) / len(below)

    def _without_footer(self, place: int) -> list[Row]:
        """The rows below this one, those aside that end the file after a blank line."""
        width, below = len(self.rows[place][1]), self.rows[place + 1 :]
        gaps = [n for n in range(1, len(below)) if below[n][0] > below[n - 1][0] + 1]
        tail = [row for _line, row in below[gaps[-1] :]] if gaps else []
        closes = all(len(row) < width and not any(map(_is_address, row)) for row in tail)
        return [row for _line, row in (below[: gaps[-1]] if tail and closes else below)]

    def worth(self) -> tuple[bool, int, float, int]:
        """The greater, the better the rows are cut."""
        header = self.header()
        place = header or 0
        width = len(self.rows[place][1]) if self.rows else 0
        even = round(self.even(place), 2) if width > 1 else 0.0
        return header is not None, -place, even, width


def layout_of(path: Path, said: Said, file: Path | None = None) -> Layout:
    """Look at the start of a UTF-8 file, which messages call `file`; what is said wins.

    Raises SourceFailed for what is improbable and has to be said.
    """
    start = next(chunks(path), b"")[:SAMPLE_BYTES].decode("utf-8-sig", "ignore")
    hint = HINT.match(start) if said.skip is None else None
    above = 1 if hint else said.skip or 0
    body = "".join(StringIO(start, newline="").readlines()[above:])
    if hint and said.separator is None:
        said = replace(said, separator=hint.group(1))
    sample = _best(body, said)
    place = _header(sample, said)
    found = _layout(sample, place, said, above)
    hinted = bool(hint) and found.skipped == 1
    found = replace(found, hint=hinted, said=said.skip is not None or hinted)
    if said.header is None:
        _doubt(file or path, sample, place, said)
    return found


def names_of(header: Sequence[str]) -> tuple[str, ...]:
    """Every column gets a name of its own: “column 3” for an empty one, “city 2” for a second."""
    names: list[str] = []
    for place, cell in enumerate(header, 1):
        wanted = " ".join(cell.split()) or f"column {place}"
        names.append(_free(wanted, names))
    return tuple(names)


def _free(wanted: str, taken: Iterable[str]) -> str:
    name, n = wanted, 1
    while name in taken:
        n += 1
        name = f"{wanted} {n}"
    return name


def _sign(name: str, sign: str | None) -> str | None:
    if sign is None or (sign == "" and name == "quote"):
        return sign
    if len(sign) != 1 or not sign.isascii():
        text = _("The {name} “{sign}” isn't one plain character.")
        raise Invalid(text.format(name=name, sign=sign), name)
    return sign


def _best(body: str, said: Said) -> _Sample:
    """The sample cut by what is said, else by the separator that makes the most sense."""
    if said.comment:
        body = "".join(
            "\n" if line.startswith(said.comment) else line for line in StringIO(body, newline="")
        )
    sample = partial(_sample, body, said.quote)
    if said.separator:
        return sample(said.separator)
    found = [sample(separator) for separator in SEPARATORS if separator in body]
    best = max(found, key=_Sample.worth, default=None)
    return best if best and best.worth()[-1] > 1 else sample(NONE)


def _header(sample: _Sample, said: Said) -> int:
    """The place in the sample of the header, or of the first row of a file without one."""
    if said.skip is not None or said.header is not None:
        found = sample.header() if said.skip is None and said.header is True else 0
    else:
        found = sample.header()
    return found or 0


def _layout(sample: _Sample, place: int, said: Said, above: int) -> Layout:
    line, first = sample.rows[place] if sample.rows else (0, [])
    has_header = said.header is None or said.header is True
    below = [row for _line, row in sample.rows[place + has_header :]]
    names = names_of(first)
    if not has_header:
        width = max((len(row) for row in below), key=[len(row) for row in below].count, default=0)
        names = names_of([""] * width)
        if isinstance(said.header, tuple):
            names = names_of(said.header)
    return Layout(
        sample.separator,
        names,
        above + line,
        has_header,
        sample.quote,
        said.comment,
        sample.spaced,
        _addresses(below, len(names)),
    )


def _addresses(rows: list[Row], width: int) -> int | None:
    """The column in which every row that reaches it has an address, if there is one."""
    for place in range(width):
        cells = [row[place].strip() for row in rows if len(row) > place]
        if cells and sum(map(_is_address, cells)) > len(cells) / 2:
            return place
    return None


def _doubt(file: Path, sample: _Sample, place: int, said: Said) -> None:
    """Raises SourceFailed where the first row looks like one of people, or nothing is cut."""
    if not sample.rows:
        return
    first, below = sample.rows[place][1], [row for _line, row in sample.rows[place + 1 :]]
    if any(map(_is_address, first)) or _is_alike(first, below):
        text = _(
            "{path}, line {line}: the first row looks like a person, not like a header. Say which: "
            "`header: false` or a list of names if there is none, `header: true` if it is one."
        )
        line = f"{sample.rows[place][0] + 1:,}"
        raise SourceFailed(text.format(path=file, line=line), "header")
    alone = len(first) == 1 and said.separator is None
    if alone and not all(_is_address(row[0]) for row in below if row[0].strip()):
        text = _(
            "{path} seems to have one column only, “{name}”. Say its `separator`, or "
            "`header: true` if that is right."
        )
        raise SourceFailed(text.format(path=file, name=first[0][:60]), "header")


def _is_alike(first: Row, rows: list[Row]) -> bool:
    """Whether the first row has only values like those below it, numbers or codes among them."""
    shapes = [_shape(cell) for cell in first]
    if not rows or not any("9" in shape for shape in shapes):
        return False
    for place, shape in enumerate(shapes):
        cells = [row[place] for row in rows if len(row) > place and row[place].strip()]
        alike = sum(_shape(cell) == shape for cell in cells)
        if not cells or alike < ALIKE * len(cells):
            return False
    return True


def _shape(cell: str) -> str:
    """What a value looks like: text, an address, or how digits stand among letters and signs."""
    cell = cell.strip()
    if _is_address(cell):
        return "@"
    if not any(sign.isdigit() for sign in cell):
        return "text"
    return re.sub(r"\d+", "9", LETTER.sub("a", cell))


def _fits(row: Row, width: int) -> bool:
    """Whether a row has so many fields: more may be empty, and those of a person missing."""
    if len(row) < width:
        return any(map(_is_address, row))
    return not any(cell.strip() for cell in row[width:])


def _is_whole(row: Row, width: int) -> bool:
    """Whether a row could be a header of so many columns: a word in each."""
    return len(row) == width and all(map(_is_word, row))


def _is_word(cell: str) -> bool:
    return bool(LETTER.search(cell)) and not _is_address(cell.strip())


def _is_address(cell: str) -> bool:
    return bool(ADDRESS.fullmatch(cell.strip()))


def _sample(body: str, quote: str | None, separator: str) -> _Sample:
    """The first rows that aren't blank; of a sample that ends within a row, those before it."""
    sign = '"' if quote is None else quote
    cut = partial(_read, separator=separator, quote=sign)
    rows = cut(body)
    within = sign and rows == cut(body + sign)
    if 1 < len(rows) < SAMPLE_ROWS and (len(body) > SAMPLE_BYTES // 4 or within):
        rows = rows[:-1]
    spaced = bool(sign) and any(
        cell.startswith(" ") and cell.lstrip().startswith(sign)
        for _line, row in rows
        for cell in row
    )
    if spaced:
        rows = cut(body, spaced=True)
    return _Sample(separator, sign, [(line, row) for line, row in rows if row], spaced)


def _read(text: str, separator: str, quote: str, *, spaced: bool = False) -> list[tuple[int, Row]]:
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


def dialect(separator: str, quote: str, *, spaced: bool) -> dict[str, Any]:
    """The arguments for csv.reader."""
    quoting = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    return {"delimiter": separator, "skipinitialspace": spaced, **quoting}
