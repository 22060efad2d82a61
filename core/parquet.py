"""Parquet files that are replaced at once, and read as of one moment."""

from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path

import polars as pl

from core.files import replacing, storing


def replace_parquet(path: Path, frame: pl.DataFrame, metadata: Mapping[str, str]) -> None:
    """Replaces a Parquet file at once; makes its folder. Raises StorageFailed."""
    with storing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            frame.write_parquet(file, compression="zstd", statistics=False, metadata=dict(metadata))


def read_parquet(
    path: Path, columns: Collection[str] | None = None
) -> tuple[pl.DataFrame, Mapping[str, str]]:
    """A Parquet file that may be replaced meanwhile, and its metadata, both as of one moment.

    Polars opens a path several times, and would take what it reads for parts of one file. Raises
    OSError.
    """
    content = BytesIO(path.read_bytes())
    metadata = pl.read_parquet_metadata(content)
    content.seek(0)
    return pl.read_parquet(content, columns=list(columns) if columns else None), metadata
