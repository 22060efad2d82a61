"""One Parquet file: its columns, and what polars has to be told of it to read them right."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from core.errors import SourceFailed
from core.profiles.sources import ROW
from core.profiles.sources.failures import by_arrow, translated
from core.profiles.sources.places import Given
from core.texts import _

Columns = Mapping[str, pl.DataType]
# Types that polars knows no form for: it refuses a whole file because of them.
UNKNOWN = re.compile(r" \((Variant|Geometry|Geography)\(")
COLUMN = re.compile(r"  \w+ \w+ field_id=-?\d+ (.+?)(?: \(\w+(?:\(.*\))?\))?(?:;| \{)")
GIVEN = {str: pl.String(), int: pl.Int64(), date: pl.Date(), type(None): pl.Null()}


@dataclass(frozen=True, slots=True)
class Part:
    """A file, its own columns, which of them are UUIDs, and those that its folders' names give."""

    file: Path
    origin: Path  # what messages call it
    own: Columns
    uuids: frozenset[str]
    given: Given

    @property
    def columns(self) -> Columns:
        """All its columns as they are read: UUIDs are text."""
        given = {name: GIVEN[type(value)] for name, value in self.given.items()}
        return {**self.own, **dict.fromkeys(self.uuids, pl.String()), **given}

    @property
    def alike(self) -> tuple[object, ...]:
        """What files have to share to be scanned together."""
        return tuple(self.own.items()), self.uuids, tuple(self.given.items())


def part_of(file: Path, given: Given, origin: Path | None = None) -> Part:
    """The file, which stands for another one if that is given, with its columns.

    Raises SourceFailed when it can't be read.
    """
    origin = origin or file
    with translated(origin):
        own = dict(pl.scan_parquet(file, glob=False).collect_schema())
    if ROW in own:
        raise SourceFailed(
            _("{path} has a column named {column}, which is reserved for the row's number.").format(
                path=origin, column=ROW
            )
        )
    more = {name: value for name, value in given.items() if name not in own}
    if not any(of in (pl.Binary, pl.Datetime("ns")) for of in own.values()):
        return Part(file, origin, own, frozenset(), more)
    uuids, int96 = _stored(file)
    # As nanoseconds such moments would end in 2262: later ones are wrong, not refused.
    own |= {name: pl.Datetime("us") for name in int96 if own.get(name) == pl.Datetime("ns")}
    return Part(file, origin, own, uuids & own.keys(), more)


def unknown_columns(file: Path) -> Mapping[str, str]:
    """The columns because of which polars can't read the file, and their types' names.

    Empty where it can be read, or can't be for another reason. Raises SourceFailed.
    """
    try:
        with translated(file):
            pl.scan_parquet(file, glob=False).collect_schema()
    except SourceFailed:
        return dict(_unknown(_described(file)))
    return {}


def _unknown(schema: str) -> Iterator[tuple[str, str]]:
    """Each column that is of such a type, or holds one; two spaces before it, more within it."""
    name = ""
    for line in schema.splitlines():
        if column := COLUMN.match(line):
            name = column.group(1)
        if of := UNKNOWN.search(line):
            yield name, of.group(1)


def _stored(file: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The columns that are stored as UUID, and as the moments of 96 bits of older writers."""
    from pyarrow.parquet import read_metadata  # heavy: only for files with such columns

    with translated(file), by_arrow():
        schema = read_metadata(file).schema
        columns = [schema.column(place) for place in range(len(schema))]
        uuids = (column.path for column in columns if column.logical_type.type == "UUID")
        int96 = (column.path for column in columns if column.physical_type == "INT96")
        return frozenset(uuids), frozenset(int96)


def _described(file: Path) -> str:
    from pyarrow.parquet import read_metadata

    with suppress(OSError), by_arrow():
        return str(read_metadata(file).schema)
    return ""
