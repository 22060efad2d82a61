"""Files of Arrow (Feather): those with a footer, and streams."""

from pathlib import Path

import polars as pl

from core.profiles.sources import ROW
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.failures import translated
from core.profiles.sources.parquet_file import part_of
from core.profiles.sources.parts import together
from core.texts import _

FILE = b"ARROW1"


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of all files, put together as those of Parquet are. Raises SourceFailed."""
    parts = []
    for place, file in enumerate(task.files):
        task.report(0.6 * place / len(task.files), _("Reading {name}").format(name=file.name))
        plain = task.unpacked(file, f"{place}.arrow")
        target = task.work / f"{place}.parquet"
        with translated(file):
            _scanned(plain).sink_parquet(target)
        parts.append(part_of(target, task.given[place], file))
    rows = together(tuple(parts))
    return rows.frame().drop(ROW), Detected(lacking=rows.lacking)


def _scanned(plain: Path) -> pl.LazyFrame:
    with plain.open("rb") as file:
        has_footer = file.read(len(FILE)) == FILE
    if has_footer:
        return pl.scan_ipc(plain, hive_partitioning=False, glob=False)
    return pl.read_ipc_stream(plain).lazy()
