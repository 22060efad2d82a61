"""Rows of a source for what only polars can do: all of a file, of a database some."""

from collections.abc import Collection
from typing import Any

import narwhals as nw

from core.profiles.sources import POLARS, Schema, Source, engine_of

MOST = 100_000  # rows of a database


def sampled(
    source: Source, names: Collection[str] | None = None, scan: nw.LazyFrame[Any] | None = None
) -> tuple[nw.LazyFrame[Any], Schema]:
    """The rows and their schema, as polars compares them; of a database the first that it gives.

    Only the columns `names` travel, and ours. `scan` are its rows with such. Raises SourceFailed.
    """
    schema = source.schema()
    every = source.scan() if scan is None else scan
    if engine_of(schema) == POLARS:
        return every, schema
    return nw.from_native(source.fetched(every.head(MOST), names)), dict(schema)
