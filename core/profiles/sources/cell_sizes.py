"""How large the cells of Parquet files are: by their footers, and looked up where these leave it
open. Every other file is converted to Parquet first, so this is the one place for all of them.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from polars.datatypes import DataTypeClass

from core.columns import column, own
from core.profiles.sources.failures import by_arrow, translated
from core.profiles.sources.limits import MEGABYTE, Limits

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

VALUE = 8  # bytes that each value within a list counts, besides those of its text
KNOWN_FILES = 10_000  # whose cells this process looked at
TEXTS = frozenset({"BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"})
ROW = own("row_of_file")


@lru_cache(KNOWN_FILES)
def check_once(facts: tuple[str, int, int], limits: Limits) -> None:
    """As `check_cells`, once for each state of a file: path, size in bytes, time of writing."""
    check_cells(Path(facts[0]), facts[0], limits)


def check_cells(file: Path, name: object, limits: Limits) -> None:
    """Raises SourceFailed where a cell of the Parquet file, called `name`, is too large."""
    with translated(file), by_arrow():
        frame = pl.scan_parquet(file, glob=False, hive_partitioning=False)
        schema = frame.collect_schema()
        paths = _doubtful(file, name, schema, limits)
        sizes = {
            field: size
            for field, of in schema.items()
            if any(_is_in(path, field) for path in paths)
            and (size := size_of(column(field), of)) is not None
        }
        if sizes:
            _look(frame, sizes, name, limits)


def size_of(value: pl.Expr, of: pl.DataType | DataTypeClass) -> pl.Expr | None:
    """The bytes of texts, and of values in lists, in each cell; None where all cells are small."""
    if of in (pl.String, pl.Categorical, pl.Enum):
        return value.cast(pl.String).str.len_bytes()
    if of == pl.Binary:
        return value.bin.size()
    if isinstance(of, pl.List):
        values, inner = value.list.len().cast(pl.Int64) * VALUE, size_of(pl.element(), of.inner)
        return values if inner is None else values + value.list.eval(inner).list.sum()
    if isinstance(of, pl.Array):
        return size_of(value.arr.to_list(), pl.List(of.inner))
    if isinstance(of, pl.Struct):
        fields = ((value.struct.field(one.name), one.dtype) for one in of.fields)
        sizes = [size for field, dtype in fields if (size := size_of(field, dtype)) is not None]
        return pl.sum_horizontal(sizes) if sizes else None
    return None


def _look(frame: pl.LazyFrame, sizes: dict[str, pl.Expr], name: object, limits: Limits) -> None:
    """Measures the cells of these columns, all in one pass."""
    largest = [size.max().alias(str(place)) for place, size in enumerate(sizes.values())]
    found = frame.select(largest).collect(engine="streaming").row(0)
    for (field, size), most in zip(sizes.items(), found, strict=True):
        if limits.is_too_large(most or 0):
            rows = frame.select(size.alias("size")).with_row_index(ROW, 1)
            large = rows.filter(pl.col("size") > limits.cell * MEGABYTE).head(1)
            row, bytes = large.collect(engine="streaming").row(0)
            limits.check_cell(bytes, name, field, row)


def _doubtful(file: Path, name: object, columns: Iterable[str], limits: Limits) -> frozenset[str]:
    """The paths of columns among whose cells may be one that is too large, by the file's footer.

    Raises SourceFailed where one has to be, so that nothing of it is read.
    """
    footer = footer_of(file)
    leaves = [(n, footer.schema.column(n)) for n in range(footer.num_columns)]
    nested = [(n, leaf) for n, leaf in leaves if leaf.max_repetition_level]
    texts = [(n, leaf) for n, leaf in leaves if leaf.physical_type in TEXTS]
    doubtful = {leaf.path for _n, leaf in nested if leaf.physical_type in TEXTS}
    for place in range(footer.num_row_groups):
        group = footer.row_group(place)
        for n, leaf in nested:
            values = group.column(n).num_values * VALUE
            field = max((one for one in columns if _is_in(leaf.path, one)), key=len)
            limits.check_cell(values // max(group.num_rows, 1), name, field)
            doubtful |= {leaf.path} if limits.is_too_large(values) else set()
        if limits.is_too_large(group.total_byte_size):  # of all columns
            sizes = ((leaf.path, group.column(n).total_uncompressed_size) for n, leaf in texts)
            doubtful |= {path for path, size in sizes if limits.is_too_large(size)}
    return frozenset(doubtful)


def _is_in(path: str, field: str) -> bool:
    """Whether a path of the footer, such as “tags.list.element”, may be of that column."""
    return path == field or path.startswith(f"{field}.")


def footer_of(file: Path) -> "FileMetaData":
    """The footer of a Parquet file. Raises pyarrow's errors: see `by_arrow`."""
    from pyarrow.parquet import read_metadata  # heavy

    return read_metadata(file)
