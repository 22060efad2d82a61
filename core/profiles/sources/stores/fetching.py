"""Files of a store are fetched into the cache, once per version, whole or not at all."""

import os
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from shutil import rmtree
from threading import Event, Lock
from typing import IO

from core.errors import SourceFailed, StorageFailed
from core.profiles.sources import Progress
from core.profiles.sources.conversion import digest, prefix_of
from core.profiles.sources.failures import stored
from core.profiles.sources.limits import MEGABYTE, Limits
from core.profiles.sources.stores import waiting
from core.profiles.sources.stores.objects import Object, Store, state_of_objects
from core.profiles.sources.work import FETCHED, drop_abandoned, folder_for_work, taken
from core.texts import _

AT_ONCE = 4  # files
LONGEST_NAME = 255  # bytes


class Fetching:
    """Fetches files of one source into the cache."""

    def __init__(self, store: Store, source: str, limits: Limits, report: Progress) -> None:
        self._store, self._prefix = store, prefix_of(source)
        self._limits, self._report = limits, report

    def fetched(self, objects: Sequence[Object], cache: Path) -> tuple[Path, ...]:
        """Where each of the files is, in the same order. Raises SourceFailed, StorageFailed."""
        state = state_of_objects(objects)
        name = f"{self._prefix}{digest(state.files, state.tags)}{FETCHED}"
        folder = cache / name
        if not folder.is_dir():
            with stored(cache):
                cache.mkdir(parents=True, exist_ok=True)
                drop_abandoned(cache)
                self._fetch(objects, folder)
                self._clear(folder)
        return tuple(folder / str(n) / _name(one) for n, one in enumerate(objects))

    def _fetch(self, objects: Sequence[Object], folder: Path) -> None:
        looking = _("Looking for the files")
        check = partial(self._store.check_not_logged, objects)
        waiting.done([check], lambda: self._report(0.0, looking), self._limits.seconds)
        others = taken(folder.parent, but_for=f"{self._prefix}*")
        room = self._limits.copies * MEGABYTE - others
        self._limits.check_copies(others + sum(one.size or 0 for one in objects), _first(objects))
        with folder_for_work(folder.parent, self._prefix) as work:
            whole = work / "whole"
            whole.mkdir(mode=0o700)
            _Transfer(self._store, objects, whole, room).run(self._report, self._limits.seconds)
            try:
                os.replace(whole, folder)
            except OSError:  # another process was quicker
                if not folder.is_dir():
                    raise

    def _clear(self, folder: Path) -> None:
        """Removes former versions."""
        for old in folder.parent.glob(f"{self._prefix}*{FETCHED}"):
            if old != folder:
                rmtree(old, ignore_errors=True)


class _Transfer:
    """Files on their way into a folder, some at once."""

    def __init__(self, store: Store, objects: Sequence[Object], folder: Path, room: int) -> None:
        self._store, self._objects, self._folder, self._room = store, objects, folder, room
        self._left = deque(enumerate(objects))
        self._stopped, self._making, self._size = Event(), Lock(), 0

    def run(self, report: Progress, seconds: float) -> None:
        """Until all are there. Raises what `report` raises, SourceFailed, StorageFailed."""
        whole = sum(one.size or 0 for one in self._objects) or 1
        doing = _("Fetching {name}").format(name=self._objects[0].path.name)
        works: list[Callable[[], None]] = [self._some] * min(AT_ONCE, len(self._objects))
        try:
            waiting.done(works, lambda: report(min(1.0, self._size / whole), doing), seconds)
        finally:
            with self._making:  # from now on nothing new appears in the folder, which may go
                self._stopped.set()

    def _some(self) -> None:
        while not self._stopped.is_set():
            try:
                n, one = self._left.popleft()
            except IndexError:
                return
            self._one(one, self._folder / str(n))

    def _one(self, one: Object, folder: Path) -> None:
        target = folder / _name(one)
        with closing(self._store.read(one)) as chunks, self._made(target) as file:
            for chunk in chunks:
                self._write(file, chunk, one)
        if one.written:
            os.utime(target, (one.written.timestamp(), one.written.timestamp()))

    def _made(self, target: Path) -> IO[bytes]:
        with self._making:
            self._check()
            target.parent.mkdir(mode=0o700)
            return target.open("xb")

    def _check(self) -> None:
        if self._stopped.is_set():
            raise SourceFailed(_("Stopped."))

    def _write(self, file: IO[bytes], chunk: bytes, one: Object) -> None:
        self._check()
        self._size += len(chunk)  # may miss some where several write: it is for the progress
        if self._size > self._room:
            raise StorageFailed(_too_large(one, self._room))
        file.write(chunk)


def _name(one: Object) -> str:
    """The file's own name, which tells its format. Raises SourceFailed where no disk takes it."""
    name = one.path.name or "profiles"
    if len(name.encode()) > LONGEST_NAME:
        text = _("The name of {path} is too long for a file. Give it a shorter one.")
        raise SourceFailed(text.format(path=one.address.shown))
    return name


def _first(objects: Sequence[Object]) -> str:
    return objects[0].address.shown


def _too_large(one: Object, room: int) -> str:
    text = _(
        "{path} has more than the {n} MB that are left for copies of sources. Leave out what isn't "
        "needed, or allow more with SEGFERRY_MAX_COPIES."
    )
    return text.format(path=one.address.shown, n=f"{max(0, room) // MEGABYTE:,}")
