"""Parquet files that can't be scanned as they are, written again without what stands in the way."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from core.profiles.sources import ROW
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.failures import by_arrow, translated
from core.profiles.sources.parquet_file import part_of, unknown_columns
from core.profiles.sources.parts import together
from core.texts import _

BATCH = 65_536  # rows


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of all files, and which columns were left out. Raises SourceFailed."""
    left_out: dict[str, str] = {}
    parts = []
    for place, file in enumerate(task.files):
        task.report(0.6 * place / len(task.files), _("Reading {name}").format(name=file.name))
        plain = task.unpacked(file, f"{place}.unpacked.parquet")
        if unknown := unknown_columns(plain):
            plain = _without(plain, unknown, task.work / f"{place}.parquet")
        left_out |= unknown
        parts.append(part_of(plain, task.given[place], file))
    rows = together(tuple(parts))
    return rows.frame().drop(ROW), Detected(left_out=left_out, lacking=rows.lacking)


def _without(file: Path, columns: Mapping[str, str], target: Path) -> Path:
    """A copy of the file without these columns."""
    from pyarrow.parquet import ParquetFile, ParquetWriter  # heavy: only for such files

    with translated(file), by_arrow(), ParquetFile(file) as source:
        names = [name for name in source.schema_arrow.names if name not in columns]
        schema = source.schema_arrow.empty_table().select(names).schema
        with ParquetWriter(target, schema) as out:
            for batch in source.iter_batches(BATCH, columns=names):
                out.write_batch(batch)
    return target
