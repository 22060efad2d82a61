"""A source as a value, and how it is opened."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, cast

from pydantic import ConfigDict, Field, model_validator

from core.configuration.values import NUMBER, Name, Value
from core.errors import Invalid, Outside, Unknown
from core.profiles import freshness, sources
from core.profiles.joined.aggregates import Day
from core.profiles.joined.fields import Join
from core.profiles.joined.files import Making
from core.profiles.joined.source import JoinedSource, Other
from core.profiles.sources import Progress, keys
from core.profiles.sources.dbt import model_source
from core.profiles.sources.dbt.models import Model
from core.profiles.sources.dbt.standing import Standing
from core.profiles.sources.fence import Fence
from core.profiles.sources.limits import Limits
from core.profiles.sources.stores.address import Address, is_address
from core.settings import Settings
from core.texts import _

if TYPE_CHECKING:
    from core.profiles.sources.databases.source import DatabaseSource

OPTIONS = {
    *("encoding", "separator", "decimal", "null_words", "dates", "sheet"),
    *("header", "skip", "comment", "quote"),
}
OF_DATABASE = {"table", "query", "dbt"}
TYPES: dict[str, Any] = {
    "oneOf": [
        {"properties": {"type": {"const": "file"}}, "required": ["path"]},
        {
            "properties": {"type": {"const": "database"}},
            "required": ["type", "url"],
            "oneOf": [{"required": [what]} for what in ("table", "query", "dbt")],
        },
    ]
}
Text = Annotated[str, Field(min_length=1)]


class DbtModel(Value):
    """A model of a dbt project, by the artifacts in its folder `target`, or in the folder itself.

    A version is written as in `scores.v2`, a package as in `package.customers`.
    """

    project: Text
    model: Text


class Source(Value):
    """Files of profiles, or a table, a query or a dbt model of a database.

    How to read files is found by itself as far as it isn't given. In a file `url` is `${NAME}`; it
    is kept encrypted, and never part of what is written of this value.
    """

    model_config = ConfigDict(json_schema_extra=TYPES)

    name: Name
    type: Literal["file", "database"] = "file"
    path: str = Field(default="", json_schema_extra={"minLength": 1})
    url: Text | None = Field(default=None, exclude=True, repr=False)
    table: Text | None = None  # as in schema.name
    query: Text | None = None  # one SELECT
    dbt: DbtModel | None = None  # its table is looked up in the project at each reading
    key: str | None = None  # the column that says who somebody is, whatever their address
    fresh_by: str | None = None  # the column whose newest date says how old the data is
    # other sources, and the fields that are made of them
    joined: Annotated[tuple[Join, ...], Field(min_length=1)] | None = None
    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None
    header: bool | Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    skip: Annotated[int, Field(ge=0), NUMBER] | None = None  # lines at the beginning
    comment: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quote: Annotated[str, Field(max_length=1)] | None = None  # "" for none
    null_words: tuple[str, ...] | None = None  # taken as empty; None: the usual ones
    dates: Literal["dmy", "mdy", "ymd"] | None = None  # the order of day, month and year
    sheet: int | str | None = None  # of workbooks: its name, or its place from 1

    @model_validator(mode="after")
    def _of_its_type(self) -> Self:
        given = {name for name in (*OPTIONS, "path") if getattr(self, name) not in (None, "")}
        if self.type == "file":
            if not self.path:
                raise ValueError("a file needs its `path`")
            if self.in_store:
                _check_address(self.path)
            if self.url or self.table or self.query or self.dbt:
                raise ValueError(
                    "`url`, `table`, `query` and `dbt` are for sources of `type: database`"
                )
        elif given:
            raise ValueError(f"`{min(given)}` is for sources of `type: file`")
        elif sum(map(bool, (self.table, self.query, self.dbt))) != 1:
            raise ValueError("a database needs one of `table`, `query` and `dbt`")
        return self

    @property
    def joins(self) -> tuple[Join, ...]:
        """Its fields from other sources; none where nothing is joined."""
        return self.joined or ()

    @property
    def is_database(self) -> bool:
        """Whether it is a table or query of a database."""
        return self.type == "database"

    @property
    def in_store(self) -> bool:
        """Whether its files are in an object store or on a web server."""
        return not self.is_database and is_address(self.path)

    @property
    def options(self) -> dict[str, Any]:
        """How to read the text, or what of the database, as far as it was given."""
        return self.model_dump(include=OPTIONS | OF_DATABASE, exclude_none=True)

    @property
    def place(self) -> str:
        """Where it is, as it is shown: its path, or the URL without its secrets; "" without one.

        Raises Invalid for a URL that can't be read.
        """
        if not self.is_database:
            return self.path
        from core.profiles.sources.databases import address

        return address.Address.parse(self.url).shown if self.url else ""


def in_order(sources: Iterable[Source]) -> list[Source]:
    """Each after those that are joined to it. Raises Invalid where they are so in a circle."""
    named = {source.name: source for source in sources}
    needs = {
        name: sorted({join.source for join in one.joins} & named.keys())
        for name, one in named.items()
    }
    try:
        return [named[name] for name in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        raise Invalid(circle(error.args[1][::-1])) from error


def circle(names: Sequence[str]) -> str:
    """That sources are joined to each other."""
    text = _(
        "Sources can't be joined in a circle, and these are: {names}. Leave one of them out of "
        "the next."
    )
    return text.format(names=" → ".join(f"“{name}”" for name in names))


def url_key(name: str) -> str:
    """The name of a database's URL among the secrets of a file, where connections have theirs."""
    return f"sources.{name}.url"


