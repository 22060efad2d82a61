"""Who carries the runs of a data folder: one engine at a time, and one server."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa

from core.errors import Conflict
from core.store import Store
from core.texts import _

ENGINE, SERVER, SCHEDULES = "engine", "serve", "schedules"
TRY = sa.text("select pg_try_advisory_lock(:n)")
UNLOCK = sa.text("select pg_advisory_unlock(:n)")
# Of the advisory locks on PostgreSQL.
_NUMBERS = {ENGINE: 1802264952, SERVER: 1802264953, SCHEDULES: 1802264956}


@contextmanager
def holding(store: Store, name: str = ENGINE) -> Iterator[bool]:
    """Whether this process got the lock of that name; held until the end, gone with the process."""
    if not store.settings.on_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
            number = {"n": _NUMBERS[name]}
            try:
                yield bool(session.execute(TRY, number).scalar())
            finally:
                with suppress(sa.exc.DBAPIError):  # at once; the server ends a session later
                    session.execute(UNLOCK, number)
                session.invalidate()
        return
    import fasteners

    lock = fasteners.InterProcessLock(str(store.settings.home / f"{name}.lock"))
    got = lock.acquire(blocking=False)
    try:
        yield got
    finally:
        if got:
            lock.release()
        elif lock.lockfile:  # left open by a try in vain
            lock.lockfile.close()


@contextmanager
def serving(store: Store) -> Iterator[None]:
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
