"""A source as a value, and how it is opened."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from core.configuration.values import NUMBER, Name, Value
from core.errors import Invalid
from core.profiles import freshness, sources
from core.profiles.sources import Progress, keys
from core.profiles.sources.fence import Fence
from core.profiles.sources.limits import Limits
from core.profiles.sources.stores.address import Address, is_address
from core.settings import Settings

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


def url_key(name: str) -> str:
    """The name of a database's URL among the secrets of a file, where connections have theirs."""
    return f"sources.{name}.url"


def open_source(
    spec: Source,
    settings: Settings,
    progress: Progress | None = None,
    *,
    confined: bool,
) -> sources.Source:
    """The source, converted first if its files changed. Raises SourceFailed, Invalid.

    A confined one reads nothing outside the folders that the settings allow. A database is opened
    by the URL of `spec`.
    """
    return sources.open_source(reading_of(spec, settings, confined), settings.cache, progress)


def tables_of(url: str, settings: Settings, *, confined: bool) -> list[str]:
    """The tables and views of the database at this URL. Raises Invalid, SourceFailed."""
    from core.profiles.sources.databases import source as databases

    spec = Source(name="tables", type="database", url=url, table="tables")
    return databases.tables_of(reading_of(spec, settings, confined))


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