class Whole(Source):
    """A source with the sources that are joined to it, by their names: all that is read."""

    tables: Mapping[str, "Table"] = Field(default_factory=dict)


class Table(Value):
    """A source that is joined: itself, its id, and whether it reads the allowed folders only."""

    source: Whole
    id: int | None = None
    confined: bool = True


Whole.model_rebuild()


def whole(spec: Source, tables: Mapping[str, Table]) -> Whole:
    """The source with those that are joined to it."""
    return Whole(**{**dict(spec), "tables": tables})


def open_source(
    spec: Source,
    settings: Settings,
    progress: Progress | None = None,
    *,
    confined: bool,
    day: Day,
) -> sources.Source:
    """The source, converted first if its files changed. Raises SourceFailed, Invalid.

    A confined one reads nothing outside the folders that the settings allow. A database is opened
    by the URL of `spec`, which is Whole where others are joined to it; `day` is what the last days
    of their rows are counted from.
    """
    reading = reading_of(spec, settings, confined)
    own = sources.open_source(reading, settings.cache, progress)
    return _Opening(settings, progress, day).joined(own, spec)


def state_of(spec: Source, settings: Settings, confined: bool) -> Hashable:
    """What the source and those joined to it are at this moment; nothing of them is read.

    Raises SourceFailed, Invalid.
    """
    tables = [_table(spec, join) for join in spec.joins]
    others = (state_of(one.source, settings, one.confined) for one in tables)
    return (sources.state_of(reading_of(spec, settings, confined)), *others)


@dataclass(frozen=True, slots=True)
class _Opening:
    """How the sources that are joined to another are opened."""

    settings: Settings
    progress: Progress | None
    day: Day

    def joined(self, own: sources.Source, spec: Source) -> sources.Source:
        """The source, opened alone, with its fields from others."""
        if not spec.joins:
            return own
        tables = [(join, _table(spec, join)) for join in spec.joins]
        for _join, table in tables:
            _check_joinable(spec, table.source)
        others = [Other(join, self._opened(own, table)) for join, table in tables]
        if spec.is_database:
            return JoinedSource(own, others, self.day)
        limits = reading_of(spec, self.settings, confined=False).limits
        making = Making(spec.name, spec.model_dump_json(), self.settings.cache, limits)
        return making.opened(own, others, self.day, self.progress)

    def _opened(self, own: sources.Source, table: Table) -> sources.Source:
        """Of a database in its state that the first table is read in."""
        if not table.source.is_database:
            return open_source(
                *(table.source, self.settings, self.progress),
                confined=table.confined,
                day=self.day,
            )
        reading = reading_of(table.source, self.settings, table.confined)
        beside = cast("DatabaseSource", own.alone()).beside(reading)
        return self.joined(beside, table.source)


