"""Where a project's artifacts are, and what they hold: read once for each state of a file."""

import os
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar, cast

from pydantic import ValidationError

from core.errors import SourceFailed
from core.profiles.sources.dbt.artifacts import Artifact, FreshnessResults, Manifest, RunResults
from core.profiles.sources.failures import UNREADABLE, sentence
from core.profiles.sources.fence import Fence
from core.texts import _

MOST_BYTES = 160_000_000  # of an artifact; read, it takes about three times as much for a moment
FILES = ("manifest.json", "run_results.json", "sources.json")
A = TypeVar("A", bound=Artifact)


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it is now; another one has another state."""

    path: Path
    modified: int  # nanoseconds
    size: int
    inode: int


@dataclass(frozen=True, slots=True)
class Project:
    """The artifacts of a dbt project; the last two are None where dbt hasn't written them."""

    manifest: Manifest
    results: RunResults | None
    freshness: FreshnessResults | None


def read(path: Path, fence: Fence | None) -> Project:
    """The project whose folder, or folder of artifacts, this is. Raises Outside, SourceFailed."""
    folder = _target(path, fence)
    results = _state(folder / "run_results.json", fence)
    freshness = _state(folder / "sources.json", fence)
    return Project(
        read_manifest(path, fence),
        _parsed(RunResults, results) if results else None,
        _parsed(FreshnessResults, freshness) if freshness else None,
    )


def read_manifest(path: Path, fence: Fence | None) -> Manifest:
    """What the project is made of, alone. Raises Outside, SourceFailed."""
    state = _state(_target(path, fence) / "manifest.json", fence)
    if state is None:
        text = _(
            "There is no manifest.json of dbt in {path} nor in its target/. Run dbt build or dbt "
            "parse there, or correct the path of the project."
        )
        raise SourceFailed(text.format(path=path), "project")
    return _parsed(Manifest, state)


def state_of(path: Path, fence: Fence | None) -> Hashable:
    """What the artifacts are at this moment; none of them is read. Raises Outside, SourceFailed."""
    folder = _target(path, fence)
    return tuple(_state(folder / name, fence) for name in FILES)


def _target(path: Path, fence: Fence | None) -> Path:
    """The folder with the artifacts; where there are none, the one that dbt would make."""
    if fence:
        fence.check_place(path)
    inside = path / "target"
    own = _is_there(path / "manifest.json") and not _is_there(inside / "manifest.json")
    return path if own else inside


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # ValueError: it holds a null byte
        return False


def _state(path: Path, fence: Fence | None) -> FileState | None:
    """None where there is no such file. Raises Outside, SourceFailed."""
    real = fence.checked((path,))[0] if fence else path
    try:
        found = real.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UNREADABLE as error:
        raise SourceFailed(sentence(error, str(path)), "project") from error
    if not S_ISREG(found.st_mode):
        raise SourceFailed(_("{path} is no file. Only files are read.").format(path=path))
    if found.st_size > MOST_BYTES:
        text = _("{path} has more than {n} MB: too much for an artifact of dbt.")
        raise SourceFailed(text.format(path=path, n=MOST_BYTES // 1_000_000), "project")
    return FileState(real, found.st_mtime_ns, found.st_size, found.st_ino)


def _parsed(kind: type[A], state: FileState) -> A:
    return cast(A, _parsed_once(kind, state))


@lru_cache(maxsize=8)
def _parsed_once(kind: type[Artifact], state: FileState) -> Artifact:
    """Raises SourceFailed for what isn't such an artifact, or is being written."""
    try:
        with state.path.open("rb") as file:
            if os.fstat(file.fileno()).st_ino != state.inode:
                raise ValueError("replaced")
            return kind.model_validate_json(file.read(MOST_BYTES))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        why = f"{place}: {first['msg']}" if place else first["msg"]
    except UNREADABLE as error:
        raise SourceFailed(sentence(error, str(state.path)), "project") from error
    except ValueError:
        why = _("it was replaced meanwhile")
    text = _("{path} can't be read as what dbt writes: {why}. Run dbt again, then try again.")
    raise SourceFailed(text.format(path=state.path, why=why), "project")
