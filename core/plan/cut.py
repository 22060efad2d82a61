"""Cutting profiles into batches that one request may carry, and writing each to its file."""

from pathlib import Path

import polars as pl

from core.layout import Layout
from core.plan.frozen import Batch, batch_path
from core.plan.hashes import METADATA
from core.profiles.sources import ROW

STORED = [ROW, "email", "body", "bytes", "hash", "clear", "person", "segments"]


class Cutter:
    """Takes a part's profiles as they come and writes batches as they fill."""

    def __init__(self, folder: Path, part: int, layout: Layout) -> None:
        self._folder = folder
        self._part = part
        self._layout = layout
        self._open: pl.DataFrame | None = None
        self.batches: list[Batch] = []

    def add(self, profiles: pl.DataFrame) -> None:
        """Profiles that follow the ones before, with the columns STORED."""
        profiles = profiles.select(STORED)
        waiting = profiles if self._open is None else pl.concat([self._open, profiles])
        # With the comma or bracket after each one counted, no batch can grow beyond the limit.
        ends = (waiting["bytes"].cast(pl.UInt64) + 1).cum_sum()
        start = 0
        while (end := self._end(ends, start)) < len(waiting):
            self._write(waiting[start:end])
            start = end
        self._open = waiting[start:]

    def close(self) -> tuple[Batch, ...]:
        """Writes what is left and tells all batches."""
        if self._open is not None and len(self._open):
            self._write(self._open)
        self._open = None
        return tuple(self.batches)

    def _write(self, profiles: pl.DataFrame) -> None:
        batch = Batch(len(self.batches) + 1, len(profiles), request_bytes(profiles))
        path = batch_path(self._folder, self._part, batch.number)
        profiles.write_parquet(path, compression="lz4", statistics=False, metadata=METADATA)
        self.batches.append(batch)

    def _end(self, ends: pl.Series, start: int) -> int:
        """Where the batch that begins at `start` ends, at most at the end of what is there."""
        most = start + self._layout.most_profiles
        if self._layout.most_bytes is None:
            return min(most, len(ends))
        before = ends[start - 1] if start else 0
        fitting = int(ends.search_sorted(before + self._layout.most_bytes, side="right"))
        return min(fitting, most)


def request_bytes(profiles: pl.DataFrame) -> int:
    """Bytes of the bodies with the commas between them."""
    return int(profiles["bytes"].sum()) + max(len(profiles) - 1, 0)
