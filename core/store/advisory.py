"""An advisory lock of PostgreSQL: by its number, for one process at a time, or for several."""

from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from core.errors import StorageUnavailable
from core.store.failures import reaching

LOOKED_AFTER, OTHERWISE = "segferry (looks after a lock)", "segferry (holds a lock)"
NAME_SESSION = "select pg_backend_pid() from set_config('application_name', :name, false)"
# A lock of 64 bits is shown in two halves, of which ours fill one.
HOLDERS = """
select pid from pg_locks where locktype = 'advisory' and granted
and classid = 0 and objid = :n and objsubid = 1
and database = (select oid from pg_database where datname = current_database())
"""
IS_HOLDER = f"select exists ({HOLDERS} and pid = :pid)"
# Its process looks after it all the time, unless it has been stopped, or its machine.
END_SILENT = f"""
select pg_terminate_backend(pid) from pg_stat_activity join ({HOLDERS}) as holders using (pid)
where application_name = :name and state = 'idle'
and now() - state_change > make_interval(secs => :seconds)
"""  # noqa: S608


class Advisory:
    """An advisory lock, which PostgreSQL frees as soon as the session that took it has ended."""

    def __init__(
        self,
        engine: sa.Engine,
        number: int,
        silent: float | None = None,
        *,
        is_looked_after: bool = False,
        is_shared: bool = False,
    ) -> None:
        self._engine = engine
        self._number: dict[str, Any] = {"n": number}
        self._silent = silent
        self._name = LOOKED_AFTER if is_looked_after else OTHERWISE
        self._shared = "_shared" if is_shared else ""
        self._session: sa.Connection | None = None
        self._process: int | None = None  # of the server, which our session has
        self._mine = False

    def is_held(self) -> bool:
        """Whether the session that took it still has it, by what the server says."""
        if self._process is None:
            return False
        asked = {**self._number, "pid": self._process}
        with self._engine.connect() as connection:
            return bool(connection.scalar(sa.text(IS_HOLDER), asked))

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
            self._process = self._session.scalar(sa.text(NAME_SESSION), {"name": self._name})
        self._mine = known or self._take(self._session)
        if known:
            self._session.execute(sa.text("select true"))  # it is there, and isn't silent
        return self._mine

    def _take(self, session: sa.Connection) -> bool:
        """Where whoever has it is silent for too long, the next try gets it."""
        query = f"select pg_try_advisory_lock{self._shared}(:n)"
        if session.scalar(sa.text(query), self._number):
            return True
        if self._silent is not None:
            since = {"seconds": self._silent, "name": LOOKED_AFTER}
            session.execute(sa.text(END_SILENT), self._number | since)
        return False

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None

    def release(self) -> None:
        """At once; the server ends a session later."""
        with suppress(sa.exc.DBAPIError):
            if self._session is not None:
                query = f"select pg_advisory_unlock{self._shared}(:n)"
                self._session.execute(sa.text(query), self._number)
        self._end_session()
