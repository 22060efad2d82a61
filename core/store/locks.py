"""Locks between processes: work that one does at a time, and which of them execute the runs.

On SQLite a lock is a file in the data folder, on PostgreSQL an advisory lock by its number.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import sqlalchemy as sa

from core.errors import Conflict
from core.store.advisory import Advisory
from core.store.failures import reaching
from core.texts import _

if TYPE_CHECKING:  # a store takes some of these locks itself
    from core.store import Store

MIGRATING, APPLYING, REFRESHING = "migrating", "applying", "refreshing"  # waited for: `alone`
ERASING, REMOVING, RESUMING = "erasing", "removing", "resuming"
ENGINE, SERVER, SCHEDULES, ALERTS = "engine", "serve", "schedules", "alerts"  # tried: `holding`
REFRESHES = "refreshes"
NUMBERS = {
    MIGRATING: 1802264951,
    ENGINE: 1802264952,
    SERVER: 1802264953,
    APPLYING: 1802264954,
    REFRESHING: 1802264955,
    SCHEDULES: 1802264956,
    ALERTS: 1802264957,
    ERASING: 1802264959,
    REFRESHES: 1802264960,
    REMOVING: 1802264961,
    RESUMING: 1802264962,
}
KEEP_EVERY = 0.5  # seconds between two looks whether a lock is still this process's
# Seconds of silence after which whoever has a lock on PostgreSQL counts as stopped: it would look
# after its own much more often. Others may be silent for as long as they work.
SILENT = dict.fromkeys((ENGINE, SCHEDULES, ALERTS), 15.0)


@dataclass(frozen=True, slots=True)
class Mine:
    """Whether this process has a lock: called, it takes one that nobody has; for one thread.

    `holds` asks the database, and takes none; for any thread. Where several processes have it,
    `shared` is for the parts of its work.
    """

    take: Callable[[], bool]
    holds: Callable[[], bool]
    shared: Advisory | None = None

    def __call__(self) -> bool:
        return self.take()


ALWAYS_MINE = Mine(lambda: True, lambda: True)
NOT_MINE = Mine(lambda: False, lambda: False)
_HELD: set[str] = set()  # files with a lock that a thread of this process has or tries
_TRYING = Lock()
_THREADS = {name: Lock() for name in NUMBERS}  # a lock on a file holds off other processes only


@contextmanager
def alone(engine: sa.Engine, name: str) -> Iterator[None]:
    """Waits for the lock of that name and holds it until the end."""
    if engine.dialect.name == "sqlite":
        import fasteners

        with _THREADS[name], fasteners.InterProcessLock(f"{engine.url.database}.{name}"):
            yield
        return
    with reaching(engine), engine.begin() as connection:
        connection.execute(sa.text("select pg_advisory_xact_lock(:n)"), {"n": NUMBERS[name]})
        yield


@contextmanager
def holding(store: "Store", name: str = ENGINE) -> Iterator[bool]:
    """Whether this process got the lock of that name; it is held until the end or its death.

    Who holds it for long asks `keeping`. Raises StorageFailed.
    """
    with _keeping(store, name, is_looked_after=False) as mine:
        yield mine()


@contextmanager
def keeping(store: "Store", name: str = ENGINE, *, is_shared: bool = False) -> Iterator[Mine]:
    """What tells whether this process has the lock of that name now.

    It takes it where nobody has it: at first, and again where PostgreSQL has ended the session that
    had it. Held until the end of the block or the process; whoever doesn't ask for as long as
    SILENT says, as a process that was stopped (SIGSTOP), loses it to the next that wants it.
    `is_shared`: on PostgreSQL others that say so may have it, too. Raises StorageFailed, as what it
    gives.
    """
    with _keeping(store, name, is_looked_after=True, is_shared=is_shared) as mine:
        yield mine


@contextmanager
def _keeping(
    store: "Store", name: str, *, is_looked_after: bool, is_shared: bool = False
) -> Iterator[Mine]:
    if store.settings.on_sqlite:
        with keeping_file(store.settings.home, name) as mine:
            yield mine
        return
    how = {"is_looked_after": is_looked_after, "is_shared": is_shared}
    lock = Advisory(store.engine, NUMBERS[name], SILENT.get(name), **how)
    try:
        yield Mine(lock.is_mine, lock.is_held, lock if is_shared else None)
    finally:
        lock.release()


@contextmanager
def keeping_file(home: Path, name: str) -> Iterator[Mine]:
    """The same as `keeping` for a data folder with SQLite, which may have no database yet."""
    import fasteners

    path = str(home / f"{name}.lock")
    with _in_this_process(path) as free:
        if not free:  # closing the file again would let go of the lock of the other thread
            yield NOT_MINE
            return
        lock = fasteners.InterProcessLock(path)
        got = lock.acquire(blocking=False)
        try:
            yield ALWAYS_MINE if got else NOT_MINE
        finally:
            if got:
                lock.release()
            elif lock.lockfile:  # a try in vain leaves it open
                lock.lockfile.close()


@contextmanager
def _in_this_process(path: str) -> Iterator[bool]:
    """Whether no other thread has the lock on the file, which holds off other processes only."""
    with _TRYING:
        free = path not in _HELD
        if free:
            _HELD.add(path)
    try:
        yield free
    finally:
        if free:
            _HELD.discard(path)


@contextmanager
def serving(store: "Store") -> Iterator[Mine]:
    """Says that a server or worker is there; on SQLite it has to be the only one. Raises Conflict.

    Whoever has to be alone takes the lock for itself, see `unused`.
    """
    with _keeping(store, SERVER, is_looked_after=False, is_shared=True) as mine:
        if not mine():
            raise Conflict(_refusal(store))
        yield mine


@contextmanager
def unused(store: "Store") -> Iterator[bool]:
    """Whether no server, worker or command is at work with the data; none begins until the end."""
    with holding(store, SERVER) as unserved, holding(store) as idle, store.applying():
        yield unserved and idle


def _refusal(store: "Store") -> str:
    if store.settings.on_sqlite:
        text = _(
            "Another Segferry is already using the data folder {home}. Stop it first, or set "
            "SEGFERRY_HOME to another folder. Several at once need PostgreSQL."
        )
        return text.format(home=store.settings.home)
    return _("All secrets are being encrypted with a new key. Start again once that has ended.")
