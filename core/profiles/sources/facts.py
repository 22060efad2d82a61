"""What a page shows of a source: how many rows, which columns, a sample, how it was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import narwhals as nw
import polars as pl

from core.profiles.sources import ROW, Kind, Source, translated
from core.profiles.sources.conversion import Detected
from core.profiles.sources.files import FileSource


@dataclass(frozen=True, slots=True)
class Facts:
    """The source at a glance; what is said of files is None or 0 where there are none.

    `as_text` are the columns of a database whose type has no kind here, with that type.
    """

    rows: int
    columns: Mapping[str, Kind]
    sample: pl.DataFrame  # the first rows, without ROW
    files: int = 0
    size: int | None = None  # bytes of the original files together
    written: datetime | None = None  # when the latest of them was written, UTC
    versions: tuple[str, ...] = ()  # the ETag of each, of those in a store
    detected: Detected | None = None  # of text files
    as_text: Mapping[str, str] = field(default_factory=dict)


def facts(source: Source, sample: int = 5) -> Facts:
    """Counts the rows and fetches the first `sample` of them. Raises SourceFailed."""
    with translated(source):
        frame = source.scan()
        rows = source.small(frame.select(nw.len())).item()
        first = source.fetched(frame.head(sample)).collect().drop(ROW)
    found, own = Facts(int(rows), source.schema(), first), source.alone()
    if isinstance(own, FileSource):
        return _of_files(found, own)
    return replace(found, as_text=_as_text(own))


def _as_text(source: Source) -> dict[str, str]:
    from core.profiles.sources.databases.source import DatabaseSource  # heavy

    if not isinstance(source, DatabaseSource):
        return {}
    return {column.name: column.type for column in source.columns if column.foreign}


def _of_files(found: Facts, source: FileSource) -> Facts:
    return Facts(
        found.rows,
        found.columns,
        found.sample,
        files=len(source.files),
        size=sum(size for _path, size, _mtime in source.state.files),
        written=source.written(),
        versions=tuple(tag.removeprefix("W/").strip('"') for tag in source.state.tags),
        detected=source.detected,
    )
