"""Notices that somebody has written to the database, whoever it was, for much less than a query."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.store import Store

# SQLite counts the commits of other connections, PostgreSQL's snapshot changes with each.
_STATE = {"sqlite": "pragma data_version", "postgresql": "select txid_current_snapshot()::text"}


@contextmanager
def watched(store: Store) -> Iterator[Callable[[], bool]]:
    """A function that tells whether anything was written since it was called last.

    The first call says yes; so may one after a write elsewhere on the same PostgreSQL server.
    Raises an error of its driver where the database can't be reached any more.
    """
    query = _STATE[store.engine.dialect.name]
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # kept for long, so that the pool mustn't count on it
        cursor = connection.connection.cursor()  # without SQLAlchemy's own cost
        before = None

        def written() -> bool:
            nonlocal before
            cursor.execute(query)
            now = cursor.fetchone()
            changed, before = now != before, now
            return changed

        try:
            yield written
        except Exception:
            connection.invalidate()  # or the pool would try to reset it, and log that it can't
            cursor.connection.close()  # the pool leaves that to who has detached it
            raise
