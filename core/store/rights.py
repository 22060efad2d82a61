"""Keeps the data folder closed to other users of the machine: files 0600, folders 0700."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

from core.settings import Settings

BACKUPS = "backups"  # a folder that a restore leaves as it is
BROKEN_OFF = "broken-off.part"  # what a restore has not finished replacing
OTHERS = 0o077  # the rights of the group and of everybody
# What is in the data folder by Segferry. It may lie in a folder with other things of its owner.
OURS = (
    *("*.sqlite*", "*.lock", "secret.key*", "secrets.toml", "installation"),
    *("runs", "sources", "uploads", "arrivals", "ledger", "suppressed", "demo", "sandbox"),
    BACKUPS,
)


def keep_private(settings: Settings) -> None:
    """Makes the data folder, closes it, and lets this process write for its owner only.

    Whatever the umask it was started with. Raises OSError when the folder can't be made.
    """
    os.umask(os.umask(OTHERS) | OTHERS)
    for folder in settings.folders:
        folder.mkdir(parents=True, exist_ok=True)
        _close(folder.resolve())


def mend(settings: Settings) -> tuple[int, list[Path]]:
    """Closes whatever others may read or change: how many that was, and what stays open."""
    found = [path for folder in settings.folders for path in _loose(folder.resolve())]
    left = [path for path in found if not _close(path)]
    return len(found) - len(left), left


def _loose(home: Path) -> Iterator[Path]:
    """Files and folders that others have rights to; links aren't followed."""
    if _is_loose(home):
        yield home
    for top in sorted({path for pattern in OURS for path in home.glob(pattern)}):
        inside = (Path(at) / name for at, *names in os.walk(top) for some in names for name in some)
        yield from (path for path in (top, *inside) if _is_loose(path))


def _is_loose(path: Path) -> bool:
    with suppress(OSError):
        mode = path.lstat().st_mode
        return not S_ISLNK(mode) and bool(mode & OTHERS)
    return False


def _close(path: Path) -> bool:
    """Whether it is closed now; somebody else's can't be."""
    with suppress(OSError):
        mode = path.lstat().st_mode
        if mode & OTHERS:
            path.chmod(0o700 if S_ISDIR(mode) else 0o600)
        return True
    return False
