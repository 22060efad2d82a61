"""A database as a source: its rows stay there until somebody asks for some of them."""

import weakref
from collections.abc import Collection, Hashable
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from glob import escape
from itertools import count
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from core.columns import content
from core.errors import Invalid
from core.profiles.sources import ROW, EngineSchema, Progress, Reading, Schema
from core.profiles.sources.conversion import prefix_of
from core.profiles.sources.databases import arrival, confined, relations
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.columns import Column
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.databases.relations import Place
from core.profiles.sources.databases.session import Session
from core.profiles.sources.dbt.model_source import dbt_state, is_model, relation_of
from core.profiles.sources.limits import Limits
from core.profiles.sources.notes import Note
from core.profiles.sources.work import folder_for_work
from core.texts import _


class DatabaseSource:
    """A table or query, in one state of its database for as long as this is used.

    What arrives from it is kept in a folder of its own in the cache, which goes with it. One that
    is `beside` another shares its session.
    """

    def __init__(
        self,
        reading: Reading,
        address: Address,
        cache: Path,
        progress: Progress | None,
        beside: "DatabaseSource | None" = None,
    ) -> None:
        self._url, self._beside = reading.url, beside
        self.name, self.address, self._limits = reading.name, address, reading.limits
        self._place, self._cache, self._numbers = place_of(reading, address), cache, count()
        self._stack, self._losses = ExitStack(), Losses()
        stack = self._stack
        self._folder: Path | None = None
        self._finalizer = weakref.finalize(self, stack.close)
        if beside is None:
            self._session = Session(address, self.label, reading.limits.seconds, progress)
            stack.callback(self._session.close)
        else:
            self._session = beside._session
        self._engine = self._session.engine
        try:
            self.columns = self._known_columns(reading.limits)
        except BaseException:
            stack.close()  # not only once nobody holds the error any more
            raise
        self._bases: dict[str, str] = beside._bases if beside else {}
        self._stands = f"{relations.PLACE}_{len(self._bases)}"
        self._bases[self._stands] = relations.base(self._place, self.columns, self._engine)

    @property
    def label(self) -> str:
        """How messages call it."""
        return _("The source “{name}” ({path})").format(name=self.name, path=self.address.shown)

    def schema(self) -> Schema:
        """Each field and what it holds, in the order of the table."""
        kinds = {column.name: column.kind for column in self.columns}
        return EngineSchema(kinds, self._engine.name)

    def scan(self, written: Collection[str] = ()) -> nw.LazyFrame[Any]:  # noqa: ARG002
        """All rows, of which SQL is made. They have no order: their ROW is the same."""
        return relations.relation(self.columns, self._stands)

    def fetched(
        self, frame: nw.LazyFrame[Any], names: Collection[str] | None = None
    ) -> pl.LazyFrame:
        """Rows of a frame made of `scan`, fetched now, numbered in ROW as they arrive.

        Only the columns `names` travel, and ours. Raises SourceFailed, StorageFailed.
        """
        wanted = self._wanted(frame, names)
        types = relations.types(wanted)
        path = self._work() / f"{next(self._numbers)}.parquet"
        losses = Losses()
        batches = self._session.batches(self.sql(wanted), types, losses)
        arrival.kept(batches, types, path, self._limits, self.label)
        known = {column.name: column.scale for column in self.columns}
        decimals = {name: known.get(name) for name in relations.decimals(wanted)}
        found = arrival.scanned(path, decimals, losses)
        self._losses.merge(losses)
        return found

    def small(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """A result of few rows, such as counts, without ROW. Raises SourceFailed."""
        found = self.fetched(frame).collect()
        return found.drop(ROW)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """All that is asked within it takes so long together at most, else SourceFailed."""
        return self._session.within(seconds)

    def sql(self, frame: nw.LazyFrame[Any]) -> str:
        """The frame as the statement that is sent. Raises SourceFailed."""
        return relations.sql(frame, self._bases, self._engine)

    def notes(self) -> tuple[Note, ...]:
        """What of the cells that were fetched arrived otherwise than the database holds it."""
        return self._losses.notes()

    def alone(self) -> "DatabaseSource":
        """Itself."""
        return self

    def beside(self, reading: Reading) -> "DatabaseSource":
        """Another table or query, in the same state: frames of this one may be joined with its.

        Raises Invalid for one of another database, or in another role; SourceFailed.
        """
        address = address_of(reading)
        if (reading.url or "").strip() != (self._url or "").strip():
            text = _(
                "“{one}” and “{other}” are in two databases ({here} and {there}), or read in two "
                "ways. Only tables of one database can be joined: give both the same URL."
            )
            given = {"one": self.name, "other": reading.name}
            places = {"here": self.address.shown, "there": address.shown}
            raise Invalid(text.format(**given, **places), "joined")
        return DatabaseSource(reading, self.address, self._cache, None, self)

    def whole(self) -> tuple[str, ...]:
        """Its numbers have the types that they have there."""
        return ()

    def written(self) -> datetime | None:
        """When the file of the database was written last, UTC; a server doesn't say."""
        file = self.address.file
        if file is None:
            return None
        return datetime.fromtimestamp(max(path.stat().st_mtime for path in _files(file)), UTC)

    def _known_columns(self, limits: Limits) -> tuple[Column, ...]:
        found = tuple(self._session.columns(self._place.sql(self._engine)))
        limits.check_columns(len(found), self.label)
        relations.check_names([column.name for column in found], self._engine)
        return found

    def _wanted(self, frame: nw.LazyFrame[Any], names: Collection[str] | None) -> nw.LazyFrame[Any]:
        every = [name for name in frame.collect_schema() if name != ROW]
        ours = [name for name in every if name.startswith(relations.OURS)]
        if names is None:
            return frame.select(*map(content, every))
        known = [name for name in dict.fromkeys(names) if name in every and name not in ours]
        chosen = [*known, *ours] or every[:1]
        return frame.select(*map(content, chosen))

    def _work(self) -> Path:
        if self._folder is None:
            self._cache.mkdir(parents=True, exist_ok=True)
            folder = folder_for_work(self._cache, prefix_of(self.name))
            self._folder = self._stack.enter_context(folder)
            self._finalizer.detach()  # at the end of the program the latest comes first
            self._finalizer = weakref.finalize(self, self._stack.close)
        return self._folder


def open_source(reading: Reading, cache: Path, progress: Progress | None = None) -> DatabaseSource:
    """Connects, and asks for the columns. Raises Invalid, SourceFailed."""
    return DatabaseSource(reading, address_of(reading), cache, progress)


def tables_of(reading: Reading) -> list[str]:
    """The tables and views of a database that may be read. Raises Invalid, SourceFailed."""
    address = address_of(reading)
    session = Session(address, address.shown, reading.limits.seconds)
    try:
        return session.tables()
    finally:
        session.close()


def state_of(reading: Reading) -> Hashable:
    """What the file of the database is at this moment; of a server nobody knows without reading.

    So a preview of a server's table never counts as outdated by its data: the run counts again.
    """
    from core.profiles.sources.conversion import State

    address = address_of(reading)
    place = dbt_state(reading) if is_model(reading) else place_of(reading, address)
    if address.file is None:
        return address.shown, place
    return State.of(_files(address.file)), place


def _files(file: Path) -> tuple[Path, ...]:
    """The file, and the one beside it with what was written last, if there is one."""
    return (file, *sorted(file.parent.glob(f"{escape(file.name)}[-.]wal")))


def place_of(reading: Reading, address: Address) -> Place:
    """What of the database is read. Raises Invalid, Outside, SourceFailed for a model of dbt."""
    options = reading.options or {}
    if is_model(reading):
        return Place(relation_of(reading, address.engine))
    return Place(options.get("table"), options.get("query"))


def address_of(reading: Reading) -> Address:
    """Where the database is. Raises Invalid; Outside for a file that may not be read."""
    if not reading.url:
        said = _("The source “{name}” has no URL. Enter it again.")
        raise Invalid(said.format(name=reading.name), "url")
    address = Address.parse(reading.url)
    return confined.checked(address, reading.fence, reading.servers) if reading.fence else address
