"""What is kept on the disk for sources, uploads and converted copies, and goes with them."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fnmatch import fnmatch
from glob import has_magic
from pathlib import Path
from shutil import rmtree
from time import time
from uuid import uuid4

from core.profiles.sources.conversion import prefix_of
from core.settings import Settings
from core.store import Store, preferences, sources

DAY = 24 * 3600  # seconds
UPLOAD = re.compile(r"[0-9a-f]{32}-")  # how the names of uploads begin: whose it is, then chance
COPY = re.compile(r"[0-9a-f]{16}-")  # and those of converted copies: their source


def place_for(settings: Settings, owner: int, name: str) -> Path:
    """Where a new upload of the person with this account is kept; nobody can guess the place."""
    return settings.uploads / f"{_mark(owner)}{uuid4().hex[8:]}-{name}"


def is_upload(settings: Settings, path: Path) -> bool:
    """Whether the path is that of an upload."""
    return path.parent == settings.uploads and bool(UPLOAD.match(path.name))


def is_upload_of(settings: Settings, path: Path, owner: int) -> bool:
    """Whether the path is that of an upload of the person with this account."""
    return is_upload(settings, path) and path.name.startswith(_mark(owner))


def used(settings: Settings, owner: int) -> tuple[int, int]:
    """How many uploads of a person there are, those that arrive now included; their bytes."""
    kept = settings.uploads.glob(f"{_mark(owner)}*")
    sizes = [_facts(path)[0] for path in (*kept, *arrivals(settings, owner).glob("*"))]
    return len(sizes), sum(sizes)


def arrivals(settings: Settings, owner: int) -> Path:
    """The folder of a person's uploads that nobody looked at yet."""
    return settings.arrivals / str(owner)


def drop_arrivals(settings: Settings, owner: int) -> None:
    """Removes a person's uploads that nobody looked at."""
    _remove([arrivals(settings, owner)])


def drop(store: Store, path: Path, *names: str) -> None:
    """Removes an upload, and the copies of sources of these names, unless a source needs them.

    For a source that was removed, or was never saved. Other files than uploads stay.
    """
    settings, prefixes = store.settings, {prefix_of(name) for name in names}
    files = [path] if is_upload(settings, path) else []
    copies = (copy for copy in _files(settings.cache) if _prefix(copy) in prefixes)
    _remove(_orphans(store, [*files, *copies]))


def sweep(store: Store) -> None:
    """Removes what no source has named for a while: uploads, arrivals and converted copies.

    It is as long as the retention says.
    """
    settings = store.settings
    with store.begin() as session:
        before = time() - DAY * preferences.retention(session).uploads
    found = [path for path in _files(settings.uploads) if is_upload(settings, path)]
    found += [path for path in _files(settings.cache) if COPY.match(path.name)]
    _remove(_orphans(store, [path for path in found if _facts(path)[1] < before]))
    arrived = [path for path in settings.arrivals.glob("**/*") if path.is_file()]
    _remove(path for path in arrived if _facts(path)[1] < before)


def _orphans(store: Store, files: Iterable[Path]) -> list[Path]:
    """Those of the files that no source needs, as they are saved at this moment."""
    with store.begin() as session:
        rows = sources.everything(session)
    prefixes = {prefix_of(row.name) for row in rows}
    paths = [os.path.realpath(row.path) for row in rows]
    return [
        file
        for file in files
        if _prefix(file) not in prefixes and not any(_means(path, file) for path in paths)
    ]


def _means(path: str, file: Path) -> bool:
    """Whether a source's path may mean the file: it, a folder around it or a glob."""
    real = Path(os.path.realpath(file))
    if has_magic(path):
        return fnmatch(str(real), path.replace("**/", "*"))
    return Path(path) in (real, *real.parents)


def _prefix(file: Path) -> str:
    """How the name of a converted copy begins; of other files nothing that a source has."""
    found = COPY.match(file.name)
    return found.group() if found else ""


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):  # another one has removed it, or the next sweep does
            rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()


def _files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):  # it isn't there yet
        yield from folder.iterdir()


def _facts(file: Path) -> tuple[int, float]:
    """Its bytes, and when it was written; now, if it has vanished."""
    with suppress(OSError):
        found = file.lstat()
        return found.st_size, found.st_mtime
    return 0, time()


def _mark(owner: int) -> str:
    return f"{owner:08x}"
