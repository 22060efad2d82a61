"""Parquet files that are replaced at once, and what a disk refuses, as a sentence."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import EACCES, EDQUOT, EFBIG, EIO, ENOSPC, EROFS
from pathlib import Path

import polars as pl
from polars.exceptions import ComputeError

from core.errors import StorageFailed
from core.texts import _

BROKEN_DISK = (ENOSPC, EDQUOT, EFBIG, EROFS, EACCES, EIO)


def replace_parquet(path: Path, frame: pl.DataFrame, metadata: Mapping[str, str]) -> None:
    """Replaces a file at once, so that it is never half written. Raises StorageFailed."""
    with storing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.part")
        with draft.open("wb") as file:
            frame.write_parquet(file, compression="zstd", statistics=False, metadata=dict(metadata))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Turns what the disk refuses into StorageFailed."""
    try:
        yield
    except (OSError, ComputeError) as error:
        if isinstance(error, ComputeError) and not refused_by_disk(error):
            raise
        text = _(
            "The run's files in {folder} can't be written or read: {why}. Free space there, "
            "or see to its permissions, then retry."
        )
        if isinstance(error, FileNotFoundError):
            text = _(
                "The run's files in {folder} are gone, so it can't go on: {why}. Run the export "
                "anew."
            )
        raise StorageFailed(text.format(folder=folder, why=error)) from error


def refused_by_disk(error: Exception) -> bool:
    """Whether an error, also one that polars passes on as text, is about writing to the disk."""
    number = getattr(error, "errno", None)
    return number in BROKEN_DISK or any(f"(os error {n})" in str(error) for n in BROKEN_DISK)
