"""Which cell keeps a column of text from being numbers or dates: what to mend, or to say."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import polars as pl

from core.columns import column
from core.errors import Invalid
from core.profiles.sources import ROW, Kind, Source, translated
from core.profiles.sources.column_types import DATES, NUMERIC, Type, filled, fits
from core.profiles.sources.notes import shortened
from core.texts import _

TYPES: dict[Kind, frozenset[Type]] = {
    Kind.number: NUMERIC,
    Kind.date: DATES,
    Kind.moment: DATES,
    Kind.boolean: frozenset({Type.boolean}),
}


class WrongKind(Invalid):
    """A column holds something else than what is made of it wants, which are `kinds`."""

    def __init__(self, message: str, field: str, column: str, kinds: Collection[Kind]) -> None:
        super().__init__(message, field)
        self.column, self.kinds = column, frozenset(kinds)


@contextmanager
def explained(source: Source | None) -> Iterator[None]:
    """Says of a column of text which of its rows made it text. Raises SourceFailed."""
    try:
        yield
    except WrongKind as error:
        more = misfit(source, error.column, error.kinds) if source else None
        error.args = (f"{error} {more}" if more else str(error),)
        raise


def misfit(source: Source, name: str, kinds: Collection[Kind]) -> str | None:
    """A sentence on the first row whose text is of none of these kinds; None where none says.

    Raises SourceFailed.
    """
    types = frozenset[Type]().union(*(TYPES.get(kind, frozenset()) for kind in kinds))
    frame = source.scan().to_native()
    if not types or not isinstance(frame, pl.LazyFrame):
        return None
    if frame.collect_schema()[name] != pl.String:
        return None
    value = filled(column(name))
    looks = pl.any_horizontal(fits(value, of) for of in types)
    with translated(source):
        cells = frame.select(row=ROW, text=value, looks=looks).drop_nulls("text")
        some = cells.filter(~pl.col("looks")).head(1).collect(engine="streaming")
        any_fits = cells.filter("looks").head(1).collect(engine="streaming").height > 0
    return _sentence(some, any_fits)


def _sentence(some: pl.DataFrame, any_fits: bool) -> str | None:
    if some.is_empty():
        text = _(
            "Its values can be read in two ways, or differ from each other: set `dates` or "
            "`decimal` of the source."
        )
        return text if any_fits else None
    row, cell = some.select("row", "text").row(0)
    text = _("The first such cell is in row {row}: “{text}”.")
    return text.format(row=f"{row:,}", text=shortened(cell))
