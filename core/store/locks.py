"""Locks between processes: work that one does at a time, and which of them executes the runs.

On SQLite a lock is a file in the data folder, on PostgreSQL an advisory lock by its number.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import sqlalchemy as sa

from core.errors import Conflict, StorageUnavailable
from core.store.failures import reaching
from core.texts import _

if TYPE_CHECKING:  # a store takes some of these locks itself
    from core.store import Store

MIGRATING, APPLYING, REFRESHING = "migrating", "applying", "refreshing"  # waited for: `alone`
ERASING, REMOVING = "erasing", "removing"
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
}
KEEP_EVERY = 0.5  # seconds between two looks whether a lock is still this process's
Mine = Callable[[], bool]
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
    with keeping(store, name) as mine:
        yield mine()


@contextmanager
def keeping(store: "Store", name: str = ENGINE) -> Iterator[Mine]:
    """A function that tells whether this process has the lock of that name now, for one thread.

    It takes it where nobody has it: at first, and again where PostgreSQL has ended the session that
    had it. Held until the end of the block or the process. Raises StorageFailed, as the function.
    """
    keep = _keeping_file if store.settings.on_sqlite else _keeping_number
    with keep(store, name) as mine:
        yield mine


def _keeping_file(store: "Store", name: str) -> AbstractContextManager[Mine]:
    return keeping_file(store.settings.home, name)


@contextmanager
def keeping_file(home: Path, name: str) -> Iterator[Mine]:
    """The same as `keeping` for a data folder with SQLite, which may have no database yet."""
    import fasteners

    path = str(home / f"{name}.lock")
    with _in_this_process(path) as free:
        if not free:  # closing the file again would let go of the lock of the other thread
            yield lambda: False
            return
        lock = fasteners.InterProcessLock(path)
        got = lock.acquire(blocking=False)
        try:
            yield lambda: got
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
def _keeping_number(store: "Store", name: str) -> Iterator[Mine]:
    lock = _Number(store.engine, NUMBERS[name])
    try:
        yield lock.is_mine
    finally:
        lock.release()


class _Number:
    """An advisory lock, which PostgreSQL frees as soon as the session that took it has ended."""

    def __init__(self, engine: sa.Engine, number: int) -> None:
        self._engine = engine
        self._number = {"n": number}
        self._session: sa.Connection | None = None
        self._mine = False

    def is_mine(self) -> bool:
        """As `keeping` says. While the database is away nobody else gets it, so it stays mine."""
        try:
            with suppress(sa.exc.DBAPIError):
                return self._ask()
            self._end_session()
            with reaching(self._engine):
                return self._ask()
        except StorageUnavailable:
            self._end_session()
            if self._mine:
                return True
            raise

    def _ask(self) -> bool:
        known = self._mine
        if self._session is None:
            level = {"isolation_level": "AUTOCOMMIT"}
            self._session, known = self._engine.connect().execution_options(**level), False
        query = "select true" if known else "select pg_try_advisory_lock(:n)"
        self._mine = bool(self._session.scalar(sa.text(query), {} if known else self._number))
        return self._mine

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None

    def release(self) -> None:
        """At once; the server ends a session later."""
        with suppress(sa.exc.DBAPIError):
            if self._session is not None:
                self._session.execute(sa.text("select pg_advisory_unlock(:n)"), self._number)
        self._end_session()


@contextmanager
def serving(store: "Store") -> Iterator[None]:
    """Refuses a second server on the same data. Raises Conflict."""
    with holding(store, SERVER) as alone:
        if not alone:
            raise Conflict(
                _(
                    "Another Segferry is already using the data folder {home}. Stop it "
                    "first, or set SEGFERRY_HOME to another folder."
                ).format(home=store.settings.home)
            )
        yield
