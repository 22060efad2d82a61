"""Delta tables, read by their log: only the files that count, without the rows deleted in them."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.errors import SourceFailed
from core.profiles.sources import ROW
from core.profiles.sources.failures import sentence, translated
from core.profiles.sources.fence import Fence
from core.profiles.sources.logged import DELTA
from core.profiles.sources.trail import Trail
from core.texts import _


@dataclass(frozen=True, slots=True)
class DeltaTable:
    """A table as it is in one version."""

    files: tuple[Path, ...]  # that count in this version
    rows: pl.LazyFrame

    def frame(self) -> pl.LazyFrame:
        """All rows with their number in ROW."""
        return self.rows.with_row_index(ROW, 1)


def open_table(folder: Path, fence: Fence | None) -> DeltaTable:
    """The present version of a table. Raises Outside, SourceFailed."""
    try:
        import deltalake  # heavy, and an extra
    except ImportError as error:
        text = _(
            "{path} is a Delta table, which this installation can't read. Install "
            "segferry[delta], or export the table to Parquet."
        )
        raise SourceFailed(text.format(path=folder)) from error
    real = fence.checked([folder])[0] if fence else folder
    log = (real / DELTA, *log_of(real))  # with its folder: no file may come and go meanwhile
    _check_no_links(folder, log, fence)
    try:
        with Trail.of(log, fence).kept(), translated(folder):
            table = deltalake.DeltaTable(real)
            files = tuple(Path(uri) for uri in table.file_uris())
            rows = pl.scan_delta(table)
            rows.collect_schema()
    except (deltalake.exceptions.DeltaError, OSError) as error:
        raise SourceFailed(sentence(error, str(folder))) from error
    _check_no_links(folder, files, fence)
    return DeltaTable(files, rows)


def _check_no_links(folder: Path, files: tuple[Path, ...], fence: Fence | None) -> None:
    """Raises Outside, SourceFailed: what lies beside the log may not be elsewhere."""
    if fence and fence.checked(files) != files:
        text = _("{path} is a Delta table with links in it. Replace the links with the files.")
        raise SourceFailed(text.format(path=folder))


def log_of(folder: Path) -> tuple[Path, ...]:
    """The files of its log: they are others as soon as the table is."""
    return tuple(sorted(file for file in (folder / DELTA).iterdir() if file.is_file()))
