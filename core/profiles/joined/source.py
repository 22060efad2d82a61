"""A source with fields from other tables: to whoever reads it, one source with more columns."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import narwhals as nw
import polars as pl

from core.columns import content
from core.errors import Invalid
from core.profiles.joined import checks
from core.profiles.joined.aggregates import Day, aggregated, key_kind, with_fields
from core.profiles.joined.fields import Join, JoinedField, Make, kind_of
from core.profiles.sources import EngineSchema, Schema, Source
from core.profiles.sources.failures import Watched
from core.profiles.sources.misfits import explained
from core.profiles.sources.notes import Note

SAME = (Make.sum, Make.last, Make.first, Make.min, Make.max)  # written as what they are made from


@dataclass(frozen=True, slots=True)
class Other:
    """A table that is joined, opened, and what is made of it."""

    join: Join
    source: Source


class JoinedSource:
    """A source, the tables that are joined to it, and the day that the last days are counted from.

    Its fields are computed whenever rows are asked for: where a database does that itself.
    """

    def __init__(self, base: Source, others: Sequence[Other], day: Day) -> None:
        """Raises Unknown, Invalid where the fields can't be made of what the tables hold."""
        self.base, self.others, self._day = base, tuple(others), day
        self._schema = _checked_schema(base, self.others)

    @property
    def label(self) -> str:
        """How messages call it."""
        return str(getattr(self.base, "label", self.base))

    @property
    def tables(self) -> tuple[Source, ...]:
        """All that it reads: the source itself, then those that are joined."""
        return (self.base, *(other.source for other in self.others))

    def alone(self) -> Source:
        """The source itself, without fields from other tables."""
        return self.base.alone()

    def schema(self) -> Schema:
        """Each field and what it holds: those of the source itself, then those from others."""
        return self._schema

    def scan(self, written: Collection[str] = ()) -> nw.LazyFrame[Any]:
        """All rows, lazily, with their number in ROW, and all fields. Raises SourceFailed."""
        frame, schema = self.base.scan(written), self.base.schema()
        for other in self.others:
            join, theirs = other.join, other.source.schema()
            kind = key_kind(schema[join.key], theirs[join.other_key])
            rows = aggregated(other.source.scan(), theirs, join, self._day, kind)
            frame = with_fields(frame, schema, join, rows, kind)
        return frame

    def fetched(
        self, frame: nw.LazyFrame[Any], names: Collection[str] | None = None
    ) -> pl.LazyFrame:
        """Rows of a frame that was made of `scan`. Raises SourceFailed, StorageFailed."""
        return self.base.fetched(frame, names)

    def small(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """A result of few rows. Raises SourceFailed."""
        return self.base.small(frame)

    def whole(self) -> Sequence[str]:
        """The columns of numbers that are written without a point where they are whole."""
        made = [
            field.name
            for other, field in self._fields()
            if field.make in SAME and field.column in other.source.whole()
        ]
        return (*self.base.whole(), *made)

    def written(self) -> datetime | None:
        """When the data of all tables was written last: that of the oldest; None if one is unknown.

        So an export that takes no old data waits for every table that its fields are made of.
        """
        times = [source.written() for source in self.tables]
        known = [time for time in times if time is not None]
        return min(known) if len(known) == len(times) else None

    def notes(self) -> Sequence[Note]:
        """What reading changed or doubted; of other tables in what the fields are made from."""
        theirs = [
            replace(note, column=field.name, source=other.join.source)
            for other, field in self._fields()
            for note in other.source.notes()
            if note.column in field.columns() | {other.join.other_key}
        ]
        return (*self.base.notes(), *theirs)

    def unchanged(self) -> None:
        """Raises SourceFailed when one of the tables is missing or another since it was opened."""
        for source in self.tables:
            if isinstance(source, Watched):
                source.unchanged()

    def _fields(self) -> Iterator[tuple[Other, JoinedField]]:
        return ((other, field) for other in self.others for field in other.join.fields)


def made_names(others: Sequence[Other]) -> list[str]:
    """The fields that are made from other tables, in order."""
    return [field.name for other in others for field in other.join.fields]


def chosen(frame: nw.LazyFrame[Any], others: Sequence[Other]) -> nw.LazyFrame[Any]:
    """Only those fields."""
    return frame.select(*map(content, made_names(others)))


def _checked_schema(base: Source, others: Sequence[Other]) -> Schema:
    schema = base.schema()
    checks.check_names([other.join for other in others], schema)
    kinds = dict(schema)
    for place, other in enumerate(others):
        theirs = other.source.schema()
        with _placed(place):
            with explained(base):
                checks.check_key(other.join, schema)
            with _named(other.join.source), explained(other.source):
                checks.check(other.join, theirs, schema[other.join.key])
        kinds |= {field.name: kind_of(field, theirs) for field in other.join.fields}
    return EngineSchema(kinds, schema.engine) if isinstance(schema, EngineSchema) else kinds


@contextmanager
def _placed(place: int) -> Iterator[None]:
    """Says by which join of the source something is Invalid."""
    try:
        yield
    except Invalid as error:
        error.field = f"joined.{place}.{error.field}"
        raise


@contextmanager
def _named(other: str) -> Iterator[None]:
    """Says in which table something is Invalid."""
    try:
        yield
    except Invalid as error:
        error.args = (f"“{other}”: {error}", *error.args[1:])
        raise
