"""What is improbable in a table of people, and so is refused until a person says it is right."""

from pathlib import Path

import polars as pl

from core.errors import SourceFailed
from core.profiles.sources.row_shapes import Row, looks_like_person
from core.texts import _

FEW = 5  # rows that may be alike by chance


def check_header(file: Path, line: int, first: Row, below: list[Row]) -> None:
    """Raises SourceFailed where the row of names, in this line, looks like one of people."""
    if looks_like_person(first, below):
        text = _(
            "{path}, line {line}: the first row looks like a person, not like a header. Set "
            "`header: false` or a list of names if there is no header, `header: true` if it "
            "is one."
        )
        raise SourceFailed(text.format(path=file, line=f"{line:,}"), "header")


def check_rows_differ(file: Path, rows: pl.LazyFrame) -> None:
    """Raises SourceFailed where every row is alike: the file can't be what was meant.

    And polars' errors.
    """
    some = rows.head(FEW).collect()
    if len(some) < FEW or some.n_unique() > 1:
        return
    alike = rows.select((pl.all() == pl.all().first()).all()).collect(engine="streaming").row(0)
    if all(alike):
        text = _(
            "{path}: all rows are the same. Export it again; if that is right, set `header: true`."
        )
        raise SourceFailed(text.format(path=file), "header")
