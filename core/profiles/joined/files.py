"""Fields that are made from other files: computed once a change, and kept beside the copies.

What is kept is a column for each field, in the order of the profiles. So every further look at the
source reads them as if they were columns of its own.
"""

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any

import narwhals as nw
import polars as pl

from core.profiles.joined.aggregates import Day
from core.profiles.joined.source import JoinedSource, Other, chosen
from core.profiles.sources import Progress, Source, silent, translated
from core.profiles.sources.conversion import digest, prefix_of
from core.profiles.sources.failures import stored
from core.profiles.sources.limits import Limits
from core.profiles.sources.work import MADE, drop_abandoned, folder_for_work, taken
from core.texts import _

VERSION = 1  # raise it whenever the same files would give other values
UNUSED = 3600.0  # seconds after which what was made of former files is removed


class JoinedFiles(JoinedSource):
    """Files as a source, and the file with the fields that were made of others."""

    def __init__(self, base: Source, others: Sequence[Other], day: Day, made: Path) -> None:
        """Raises Unknown, Invalid where the fields can't be made of what the files hold."""
        super().__init__(base, others, day)
        self.made = made

    def scan(self, written: Collection[str] = ()) -> nw.LazyFrame[Any]:
        """All rows, lazily, with their number in ROW, and all fields. Raises SourceFailed."""
        frame: pl.LazyFrame = self.base.scan(written).to_native()
        return nw.from_native(pl.concat([frame, pl.scan_parquet(self.made)], how="horizontal"))


@dataclass(frozen=True, slots=True)
class Making:
    """The fields of one source, and where they are made.

    `said` is all that the configuration says of the source and of those that are joined.
    """

    name: str  # of the source
    said: str
    cache: Path
    limits: Limits

    def opened(
        self, base: Source, others: Sequence[Other], day: Day, progress: Progress | None = None
    ) -> JoinedFiles:
        """The source with its fields, made now unless they are there.

        Raises Unknown, Invalid, SourceFailed, StorageFailed.
        """
        source = JoinedSource(base, others, day)
        outcome = digest(VERSION, self.said, repr(day), *map(_state, source.tables))
        target = self.cache / f"{prefix_of(self.name)}{outcome}{MADE}"
        with stored(self.cache):
            if target.exists():
                target.touch()
            else:
                (progress or silent)(0.9, _("Joining the tables"))
                self._make(source, target)
        return JoinedFiles(base, others, day, target)

    def _make(self, source: JoinedSource, target: Path) -> None:
        """Into a folder of its own first, so that no other process meets half a file."""
        prefix = prefix_of(self.name)
        self.cache.mkdir(parents=True, exist_ok=True)
        with folder_for_work(self.cache, prefix) as work:
            made = work / "made"
            fields: pl.LazyFrame = chosen(source.scan(), source.others).to_native()
            with translated(source):
                fields.sink_parquet(made)
            size = made.stat().st_size + taken(self.cache, but_for=f"{prefix}*{MADE}")
            self.limits.check_copies(size, source.label)
            os.replace(made, target)
        _clear(target, prefix, max(UNUSED, 2 * self.limits.seconds))


def _state(source: Source) -> str:
    """What its files were when they were opened; of one with fields, also what those are."""
    if isinstance(source, JoinedFiles):
        return source.made.name
    return repr(getattr(source, "state", None))


def _clear(target: Path, prefix: str, seconds: float) -> None:
    """Removes what was made of former files, once nobody can be reading it any more."""
    drop_abandoned(target.parent)
    for old in target.parent.glob(f"{prefix}*{MADE}"):
        with suppress(OSError):
            if old != target and old.stat().st_mtime < time() - seconds:
                old.unlink()
