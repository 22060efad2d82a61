"""Finds people who were erased, in files of the data folder and in address lists.

A backup that is put back has them.

Who they are, nobody knows any more; their keyed hashes tell. A file is looked at once it was
written or put back, by the time of its inode, which a restored file doesn't take from its backup.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from core.audience import erased, suppressed
from core.profiles.matching.emails import WHITE_SPACE
from core.settings import Settings
from core.store import Store, addresses, erasures
from core.texts import _, many

EMAIL = "email"
AT_ONCE = 1_000_000  # addresses


@dataclass(frozen=True, slots=True)
class Returned:
    """What has people again who were erased: files, relative to the data folder, address lists."""

    files: tuple[Path, ...] = ()
    lists: tuple[str, ...] = ()  # their names
    emails: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def places(self) -> tuple[str, ...]:
        """All of them, as they are called."""
        text = _("address list “{name}”")
        return (*map(str, self.files), *(text.format(name=name) for name in self.lists))

    @property
    def sentence(self) -> str:
        """What was found, and what to do."""
        return many(
            "Somebody who was erased is in {n} place again, as of a backup that was put back: "
            "{places}. Erase them again: segferry doctor --erase-again",
            "People who were erased are in {n} places again, as of a backup that was put back: "
            "{places}. Erase them again: segferry doctor --erase-again",
            len(self.places),
            places=", ".join([*self.places[:3], *(["…"] if self.places[3:] else [])]),
        )


def find(store: Store, since: datetime | None = None) -> Returned:
    """Looks in ledgers, journals, files of runs and kept answers written since then, or in all.

    And in address lists.
    Nothing is read where nobody was erased, or an erasure isn't finished. Raises StorageFailed.
    """
    with store.begin() as session:
        gone = erasures.erased(session)
        if not gone or erasures.unfinished(session):
            return Returned()
    files: set[Path] = set()
    emails: set[str] = set()
    for some in _together(_written(_places(store.settings), since)):
        theirs = some.filter(pl.col(EMAIL).is_in(erased.among(store, some[EMAIL]).implode()))
        files |= {Path(file) for file in theirs["file"]}
        emails |= set(theirs[EMAIL])
    listed = addresses.having(store, gone)
    emails.update(*listed.values())
    folder = store.settings.files
    relative = tuple(sorted(file.relative_to(folder) for file in files))
    return Returned(relative, tuple(sorted(listed)), frozenset(emails))


def _places(settings: Settings) -> Iterator[Path]:
    for folder in (settings.ledgers, settings.runs, settings.files / suppressed.FOLDER):
        yield from folder.rglob("*.parquet")


def _written(files: Iterable[Path], since: datetime | None) -> Iterator[Path]:
    for file in files:
        try:
            if since is None or file.stat().st_ctime >= since.timestamp():
                yield file
        except FileNotFoundError:  # it has just been replaced
            continue


def _together(files: Iterable[Path]) -> Iterator[pl.DataFrame]:
    """file and email of some files at a time."""
    frames: list[pl.DataFrame] = []
    for file in files:
        frames.append(_addresses(file))
        if sum(frame.height for frame in frames) >= AT_ONCE:
            yield pl.concat(frames)
            frames = []
    if frames:
        yield pl.concat(frames)


def _addresses(file: Path) -> pl.DataFrame:
    """None of a file that names nobody, or can't be read."""
    nobody = pl.DataFrame(schema={"file": pl.String, EMAIL: pl.String})
    try:
        if pl.read_parquet_schema(file).get(EMAIL) != pl.String:
            return nobody
        found = pl.read_parquet(file, columns=[EMAIL])
    except (OSError, PolarsError):
        return nobody
    email = pl.col(EMAIL).str.strip_chars(WHITE_SPACE).str.to_lowercase()
    return found.select(pl.lit(str(file)).alias("file"), email).drop_nulls()
