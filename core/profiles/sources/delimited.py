"""CSV as people really have it: read as text first, then each column gets the type it proves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from core.errors import Invalid
from core.profiles.sources.codepages import Guess, readings
from core.profiles.sources.column_names import lacking
from core.profiles.sources.column_types import ALL
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.encodings import chunks
from core.profiles.sources.failures import translated
from core.profiles.sources.improbable import check_rows_differ
from core.profiles.sources.interpretation import interpreted
from core.profiles.sources.layout import NONE, Layout, layout_of
from core.profiles.sources.layout_options import LayoutOptions
from core.profiles.sources.notes import Note, Noted
from core.profiles.sources.places import as_texts
from core.profiles.sources.reading_options import ReadingOptions
from core.profiles.sources.survey import Survey, surveyed
from core.profiles.sources.tidying import Tidied, tidied
from core.texts import _


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that polars can read: plain UTF-8, tidy quotes, rows of equal width."""

    path: Path
    layout: Layout  # of the original
    guess: Guess  # of the original's encoding
    done: Tidied
    as_is: bool  # it is the original, or its text in UTF-8

    @property
    def separator(self) -> str | None:
        """That of the original; None where there is one column only."""
        return None if self.layout.separator == NONE else self.layout.separator

    @property
    def skipped(self) -> int:
        """Lines above the header that are left out unasked."""
        return 0 if self.layout.skip_known else self.layout.skipped

    def frame(self) -> pl.LazyFrame:
        """Its rows, every column text."""
        return pl.scan_csv(
            self.path,
            has_header=False,
            schema=dict.fromkeys(self.layout.names, pl.String),
            skip_rows=self.layout.header + self.layout.skipped if self.as_is else 0,
            n_rows=self.done.rows,
            separator=self.layout.separator if self.as_is else ",",
            empty_string_is_null=False,
            glob=False,
        )


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of all files with types, and how the first was read. Raises SourceFailed."""
    decimal = _decimal(task.options)
    parts = [_prepared(task, place, file) for place, file in enumerate(task.files)]
    first = parts[0]
    pairs = zip(parts, task.given, strict=True)
    frames = [
        part.frame().with_columns(as_texts(given, part.layout.names)) for part, given in pairs
    ]
    missing = lacking(task.files, [frame.collect_schema().names() for frame in frames])
    text = pl.concat(frames, how="diagonal")
    columns = text.collect_schema().names()
    task.report(0.5, _("Finding the types of the columns"))
    cells = ReadingOptions.of(task, first.guess, first.separator)
    with translated(task.files[0]):
        if task.options.get("header") is None:
            check_rows_differ(task.files[0], text)
        found = interpreted(text, columns, ALL, cells)
    sign = decimal or found.decimal
    return found.frame, Detected(
        first.guess.encoding,
        first.separator,
        sign,
        lacking=missing,
        other=first.guess.other,
        readings=tuple(readings(first.guess)),
        skipped=sum(part.skipped for part in parts),
        footer=sum(part.done.footer for part in parts),
        notes=(*_on_short_rows(parts), *found.notes),
        **found.kept,
    )


def _on_short_rows(parts: Sequence[Prepared]) -> Iterator[Note]:
    """All of them counted, with the first field that the first of them lacks."""
    count, before = sum(part.done.short for part in parts), 0
    for part in parts:
        if part.done.short:
            row, fields = part.done.first_short
            yield Note.of(Noted.short_row, part.layout.names[fields], count, before + row, "")
            return
        before += part.done.rows


def _decimal(options: Mapping[str, Any]) -> str | None:
    decimal = options.get("decimal")
    if decimal not in (None, ".", ","):
        text = _("The decimal sign “{sign}” is neither a dot nor a comma.")
        raise Invalid(text.format(sign=decimal), "decimal")
    return decimal


def _prepared(task: Task, place: int, file: Path) -> Prepared:
    plain, guess = task.plain(file, f"{place}.utf8.csv")
    layout = layout_of(plain, LayoutOptions.of(task.options), file)
    survey = _surveyed(task, place, plain, layout) if layout.plain else Survey(tidy=False)
    if survey.tidy and not survey.gaps and survey.uneven is None:
        done, tidy = Tidied(survey.rows - layout.header - layout.skipped), plain
    else:
        tidy = task.work / f"{place}.tidy.csv"
        done = tidied(file, plain, layout, tidy, task.limits)
    return Prepared(tidy, layout, guess, done, as_is=tidy == plain)


def _surveyed(task: Task, place: int, plain: Path, layout: Layout) -> Survey:
    survey, size = Survey(), max(plain.stat().st_size, 1)
    for seen, now in surveyed(chunks(plain), layout.separator, len(layout.names), layout.skipped):
        survey = now
        share = (place + min(seen / size, 1)) / len(task.files)
        task.report(0.1 + 0.4 * share, _("Checking {name}").format(name=task.files[place].name))
    return survey
