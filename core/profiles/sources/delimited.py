"""CSV as people really have it: read as text first, then each column gets the type it proves."""

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from core.errors import Invalid, SourceFailed
from core.profiles.sources.column_types import ALL
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.encodings import PLAIN, chunks
from core.profiles.sources.failures import translated
from core.profiles.sources.layout import Layout, layout_of
from core.profiles.sources.proving import how_of, interpreted
from core.profiles.sources.survey import Survey, surveyed
from core.texts import _, many

UNCLOSED = "unexpected end of data"  # what csv says of a quote that is open at the end


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that polars can read: plain UTF-8, tidy quotes, rows of equal width."""

    path: Path
    layout: Layout
    encoding: str  # of the original
    separator: str  # of the original
    rows: int  # below the header

    def frame(self) -> pl.LazyFrame:
        """Its rows, every column text."""
        return pl.scan_csv(
            self.path,
            has_header=False,
            schema=dict.fromkeys(self.layout.names, pl.String),
            skip_rows=1 + self.layout.skipped,
            n_rows=self.rows,
            separator=self.layout.separator,
            empty_string_is_null=False,
            glob=False,
        )


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of all files with types, and how the first was read. Raises SourceFailed."""
    decimal = _decimal(task.options)
    parts = [_prepared(task, place, file) for place, file in enumerate(task.files)]
    _alike(task, parts)
    first = parts[0]
    text = pl.concat([part.frame().select(first.layout.names) for part in parts])
    task.report(0.5, _("Finding the types of the columns"))
    how = how_of(task.options, first.separator)
    with translated(task.files[0]):
        found = interpreted(text, first.layout.names, ALL, how)
    sign = decimal or found.decimal
    return found.frame, Detected(
        first.encoding, first.separator, sign, notes=found.notes, written=found.written
    )


def _decimal(options: Mapping[str, Any]) -> str | None:
    decimal = options.get("decimal")
    if decimal not in (None, ".", ","):
        text = _("The decimal sign “{sign}” is neither a dot nor a comma.")
        raise Invalid(text.format(sign=decimal), "decimal")
    return decimal


def _prepared(task: Task, place: int, file: Path) -> Prepared:
    plain, encoding = task.plain(file, f"{place}.utf8.csv")
    layout = layout_of(plain, task.options.get("separator"))
    survey = _surveyed(task, place, plain, layout)
    separator = layout.separator
    if not survey.tidy or survey.gaps:
        target = task.work / f"{place}.tidy.csv"
        rows = _rewritten(file, plain, layout, target)
        plain, layout = target, Layout(",", layout.names)
    else:
        rows = survey.rows - 1 - layout.skipped
        _even(file, plain, layout, survey)
    if rows < 1:
        text = _("{path} has a header but no rows. Write the profiles into it, then try again.")
        raise SourceFailed(text.format(path=file))
    return Prepared(plain, layout, encoding, separator, rows)


def _surveyed(task: Task, place: int, plain: Path, layout: Layout) -> Survey:
    survey, size = Survey(), max(plain.stat().st_size, 1)
    for seen, now in surveyed(chunks(plain), layout.separator, len(layout.names), layout.skipped):
        survey = now
        share = (place + min(seen / size, 1)) / len(task.files)
        task.report(0.1 + 0.4 * share, _("Checking {name}").format(name=task.files[place].name))
    return survey


def _even(file: Path, plain: Path, layout: Layout, survey: Survey) -> None:
    if survey.uneven is not None:
        for line, row in _parsed(file, plain, layout):
            _fits(file, line, row, layout)


def _rewritten(file: Path, plain: Path, layout: Layout, target: Path) -> int:
    """Write the rows again with tidy quotes and without blank lines; gives how many there are."""
    count = -1
    with target.open("w", encoding=PLAIN, newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for line, row in _parsed(file, plain, layout):
            _fits(file, line, row, layout)
            writer.writerow(row)
            count += 1
    return count


def _parsed(file: Path, plain: Path, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """The header and each row that isn't blank, with the line it begins in, from 1."""
    with plain.open(encoding=PLAIN, newline="") as lines:
        for _skipped in range(layout.skipped):
            next(lines)
        reader, line = csv.reader(lines, delimiter=layout.separator, strict=True), 1
        try:
            for row in reader:
                if row:
                    yield line + layout.skipped, row
                line = reader.line_num + 1
        except csv.Error as error:
            if str(error) == UNCLOSED:
                raise _never_closed(file, plain, layout) from error
            text = _(
                "{path}, line {line}: a quote isn't closed, or text follows it. Mend the line."
            )
            place = f"{line + layout.skipped:,}"
            raise SourceFailed(text.format(path=file, line=place)) from error


def _never_closed(file: Path, plain: Path, layout: Layout) -> SourceFailed:
    """Names the line in which the quoted field begins that goes on to the end of the file."""
    with plain.open(encoding=PLAIN, newline="") as lines:
        reader = csv.reader(islice(lines, layout.skipped, None), delimiter=layout.separator)
        field = deque(reader, maxlen=1).pop()[-1]
    more = max(sum(1 for _line in StringIO(field, newline="")) - 1, 0)
    text = _(
        "{path}, line {line}: a quote that begins in this line is never closed. "
        "Close it where the field ends, or take it out."
    )
    place = f"{layout.skipped + reader.line_num - more:,}"
    return SourceFailed(text.format(path=file, line=place))


def _fits(file: Path, line: int, row: list[str], layout: Layout) -> None:
    if len(row) != len(layout.names):
        fields = many("{n} field", "{n} fields", len(row))
        text = _(
            "{path}, line {line}: {fields}, but the header has {width}. "
            "Mend the line, or export the file again."
        )
        width = f"{len(layout.names):,}"
        raise SourceFailed(text.format(path=file, line=f"{line:,}", fields=fields, width=width))


def _alike(task: Task, parts: list[Prepared]) -> None:
    """Raises SourceFailed for a file with other columns than the first."""
    known_names = parts[0].layout.names
    for file, part in zip(task.files, parts, strict=True):
        if odd := set(known_names) ^ set(part.layout.names):
            text = _(
                "{path} has other columns than {first}: “{column}” is only in one of them. "
                "Make them alike, or part them."
            )
            name = next(n for n in [*known_names, *part.layout.names] if n in odd)
            raise SourceFailed(text.format(path=file, first=task.files[0].name, column=name))
