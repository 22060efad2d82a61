"""What this installation is: versions, where its data is, and what its environment sets."""

import json
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from core import __version__, settings
from core.access import Action, Person
from core.store import Store, database
from core.store.failures import place

ROOT = Path(__file__).resolve().parents[2]
LICENCE = "MIT"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the environment: its variable, its value (of secrets none), if it is set."""

    variable: str
    value: str
    meaning: str
    given: bool


@dataclass(frozen=True, slots=True)
class Installation:
    """The facts. `commit` is the revision of the code, None where it isn't known."""

    version: str
    commit: str | None
    schema: str  # number of the newest migration
    python: str
    database: str  # its kind and version
    place: str  # of the database: a file, or an address without its password
    home: str
    files: str | None  # folder of shared files, where it is another
    free: int | None  # bytes on the disk of the data folder
    licence: str
    settings: tuple[Setting, ...]


def read(store: Store, person: Person) -> Installation:
    """All of it. Raises Denied, StorageFailed."""
    store.require(person, Action.configure)
    kind, schema = database.described(store.engine)
    given = store.settings.given
    return Installation(
        version=__version__,
        commit=commit_of(ROOT),
        schema=schema,
        python=platform.python_version(),
        database=kind,
        place=place(store.engine),
        home=str(store.settings.home),
        files=store.settings.shared_files or None,
        free=_free(store.settings.home),
        licence=LICENCE,
        settings=tuple(
            Setting(variable, value, meaning, variable in given)
            for variable, value, meaning in settings.shown(store.settings)
        ),
    )


def commit_of(root: Path) -> str | None:
    """The commit of a clone, or the one that was installed from a repository; None elsewhere."""
    try:
        return _head(root / ".git") or _installed()
    except (OSError, ValueError):
        return None


def _head(git: Path) -> str | None:
    """What a clone has checked out; a worktree's .git is a file that names the folder."""
    if git.is_file():
        git = git.parent / git.read_text().removeprefix("gitdir: ").strip()
    if not (git / "HEAD").is_file():
        return None
    head = (git / "HEAD").read_text().strip()
    name = head.removeprefix("ref: ")
    if name == head:
        return head
    shared = git / (git / "commondir").read_text().strip() if (git / "commondir").exists() else git
    if (shared / name).is_file():
        return (shared / name).read_text().strip()
    packed = (shared / "packed-refs").read_text().splitlines()
    return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)


def _installed() -> str | None:
    try:
        found = json.loads(distribution("segferry").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return None
    commit: str | None = found.get("vcs_info", {}).get("commit_id")
    return commit


def _free(home: Path) -> int | None:
    try:
        return shutil.disk_usage(home).free
    except OSError:
        return None
