"""What a source of profiles promises: a schema, and a lazy frame that reads nothing until asked."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, Self, cast

import narwhals as nw
import polars as pl

from core.columns import own
from core.errors import Unknown
from core.profiles.sources.failures import translated as translated
from core.profiles.sources.fence import Fence
from core.profiles.sources.limits import USUAL, Limits
from core.profiles.sources.notes import Note
from core.texts import _

LEFT_OUT = own("left_out")  # why an export leaves the row out, else null; may be missing
SEGMENTS = own("segments")  # which of several the row is in, see segments.numbered; may be missing
WRITTEN = own("written:")  # before a column's name: its text, as it is written in the file
ROW = own("row")  # the row's number in its source, from 1: a stable order, and what a reject names


def written(name: str, columns: Collection[str]) -> str:
    """Which of the columns holds what is written for this one in the file: WRITTEN, or itself."""
    return WRITTEN + name if WRITTEN + name in columns else name


class Kind(StrEnum):
    """What a field holds, as far as rules and matching care: its name, then its words.

    `one` is said of a single value, `several` of what a field holds.
    """

    one: str
    several: str

    def __new__(cls, name: str, one: str, several: str) -> Self:
        """A kind by its name, with its words."""
        kind = str.__new__(cls, name)
        kind._value_, kind.one, kind.several = name, one, several
        return kind

    text = "text", _("text"), _("text")
    number = "number", _("number"), _("numbers")
    boolean = "boolean", _("yes or no"), _("yes or no")
    date = "date", _("date"), _("dates")
    moment = "moment", _("date and time"), _("dates with a time")
    list = "list", _("list"), _("lists")
    # On their own or within something nested: JSON has no form for them.
    bytes = "bytes", _("bytes"), _("bytes")
    other = "other", _("other"), _("nested data")
    nothing = "nothing", _("empty"), _("nothing")  # so that it may become any of the others


Progress = Callable[[float, str], None]  # share done (0 to 1), a word on what is being done
Schema = Mapping[str, Kind]
POLARS = "polars"  # the engine that reads files


class EngineSchema(dict[str, Kind]):
    """The schema of a source whose rows another engine than polars compares, by its name."""

    def __init__(self, kinds: Mapping[str, Kind], engine: str) -> None:
        """Takes each field and what it holds, in order."""
        super().__init__(kinds)
        self.engine = engine


def engine_of(schema: Schema) -> str:
    """The name of the engine that compares what rules look at."""
    return schema.engine if isinstance(schema, EngineSchema) else POLARS


def silent(_share: float, _doing: str) -> None:
    """The progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a source: from its configuration, paths made absolute.

    `fence` is what its files may not lead out of; without one they may lie anywhere. `url` is that
    of a database, with its secrets, or the path in a store. `stores` are the places there that the
    operator named: with a fence nothing else is read. `servers` are the databases that it named.
    """

    name: str
    type: str
    path: Path | None = None
    options: Mapping[str, Any] | None = None
    fence: Fence | None = None
    limits: Limits = USUAL
    url: str | None = field(default=None, repr=False)
    stores: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()


class Source(Protocol):
    """One set of profiles."""

    def schema(self) -> Schema:
        """Each field and what it holds, in the source's order. Raises SourceFailed."""
        ...

    def scan(self, written: Collection[str] = ()) -> nw.LazyFrame[Any]:
        """All rows, lazily, with their number in ROW. Raises SourceFailed.

        Of the columns `written`, those that became numbers also come as the text of the file, by
        the name WRITTEN and their own: what is an id or a phone number is taken from there.

        Moments that have a time zone come in UTC; the others have none. Text is never categorical.
        """
        ...

    def fetched(
        self, frame: nw.LazyFrame[Any], names: Collection[str] | None = None
    ) -> pl.LazyFrame:
        """Rows of a frame that was made of `scan`, for polars, with ROW; of some columns, or all.

        A database runs the frame's query now, and only these columns travel, with those of ours;
        they are numbered as they arrive. Raises SourceFailed, StorageFailed.
        """
        ...

    def small(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """A result of few rows, such as counts, of a frame made of `scan`. Raises SourceFailed."""
        ...

    def whole(self) -> Sequence[str]:
        """The columns of numbers that are written without a point where they are whole."""
        ...

    def written(self) -> datetime | None:
        """When its data was written last, UTC; None where the source itself knows nothing of it."""
        ...

    def notes(self) -> Sequence[Note]:
        """What reading it changed or doubted, by kind and column; see `sources.notes`."""
        ...

    def alone(self) -> "Source":
        """The source itself, without fields from other tables."""
        ...


# A new type of source is one module with `open_source(reading, cache, progress)` and
# `state_of(reading)`, and one line.
REGISTER: Mapping[str, str] = {
    "file": "core.profiles.sources.files",
    "store": "core.profiles.sources.stores.source",
    "database": "core.profiles.sources.databases.source",
}


def open_source(reading: Reading, cache: Path, progress: Progress | None = None) -> Source:
    """Open a source by its type; may convert it into the folder `cache`, reporting to `progress`.

    Raises Unknown for a type that doesn't exist, Invalid for its options, SourceFailed for the
    source itself and StorageFailed for the cache.
    """
    return cast(Source, _module(reading).open_source(reading, cache, progress))


def state_of(reading: Reading) -> Hashable:
    """What the source is at this moment, to be compared with another one; nothing of it is read.

    Raises Unknown for a type that doesn't exist, Invalid, SourceFailed.
    """
    return cast(Hashable, _module(reading).state_of(reading))


def _module(reading: Reading) -> ModuleType:
    if reading.type not in REGISTER:
        raise Unknown(_("type of source"), reading.type, REGISTER, "type")
    return import_module(REGISTER[reading.type])
