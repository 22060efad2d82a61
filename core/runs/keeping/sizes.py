"""How much there is of what is removed by its age: counted once a day, and when somebody asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.access import Action, Person
from core.audience import suppressed
from core.plan import journal
from core.runs.keeping import files
from core.store import Store, engine_tables, keeping, preferences


@dataclass(frozen=True, slots=True)
class Size:
    """How many, their bytes (None where nobody can tell), and since when the oldest is there."""

    n: int = 0
    bytes: int | None = 0
    oldest: datetime | None = None

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "n": self.n,
            "bytes": self.bytes,
            "oldest": self.oldest.isoformat() if self.oldest else None,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> "Size":
        """As `as_data` wrote it."""
        oldest = data.get("oldest")
        since = datetime.fromisoformat(oldest) if oldest else None
        return cls(data["n"], data["bytes"], since)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Each by the name that the retention has for it, as they were at that moment."""

    at: datetime
    each: dict[str, Size]


def known(store: Store) -> Sizes | None:
    """As they were measured last; None before the first time."""
    with store.begin() as session:
        found = preferences.sizes(session)
    if found is None:
        return None
    each = {name: Size.read(one) for name, one in found["each"].items()}
    return Sizes(datetime.fromisoformat(found["at"]), each)


def measure_now(store: Store, person: Person, now: datetime) -> Sizes:
    """The same as somebody asks for it. Raises Denied, StorageFailed."""
    store.require(person, Action.configure)
    return measure(store, now)


def measure(store: Store, now: datetime) -> Sizes:
    """Counts all of it, and keeps that for pages. Raises StorageFailed."""
    files = store.settings.files
    each = {
        **_tables(store),
        **_files_of_runs(store),
        "engine": _engine(store),
        "journal": _of(journal.files(store.settings.ledgers)),
        "suppressed": _of(files.glob(f"{suppressed.FOLDER}/*.parquet")),
        "uploads": _of([*files.glob("uploads/*"), *files.glob("arrivals/*/*")]),
    }
    data = {name: one.as_data() for name, one in each.items()}
    with store.begin() as session:
        preferences.note_sizes(session, {"at": now.isoformat(), "each": data})
    return Sizes(now, each)


def _tables(store: Store) -> dict[str, Size]:
    with store.begin() as session:
        found = keeping.counted(session)
    return {
        name: Size(n, keeping.used(store.engine, name), oldest)
        for name, (n, oldest) in found.items()
    }


def _engine(store: Store) -> Size:
    with engine_tables.opened(store.settings) as engine:
        found = engine_tables.kept(engine) if engine else engine_tables.Kept(0, None, 0)
    return Size(found.n, found.bytes, found.oldest)


def _files_of_runs(store: Store) -> dict[str, Size]:
    """Rejects of all runs; of the rest what can still be retried by itself."""
    with store.begin() as session:
        retryable = keeping.retryable(session)
    kinds: dict[str, list[Path]] = {"rejects": [], "files": [], "undelivered": []}
    for id, folder in files.folders(store.settings):
        rest = "undelivered" if id in retryable else "files"
        for path in folder.rglob("*"):
            if path.is_file():
                kinds["rejects" if files.is_of_rejects(path) else rest].append(path)
    return {name: _of(paths) for name, paths in kinds.items()}


def _of(paths: Iterable[Path]) -> Size:
    n, size, oldest = 0, 0, None
    for path in paths:
        try:
            found = path.stat()
        except OSError:  # it has just been removed
            continue
        n, size = n + 1, size + found.st_size
        oldest = min(oldest or found.st_mtime, found.st_mtime)
    return Size(n, size, datetime.fromtimestamp(oldest, UTC) if oldest else None)
