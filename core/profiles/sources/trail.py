"""Whether what was read is what the fence checked: files are opened by name, and names move.

Whoever may write to a folder of sources can put a link in a file's place while it is opened, and
the file back afterwards. That leaves marks: the file is another one, or the system notes a change
of it, which no program can set back.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISLNK
from typing import Self

from core.errors import SourceFailed
from core.profiles.sources.failures import sentence
from core.profiles.sources.fence import Fence
from core.texts import _

TICK = 20_000_000  # ns in which two changes of a file may get the same time


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells a file or folder, links not followed, from another and from its later self."""

    device: int
    inode: int
    changed: int  # ns; when it was written, renamed or linked last

    @classmethod
    def of(cls, path: Path) -> Self:
        """As it is now. Raises SourceFailed where it is missing, or a link stands in its place."""
        try:
            found = path.lstat()
        except OSError as error:
            raise SourceFailed(sentence(error, str(path))) from error
        if S_ISLNK(found.st_mode):
            raise SourceFailed(_replaced(path))
        return cls(found.st_dev, found.st_ino, found.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Trail:
    """Files inside a fence, and the folders on the way to them from the one that it allows."""

    fence: Fence | None  # without one nothing is checked
    files: tuple[Path, ...]
    marks: Mapping[Path, Mark]

    @classmethod
    def of(cls, files: Sequence[Path], fence: Fence | None) -> Self:
        """As they are now, where they really are, before any is opened. Raises SourceFailed."""
        if fence is None:
            return cls(None, tuple(files), {})
        roots = fence.roots()
        paths = dict.fromkeys(part for file in files for part in _way(file, roots))
        marks = {path: Mark.of(path) for path in paths}
        _outlast(max((mark.changed for mark in marks.values()), default=0))
        return cls(fence, tuple(files), marks)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Checks after what reads the files, also where it fails: its error may cite from them."""
        try:
            yield
        except Exception:
            self.check()
            raise
        self.check()

    def check(self) -> None:
        """Raises Outside or SourceFailed unless all of them are what they were."""
        if self.fence is None:
            return
        try:
            self._check_marks()
        except SourceFailed:
            self.fence.checked(self.files)  # where a link leads outside now, this is the reason
            raise

    def _check_marks(self) -> None:
        now = {path: Mark.of(path) for path in self.marks}
        for path, mark in self.marks.items():
            if now[path] != mark and self._was_moved(path, now):
                raise SourceFailed(_replaced(path))

    def _was_moved(self, path: Path, now: Mapping[Path, Mark]) -> bool:
        """Whether something else may have stood in its place meanwhile.

        A folder also changes when files are added to it; moved away, it changes the one around it,
        too. The folder that the fence allows is moved by nobody who may write only in it.
        """
        old, new, around = self.marks[path], now[path], path.parent
        if (old.device, old.inode) != (new.device, new.inode) or path in self.files:
            return True
        return around in self.marks and now[around] != self.marks[around]


def _way(file: Path, roots: Collection[Path]) -> Iterator[Path]:
    """The file, and the folders around it up to the nearest of the roots."""
    yield file
    for folder in file.parents:
        yield folder
        if folder in roots:
            return


def _outlast(changed: int) -> None:
    """Waits until a change from now on gets another time than the last one, mostly not at all."""
    left = changed + TICK - time.time_ns()
    if left > 0:
        time.sleep(min(left, TICK) / 1e9)


def _replaced(path: Path) -> str:
    return _(
        "{path} was replaced while it was being read, so it is not used. Try again once "
        "nobody is changing it."
    ).format(path=path)
