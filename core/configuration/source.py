"""A source as a value, and how it is opened."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from core.configuration.values import Name, Value
from core.profiles import freshness, sources
from core.profiles.sources import Progress, keys
from core.profiles.sources.fence import Fence
from core.profiles.sources.limits import Limits
from core.settings import Settings

OPTIONS = {
    *("encoding", "separator", "decimal", "null_words", "dates", "sheet"),
    *("header", "skip", "comment", "quote"),
}


class Source(Value):
    """Files of profiles; how to read them is found by itself as far as it isn't given."""

    name: Name
    type: Literal["file"] = "file"
    path: str = Field(min_length=1)
    key: str | None = None  # the column that says who somebody is, whatever their address
    fresh_by: str | None = None  # the column whose newest date says how old the data is
    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None
    header: bool | Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    skip: Annotated[int, Field(ge=0)] | None = None  # lines at the beginning
    comment: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quote: Annotated[str, Field(max_length=1)] | None = None  # "" for none
    null_words: tuple[str, ...] | None = None  # taken as empty; None: the usual ones
    dates: Literal["dmy", "mdy", "ymd"] | None = None  # the order of day, month and year
    sheet: int | str | None = None  # of workbooks: its name, or its place from 1

    @property
    def options(self) -> dict[str, Any]:
        """How to read the text, as far as it was given."""
        return self.model_dump(include=OPTIONS, exclude_none=True)


def open_source(
    spec: Source,
    settings: Settings,
    progress: Progress | None = None,
    *,
    confined: bool,
) -> sources.Source:
    """The source, converted first if its files changed. Raises SourceFailed.

    A confined one reads nothing outside the folders that the settings allow.
    """
    return sources.open_source(_reading(spec, settings, confined), settings.cache, progress)


def check_columns(source: sources.Source, spec: Source) -> None:
    """Raises Unknown, Invalid where a column that it names isn't what it says of it.

    Raises SourceFailed.
    """
    keys.check_key(source, spec.key)
    if spec.fresh_by is not None:
        freshness.check_column(source.schema(), spec.fresh_by)


def _reading(spec: Source, settings: Settings, confined: bool) -> sources.Reading:
    fence = Fence(settings.allowed_folders, closed=settings.closed) if confined else None
    limits = Limits(
        rows=settings.max_rows,
        columns=settings.max_columns,
        cell=settings.max_cell,
        unpacked=settings.max_unpacked,
        copies=settings.max_copies,
    )
    return sources.Reading(spec.name, spec.type, Path(spec.path), spec.options, fence, limits)
