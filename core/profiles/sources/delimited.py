"""CSV as people really have it: read as text first, then each column gets the type it proves."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from core.columns import column
from core.errors import Invalid, SourceFailed
from core.profiles.sources.codepages import Guess, readings
from core.profiles.sources.column_types import ALL
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.encodings import chunks
from core.profiles.sources.failures import translated
from core.profiles.sources.improbable import check_rows_differ
from core.profiles.sources.interpretation import interpreted
from core.profiles.sources.layout import NONE, Layout, layout_of
from core.profiles.sources.layout_options import LayoutOptions
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
    _alike(task, parts)
    first = parts[0]
    names = [column(name) for name in first.layout.names]
    folders = [as_texts(given, first.layout.names) for given in task.given]
    pairs = zip(parts, folders, strict=True)
    text = pl.concat([part.frame().select(*names, *given) for part, given in pairs], how="diagonal")
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
        other=first.guess.other,
        readings=tuple(readings(first.guess)),
        skipped=sum(part.skipped for part in parts),
        short=sum(part.done.short for part in parts),
        footer=sum(part.done.footer for part in parts),
        notes=found.notes,
        **found.kept,
    )


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
        done = tidied(file, plain, layout, tidy)
    return Prepared(tidy, layout, guess, done, as_is=tidy == plain)


def _surveyed(task: Task, place: int, plain: Path, layout: Layout) -> Survey:
    survey, size = Survey(), max(plain.stat().st_size, 1)
    for seen, now in surveyed(chunks(plain), layout.separator, len(layout.names), layout.skipped):
        survey = now
        share = (place + min(seen / size, 1)) / len(task.files)
        task.report(0.1 + 0.4 * share, _("Checking {name}").format(name=task.files[place].name))
    return survey


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
