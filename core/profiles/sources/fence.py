"""The folders that sources made in the browser may read: links and `..` lead nowhere else."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path

from core.errors import Outside, SourceFailed
from core.texts import _


@dataclass(frozen=True, slots=True)
class Fence:
    """What may be read: files in the folders, unless a closed one lies closer around them."""

    folders: tuple[Path, ...]
    closed: tuple[Path, ...] = ()

    def check_place(self, path: Path) -> None:
        """Raises Outside unless the path, a glob too, stays inside; looks at no file yet.

        So the answer for a path outside is the same whether anything is there or not.
        """
        fixed, open_parts = _parted(path)
        if ".." in open_parts or not _holds(self._real_folders(), _real(fixed)):
            raise Outside(self._outside(path))

    def checked(self, files: Iterable[Path]) -> tuple[Path, ...]:
        """Where the files really are, links followed. Raises Outside."""
        folders = self._real_folders()
        return tuple(self._followed(file, folders) for file in files)

    def roots(self) -> frozenset[Path]:
        """The folders, where they really are."""
        return frozenset(_real(folder) for folder in self.folders)

    def _followed(self, file: Path, folders: Mapping[Path, bool]) -> Path:
        real = _real(file)
        if not _holds(folders, real):
            raise Outside(self._outside(file))
        return real

    def _real_folders(self) -> Mapping[Path, bool]:
        """All folders that are named, where they really are, and whether each is an open one."""
        return dict.fromkeys(self.roots(), True) | {_real(one): False for one in self.closed}

    def _outside(self, path: Path) -> str:
        return _(
            "{path} is outside the folders that sources may be read from: {folders}. Put "
            "the file there, or ask whoever runs this server to add its folder to "
            "SEGFERRY_SOURCE_FOLDERS."
        ).format(path=path, folders=", ".join(str(folder) for folder in self.folders))


def _holds(folders: Mapping[Path, bool], real: Path) -> bool:
    """Whether the innermost folder around the path that is named at all is an open one."""
    return next((folders[one] for one in (real, *real.parents) if one in folders), False)


def _parted(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The part of a path before its first wildcard, and the parts from there on."""
    at = next((n for n, part in enumerate(path.parts) if has_magic(part)), len(path.parts))
    return Path(*path.parts[:at]), path.parts[at:]


def _real(path: Path) -> Path:
    """Raises SourceFailed for a path that no system takes."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError) as error:  # ValueError: it holds a null byte
        raise SourceFailed(
            _("{path} is not a path that can be opened. Correct it.").format(path=repr(str(path)))
        ) from error
