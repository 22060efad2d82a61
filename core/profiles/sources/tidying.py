"""The patient way through a delimited file: row by row, each with the line that it begins in."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import IO

from core.errors import SourceFailed
from core.profiles.sources.encodings import PLAIN
from core.profiles.sources.layout import Layout
from core.profiles.sources.limits import MEGABYTE, Limits
from core.profiles.sources.sample import dialect
from core.texts import _, many

UNCLOSED = "unexpected end of data"  # what csv says of a quote that is open at the end
TOO_LARGE = "field larger than field limit"  # and of a cell


@dataclass(slots=True)
class Tidied:
    """How many rows were written below the header, and what was done to make them even."""

    rows: int = 0
    short: int = 0  # that lacked fields at their end
    first_short: tuple[int, int] = (0, 0)  # the first of them, from 1, and how many it had
    footer: int = 0  # lines after the rows


@dataclass(frozen=True, slots=True)
class Line:
    """A row that isn't blank."""

    number: int  # of the line that it begins in, from 1
    cells: list[str]
    after_blank: bool


def tidied(file: Path, plain: Path, layout: Layout, target: Path, limits: Limits) -> Tidied:
    """Write the rows again: tidy quotes, even widths, no header, no blank lines; what was done.

    `plain` is the text of `file` in UTF-8. Fields that a spreadsheet left out at the end of a row
    are empty, empty ones beyond the header are cut, a footer is left out. Raises SourceFailed for
    any other row of another width.
    """
    csv.field_size_limit(limits.cell * MEGABYTE)  # of this process, whose limits are the same
    even = _Even(file, layout, ends=_ends_with_line(plain))
    with target.open("w", encoding=PLAIN, newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for cells in even.rows(_below(_lines(file, plain, layout), layout)):
            writer.writerow(cells)
    return even.done


@dataclass(slots=True)
class _Even:
    """Brings rows to one width, as far as the file shows how."""

    file: Path
    layout: Layout
    ends: bool  # the last line is ended: nothing was cut off
    done: Tidied = field(default_factory=Tidied)

    def rows(self, lines: Iterator[Line]) -> Iterator[list[str]]:
        """The rows of the right width; holds back what may be the footer. Raises SourceFailed."""
        footer: list[Line] = []
        width, held = len(self.layout.names), list[Line]()
        for line in lines:
            yield from self._filled(held, width)
            missing = width - len(line.cells)
            if (footer or (line.after_blank and self.done.rows)) and self._closes(line, missing):
                footer.append(line)
            elif footer:
                raise self._uneven(footer[0])
            elif missing > 0 and self._is_person(line):
                held = [line]
            elif missing <= 0 and not any(map(str.strip, line.cells[width:])):
                self.done.rows += 1
                yield line.cells[:width]
            else:
                raise self._uneven(line)
        if held and not self.ends and not self.done.short:  # the file may have been cut off
            raise self._uneven(held[0])
        yield from self._filled(held, width)
        self.done.footer = len(footer)

    def _filled(self, held: list[Line], width: int) -> Iterator[list[str]]:
        """The short row that was held back until it was known whether it is the last one."""
        for line in held:
            self.done.rows += 1
            if not self.done.short:
                self.done.first_short = self.done.rows, len(line.cells)
            self.done.short += 1
            yield [*line.cells, *[""] * (width - len(line.cells))]
        held.clear()

    def _closes(self, line: Line, missing: int) -> bool:
        """Whether it may belong to a footer."""
        return missing > 0 and not self._is_person(line)

    def _is_person(self, line: Line) -> bool:
        place = self.layout.address
        return place is not None and len(line.cells) > place and "@" in line.cells[place]

    def _uneven(self, line: Line) -> SourceFailed:
        fields = many("{n} field", "{n} fields", len(line.cells))
        width = f"{len(self.layout.names):,}"
        if self.layout.header:
            text = _(
                "{path}, line {line}: {fields}, but the header has {width}. Fix the line, "
                "or export the file again."
            )
        else:
            text = _(
                "{path}, line {line}: {fields}, but there are {width} columns. Fix the "
                "line, or export the file again."
            )
        number = f"{line.number:,}"
        said = text.format(path=self.file, line=number, fields=fields, width=width)
        return SourceFailed(said, "separator")


class _Physical:
    """The lines of a file without comments, and where the row began that was read last."""

    def __init__(self, lines: IO[str], layout: Layout) -> None:
        self._lines, self._layout = lines, layout
        self._fresh, self._inside = True, False
        self.number = self.begin = 0  # lines seen, the comments too; the first one of the row
        for _skipped in range(layout.skipped):
            next(lines, None)
            self.number += 1

    def __iter__(self) -> Iterator[str]:
        comment, quote = self._layout.comment, self._layout.quote
        for line in self._lines:
            self.number += 1
            if comment and not self._inside and line.startswith(comment):
                continue
            if self._fresh:
                self.begin, self._fresh = self.number, False
            if comment and quote and line.count(quote) % 2:
                self._inside = not self._inside
            yield line

    def begun(self) -> int:
        """The line in which the row began that was read just now."""
        self._fresh, self._inside = True, False
        return self.begin


def _lines(file: Path, plain: Path, layout: Layout) -> Iterator[Line]:
    """The header, if there is one, and each row that isn't blank. Raises SourceFailed."""
    with plain.open(encoding=PLAIN, newline="") as text:
        lines = _Physical(text, layout)
        cut = dialect(layout.separator, layout.quote, spaced=layout.spaced)
        blank = False
        try:
            for cells in csv.reader(lines, strict=True, **cut):
                begin = lines.begun()
                if cells:
                    yield Line(begin, cells, blank)
                blank = not cells
        except csv.Error as error:
            if str(error) == UNCLOSED:
                raise _never_closed(file, plain, layout) from error
            raise _broken(file, lines.begun(), str(error)) from error


def _below(lines: Iterator[Line], layout: Layout) -> Iterator[Line]:
    """Without the header."""
    if layout.header:
        next(lines, None)
    return lines


def _broken(file: Path, line: int, error: str) -> SourceFailed:
    """What csv says of the row that begins in this line."""
    said = _("{path}, line {line}: a quote isn't closed, or text follows it. Fix the line.")
    if error.startswith(TOO_LARGE):
        said = _(
            "{path}, line {line}: a cell has more than {n} MB, or a quote that is never "
            "closed. Fix the line, or allow more with SEGFERRY_MAX_CELL."
        )
    most = f"{csv.field_size_limit() // MEGABYTE:,}"
    return SourceFailed(said.format(path=file, line=f"{line:,}", n=most), "quote")


def _never_closed(file: Path, plain: Path, layout: Layout) -> SourceFailed:
    """The line in which the quote opens that is open at the end: what follows is its field."""
    with plain.open(encoding=PLAIN, newline="") as text:
        lines = _Physical(text, layout)
        cut = dialect(layout.separator, layout.quote, spaced=layout.spaced)
        field = ""
        for cells in csv.reader(lines, **cut):
            field = cells[-1] if cells else ""
        more = max(sum(1 for _line in StringIO(field, newline="")) - 1, 0)
    said = _(
        "{path}, line {line}: a quote that begins in this line is never closed. Close it "
        "where the field ends, or remove it."
    )
    return SourceFailed(said.format(path=file, line=f"{lines.number - more:,}"), "quote")


def _ends_with_line(plain: Path) -> bool:
    with plain.open("rb") as content:
        size = plain.stat().st_size
        content.seek(max(size - 1, 0))
        return content.read(1) in (b"\n", b"\r")
