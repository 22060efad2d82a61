"""Days and moments of files outside the years 1 to 9999: left out and noted, as those of databases.

Files have them where a database wrote `infinity`, and where they are broken; Python knows none.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from core.columns import column
from core.errors import SourceFailed
from core.profiles.sources import ROW
from core.profiles.sources.cell_sizes import KNOWN_FILES, footer_of
from core.profiles.sources.failures import by_arrow
from core.profiles.sources.notes import Note, Noted
from core.texts import _

if TYPE_CHECKING:
    from pyarrow.parquet import ColumnSchema, FileMetaData

TEMPORAL = (pl.Date, pl.Datetime)
UNITS = {"milliseconds": "ms", "microseconds": "us", "nanoseconds": "ns"}


def outside(frame: pl.LazyFrame, doubtful: Collection[str], name: object) -> tuple[Note, ...]:
    """A note for each of these columns that has such cells. Raises polars' errors.

    And SourceFailed for nested ones: of these no cell can be left out. The source is called `name`.
    """
    schema = frame.collect_schema()
    if nested := next((one for one in doubtful if one in schema and schema[one].is_nested()), None):
        text = _(
            "{name}: “{column}” holds nested dates that may lie outside the years 1 to 9999. "
            "Export it with null in their place."
        )
        raise SourceFailed(text.format(name=name, column=nested))
    columns = {one: of for one, of in schema.items() if one in doubtful and of in TEMPORAL}
    return tuple(_notes(frame, columns))


def within(name: str, of: pl.DataType) -> pl.Expr:
    """The column with null for what is outside."""
    return pl.when(~_is_outside(name, of)).then(column(name)).alias(name)


def doubtful_of(files: Iterable[tuple[str, int, int]]) -> frozenset[str]:
    """The columns of Parquet files that may have such cells, as far as their footers show it.

    Files as a `State` has them, for each state of one is looked at once.
    """
    return frozenset().union(*(_doubtful(*file) for file in files))


def _notes(frame: pl.LazyFrame, columns: dict[str, pl.DataType]) -> Iterator[Note]:
    from core.profiles.sources.databases.days import written

    for name, of in columns.items():
        odd = frame.filter(_is_outside(name, of))
        first = odd.select(ROW, column(name).to_physical().alias("n")).head(1).collect()
        if first.height:
            count = odd.select(pl.len()).collect(engine="streaming").item()
            row, number = first.row(0)
            yield Note.of(Noted.odd_value, name, count, row, written(number, _arrow(of)))


def _is_outside(name: str, of: pl.DataType) -> pl.Expr:
    from core.profiles.sources.databases.days import bounds

    low, high = bounds(_arrow(of))
    number = column(name).to_physical()
    return ((number < low) | (number >= high)).fill_null(value=False)


def _arrow(of: pl.DataType) -> Any:
    import pyarrow as pa  # heavy

    return pa.timestamp(of.time_unit) if isinstance(of, pl.Datetime) else pa.date32()


@lru_cache(KNOWN_FILES)
def _doubtful(file: str, _size: int, _written: int) -> frozenset[str]:
    with by_arrow():
        footer = footer_of(Path(file))
        leaves = [(place, footer.schema.column(place)) for place in range(footer.num_columns)]
        return frozenset(
            leaf.name if leaf.path == leaf.name else leaf.path.partition(".")[0]
            for place, leaf in leaves
            if (type := _type(leaf)) is not None and not _is_within(footer, place, type)
        )


def _type(leaf: "ColumnSchema") -> Any:
    """The type in Arrow of a leaf with days or moments, else None."""
    import pyarrow as pa

    said = json.loads(leaf.logical_type.to_json())
    if said["Type"] == "Timestamp":
        return pa.timestamp(UNITS[said["timeUnit"]])
    return pa.date32() if said["Type"] == "Date" else None


def _is_within(footer: "FileMetaData", place: int, type: Any) -> bool:
    """Whether all row groups say that all values of the leaf are."""
    from core.profiles.sources.databases.days import bounds

    low, high = bounds(type)
    for number in range(footer.num_row_groups):
        group = footer.row_group(number).column(place)
        found = group.statistics
        if found is None or not (found.has_min_max or found.null_count == group.num_values):
            return False
        if found.has_min_max and not low <= found.min_raw <= found.max_raw < high:
            return False
    return True
