"""Folders in which conversions work: locked by their process, so that what it leaves is known."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import time

WORK = ".work"
FETCHED = ".fetched"  # how the names of folders with files of stores end
MADE = ".fields"  # how the names of files with fields of other tables end
ABANDONED = 24 * 3600  # seconds after which a folder is taken for a killed process's in any case


@contextmanager
def folder_for_work(cache: Path, prefix: str) -> Iterator[Path]:
    """A folder of this process's own in the cache, its name beginning so; it is removed."""
    with TemporaryDirectory(prefix=prefix, suffix=WORK, dir=cache) as folder:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with suppress(OSError):  # some network file systems lock no folders
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Path(folder)
        finally:
            os.close(descriptor)


def taken(cache: Path, but_for: str) -> int:
    """The bytes of all copies in the cache, but for those whose names fit the pattern."""
    copies = [one for end in (".parquet", FETCHED, MADE) for one in cache.glob(f"*{end}")]
    sizes = 0
    for copy in copies:
        if not fnmatch(copy.name, but_for):
            files = copy.glob("*/*") if copy.is_dir() else [copy]
            sizes += sum(_size(file) for file in files)
    return sizes


def drop_abandoned(cache: Path) -> None:
    """Removes the folders in the cache that killed processes left."""
    for folder in cache.glob(f"*{WORK}"):
        with suppress(OSError):
            if _is_unlocked(folder) or folder.stat().st_mtime < time() - ABANDONED:
                rmtree(folder)


def _size(file: Path) -> int:
    with suppress(OSError):  # another process has removed it
        return file.stat().st_size
    return 0


def _is_unlocked(folder: Path) -> bool:
    """Whether no process works in it; an empty one may be locked in a moment."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return any(folder.iterdir())
    except OSError:
        return False
    finally:
        os.close(descriptor)
