"""An advisory lock of PostgreSQL: by its number, for one process at a time, or for several.

Several that have it together share its work in parts, each of which one has at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import RLock

import sqlalchemy as sa

from core.errors import StorageUnavailable
from core.store.failures import reaching

LOOKED_AFTER, OTHERWISE = "segferry (looks after a lock)", "segferry (holds a lock)"
NAME_SESSION = "select pg_backend_pid() from set_config('application_name', :name, false)"
# A lock has 64 bits, shown in two halves: a lock of work is its number, a part of that work the
# number in the upper half and the part's own in the lower.
HELD = """
select pid, objid as lower from pg_locks where locktype = 'advisory' and granted
and classid = :upper and objsubid = 1
and database = (select oid from pg_database where datname = current_database())
"""
ITS_HOLDERS = f"select pid from ({HELD}) as held where lower = :lower"  # noqa: S608
IS_HOLDER = f"select exists ({ITS_HOLDERS} and pid = :pid)"
PARTS = f"select lower from ({HELD}) as held"  # noqa: S608
# A process looks after its locks all the time, unless it has been stopped, or its machine.
END_SILENT = """
select pg_terminate_backend(pid) from pg_stat_activity
where application_name = :name and state = 'idle'
and now() - state_change > make_interval(secs => :seconds)
and pid <> :own and pid in (select pid from ({}) as holders)
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the work, as long as the session that took it has it."""

    number: int
    session: int  # by its process at the server


class Advisory:
    """An advisory lock, which PostgreSQL frees as soon as the session that took it has ended.

    The parts that it has are freed with it: a session that takes its place has none of them.
    """

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
        self._number = number
        self._silent = silent
        self._name = LOOKED_AFTER if is_looked_after else OTHERWISE
        self._shared = "_shared" if is_shared else ""
        self._session: sa.Connection | None = None
        self._process: int | None = None  # of the server, which our session has
        self._mine = False
        self._parts: set[Part] = set()
        self._using = RLock()  # one thread at a time uses the session

    def is_held(self) -> bool:
        """Whether the session that took it still has it, by what the server says."""
        return self._process is not None and self._is_had(0, self._number, self._process)

    def is_mine(self) -> bool:
        """As `keeping` says. While the database is away nobody else gets it, so it stays mine."""
        with self._using:
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

    def part(self, number: int) -> Part | None:
        """A part of the work; None where it is had, if only by another thread, or this isn't mine.

        Raises StorageUnavailable.
        """
        with self._using, reaching(self._engine), self._ending_broken():
            if self._session is None or self._process is None:
                return None
            part = Part(number, self._process)
            if part in self._parts or not self._got(self._session, self._key(number)):
                return None
            self._parts.add(part)
            return part

    def has(self, part: Part) -> bool:
        """Whether the session that took it still has it, by what the server says."""
        return self._process == part.session and self._is_had(
            self._number, part.number, part.session
        )

    def leave(self, part: Part) -> None:
        """Others may have it."""
        with self._using, suppress(sa.exc.DBAPIError), self._ending_broken():
            self._parts.discard(part)
            if self._session is not None and self._process == part.session:
                self._unlock(self._session, self._key(part.number))

    def parts(self) -> frozenset[int]:
        """Those that some process has; who is silent for too long loses what it has."""
        with reaching(self._engine), self._engine.begin() as connection:
            self._end_silent(connection, HELD, {"upper": self._number})
            return frozenset(connection.scalars(sa.text(PARTS), {"upper": self._number}))

    def has_others(self) -> bool:
        """Whether more than one process has it. Raises StorageUnavailable."""
        its = {"upper": 0, "lower": self._number}
        with reaching(self._engine), self._engine.connect() as connection:
            return len(connection.scalars(sa.text(ITS_HOLDERS), its).all()) > 1

    def release(self) -> None:
        """At once; the server ends a session later."""
        with self._using:
            with suppress(sa.exc.DBAPIError):
                if self._session is not None:
                    self._unlock(self._session, self._number, self._shared)
            self._end_session()

    @contextmanager
    def _ending_broken(self) -> Iterator[None]:
        """A session that breaks is of no use any more; `is_mine` opens the next."""
        try:
            yield
        except sa.exc.DBAPIError:
            self._end_session()
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
        if self._got(session, self._number, self._shared):
            return True
        self._end_silent(session, ITS_HOLDERS, {"upper": 0, "lower": self._number})
        return False

    def _key(self, part: int) -> int:
        return self._number << 32 | part

    def _got(self, session: sa.Connection, key: int, shared: str = "") -> bool:
        return bool(session.scalar(sa.text(f"select pg_try_advisory_lock{shared}(:n)"), {"n": key}))

    def _unlock(self, session: sa.Connection, key: int, shared: str = "") -> None:
        session.execute(sa.text(f"select pg_advisory_unlock{shared}(:n)"), {"n": key})

    def _end_silent(self, session: sa.Connection, holders: str, of: dict[str, int]) -> None:
        if self._silent is not None:
            since = {"seconds": self._silent, "name": LOOKED_AFTER, "own": self._process or 0}
            session.execute(sa.text(END_SILENT.format(holders)), of | since)

    def _is_had(self, upper: int, lower: int, process: int) -> bool:
        asked = {"upper": upper, "lower": lower, "pid": process}
        with self._engine.connect() as connection:
            return bool(connection.scalar(sa.text(IS_HOLDER), asked))

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None
        self._parts.clear()
