"""Files and folders that are replaced at once, and what a disk refuses, as a sentence."""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from errno import EACCES, EDQUOT, EFBIG, EIO, ENOSPC, EROFS
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from core.errors import SegferryError, StorageFailed, StorageUnavailable
from core.texts import _

FULL_DISK = (ENOSPC, EDQUOT)
BROKEN_DISK = (ENOSPC, EDQUOT, EFBIG, EROFS, EACCES, EIO)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of `path` once all of it is on the disk, else vanishes.

    Whoever reads meanwhile sees the old file or the new one, never a part. Only the owner may read
    it. Its folder must exist. Raises OSError.
    """
    with NamedTemporaryFile(
        dir=path.parent, prefix=f"{path.name}.", suffix=".part", delete=False
    ) as draft:
        try:
            yield draft
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
            _sync_folder(path.parent)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill that takes the place of `folder` once all of it is done, else vanishes.

    Raises StorageFailed.
    """
    draft = _draft(folder)
    with storing(folder):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        try:
            yield draft
            shutil.rmtree(folder, ignore_errors=True)
            draft.replace(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def discard_draft(folder: Path) -> None:
    """Removes what a process that was killed left of filling such a folder."""
    shutil.rmtree(_draft(folder), ignore_errors=True)


def _draft(folder: Path) -> Path:
    return folder.with_name(folder.name + ".part")


def replace_text(path: Path, content: str) -> None:
    """Replaces a file of text at once. Raises StorageFailed."""
    with storing(path.parent), replacing(path) as file:
        file.write(content.encode())


def _sync_folder(folder: Path) -> None:
    """A new name in a folder outlives a loss of power only when the folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Turns what the disk refuses into StorageFailed."""
    try:
        yield
    except SegferryError:
        raise
    except Exception as error:
        if not isinstance(error, OSError) and not refused_by_disk(error):
            raise
        text = _(
            "The run's files in {folder} can't be written or read: {why}. Free space there "
            "or check its permissions, then retry."
        )
        if isinstance(error, FileNotFoundError):
            text = _(
                "The run's files in {folder} are missing, so it can't continue: {why}. Run "
                "the export again."
            )
        kind = StorageUnavailable if is_one_of(error, FULL_DISK) else StorageFailed
        raise kind(text.format(folder=folder, why=error)) from error


def require_free(folder: Path, megabytes: int) -> None:
    """Raises StorageUnavailable where the disk of the folder has less than that left."""
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise StorageUnavailable(
            _(
                "Only {free} MB are free on the disk of the data folder {folder}, and runs leave "
                "{least} MB free (SEGFERRY_LEAST_FREE). Free space there."
            ).format(free=f"{free:,}", folder=folder, least=f"{megabytes:,}")
        )


def refused_by_disk(error: Exception) -> bool:
    """Whether an error, also one that polars passes on as text, is about writing to the disk."""
    return is_one_of(error, BROKEN_DISK)


def is_one_of(error: BaseException, numbers: Collection[int]) -> bool:
    """Whether it is one of these errors of the system (errno), which polars passes on in words."""
    number = getattr(error, "errno", None)
    return number in numbers or any(f"(os error {n})" in str(error) for n in numbers)
