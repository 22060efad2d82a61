"""Locks between processes: work that one does at a time, and which of them executes the runs.

On SQLite a lock is a file in the data folder, on PostgreSQL an advisory lock by its number.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING

import sqlalchemy as sa

from core.errors import Conflict
from core.texts import _

if TYPE_CHECKING:  # a store takes some of these locks itself
    from core.store import Store

MIGRATING, APPLYING, REFRESHING = "migrating", "applying", "refreshing"  # waited for: `alone`
ENGINE, SERVER, SCHEDULES = "engine", "serve", "schedules"  # tried: `holding`
NUMBERS = {
    MIGRATING: 1802264951,
    ENGINE: 1802264952,
    SERVER: 1802264953,
    APPLYING: 1802264954,
    REFRESHING: 1802264955,
    SCHEDULES: 1802264956,
}
_THREADS = {name: Lock() for name in NUMBERS}  # a lock on a file holds off other processes only


@contextmanager
def alone(engine: sa.Engine, name: str) -> Iterator[None]:
    """Waits for the lock of that name and holds it until the end."""
    if engine.dialect.name == "sqlite":
        import fasteners

        with _THREADS[name], fasteners.InterProcessLock(f"{engine.url.database}.{name}"):
            yield
        return
    with engine.begin() as connection:
        connection.execute(sa.text("select pg_advisory_xact_lock(:n)"), {"n": NUMBERS[name]})
        yield


@contextmanager
def holding(store: "Store", name: str = ENGINE) -> Iterator[bool]:
    """Whether this process got the lock of that name; it is held until the end or its death."""
    hold = _holding_file if store.settings.on_sqlite else _holding_number
    with hold(store, name) as got:
        yield got


@contextmanager
def _holding_file(store: "Store", name: str) -> Iterator[bool]:
    import fasteners

    lock = fasteners.InterProcessLock(str(store.settings.home / f"{name}.lock"))
    got = lock.acquire(blocking=False)
    try:
        yield got
    finally:
        if got:
            lock.release()
        elif lock.lockfile:  # a try in vain leaves it open
            lock.lockfile.close()


@contextmanager
def _holding_number(store: "Store", name: str) -> Iterator[bool]:
    number = {"n": NUMBERS[name]}
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        try:
            yield bool(session.execute(sa.text("select pg_try_advisory_lock(:n)"), number).scalar())
        finally:
            with suppress(sa.exc.DBAPIError):  # at once; the server ends a session later
                session.execute(sa.text("select pg_advisory_unlock(:n)"), number)
            session.invalidate()


@contextmanager
def serving(store: "Store") -> Iterator[None]:
    """Refuses a second server on the same data. Raises Conflict."""
    with holding(store, SERVER) as alone:
        if not alone:
            raise Conflict(
                _(
                    "Another Segferry serves the data folder {home} already. Stop it first, or set "
                    "SEGFERRY_HOME to another folder."
                ).format(home=store.settings.home)
            )
        yield