def _check_joinable(spec: Source, other: Source) -> None:
    """Raises Invalid for files and a database: neither can read the other."""
    if spec.is_database is not other.is_database:
        text = _(
            "“{name}” and “{other}” can't be joined, for one is files and the other a database. "
            "Export the table to a Parquet file, or load the files into that database."
        )
        raise Invalid(text.format(name=spec.name, other=other.name), "joined")


def _table(spec: Source, join: Join) -> Table:
    """Raises Unknown for a source that isn't there."""
    tables = spec.tables if isinstance(spec, Whole) else {}
    if join.source not in tables:
        raise Unknown(_("source"), join.source, tables, "joined")
    return tables[join.source]


def tables_of(url: str, settings: Settings, *, confined: bool) -> list[str]:
    """The tables and views of the database at this URL. Raises Invalid, SourceFailed."""
    from core.profiles.sources.databases import source as databases

    spec = Source(name="tables", type="database", url=url, table="tables")
    return databases.tables_of(reading_of(spec, settings, confined))


def is_open_to_all(place: str, settings: Settings) -> bool:
    """Whether the operator named a database for sources made in the browser.

    `place` is as in `Source.place`: its host has to be named, or the folder of its file.
    """
    from core.profiles.sources.databases.address import Address as DatabaseAddress

    address = DatabaseAddress.parse(place)
    if address.file is None:
        return address.host.lower() in settings.allowed_databases
    try:
        Fence(settings.allowed_folders, closed=settings.closed).checked((address.file,))
    except Outside:
        return False
    return True


def model_of(spec: Source, settings: Settings, *, confined: bool) -> Model:
    """The model that a source of dbt is. Raises Unknown, Invalid, SourceFailed."""
    return model_source.model_of(reading_of(spec, settings, confined))


def models_of(spec: Source, settings: Settings, *, confined: bool) -> list[Model]:
    """The models of the project that a source of dbt names. Raises SourceFailed."""
    return model_source.models_of(reading_of(spec, settings, confined))


def standing_of(spec: Source, settings: Settings, *, confined: bool) -> Standing | None:
    """What dbt said last of the model that a source is; None of any other source.

    Raises Unknown, Invalid, SourceFailed.
    """
    if spec.dbt is None:
        return None
    return model_source.standing_of(reading_of(spec, settings, confined))


def check_columns(source: sources.Source, spec: Source) -> None:
    """Raises Unknown, Invalid where a column that it names isn't what it says of it.

    Raises SourceFailed.
    """
    keys.check_key(source, spec.key)
    if spec.fresh_by is not None:
        freshness.check_column(source.schema(), spec.fresh_by)


def reading_of(spec: Source, settings: Settings, confined: bool) -> sources.Reading:
    """The source as it is read."""
    fence = Fence(settings.allowed_folders, closed=settings.closed) if confined else None
    limits = Limits(
        rows=settings.max_rows,
        columns=settings.max_columns,
        cell=settings.max_cell,
        unpacked=settings.max_unpacked,
        copies=settings.max_copies,
        seconds=settings.reading_time,
    )
    if spec.in_store:
        given = spec.name, "store", None, spec.options, fence, limits, spec.path
        return sources.Reading(*given, settings.allowed_stores)
    path = None if spec.is_database else Path(spec.path)
    opened = spec.name, spec.type, path, spec.options, fence, limits, spec.url
    return sources.Reading(*opened, servers=settings.allowed_databases)


def _check_address(path: str) -> None:
    """Raises ValueError for one that nobody could mean, or that has a secret in it."""
    try:
        Address.parse(path)
    except Invalid as error:
        raise ValueError(str(error)) from None
