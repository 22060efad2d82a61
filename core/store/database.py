"""Opens the database, brings its schema up to date, and gives transactions."""

import os
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SAWarning
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from core.errors import Conflict, Invalid, StorageFailed
from core.settings import Settings
from core.store.failures import UNREACHED, place, reaching, translated
from core.store.locks import MIGRATING, alone
from core.store.rights import BROKEN_OFF, keep_private
from core.texts import _

# Of libpq: to connect in seconds, for an answer of the network in milliseconds.
GIVEN_UP_AFTER = {"connect_timeout": 10, "tcp_user_timeout": 30_000}
MIGRATIONS = Path(__file__).parent / "migrations"
# Constraint names on both engines, so that migrations can name them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# What SQLAlchemy finds where somebody else wrote the same row, or removed it, since it was read.
# Of a row that is to be removed and is gone it would only warn, and the caller would go on.
OVERTAKEN = (IntegrityError, StaleDataError, SAWarning)
warnings.filterwarnings("error", "DELETE statement on table", SAWarning)

Clock = Callable[[], datetime]
CLOCK = "clock"  # key in what a session carries along


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def moment(session: Session) -> datetime:
    """This moment by the clock of the store that began the session, in UTC."""
    clock: Clock = session.info.get(CLOCK, now)
    return clock()


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC, zoned on both engines (SQLite forgets the zone by itself)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """To UTC before it is stored."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """UTC again when it is read."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def open_database(settings: Settings) -> Engine:
    """The engine of our own database, its schema at the newest migration.

    Raises StorageFailed; Invalid for an address that is not PostgreSQL's.
    """
    try:
        keep_private(settings)  # profiles lie in it
    except OSError as error:
        raise translated(error, str(settings.home)) from error
    if (settings.home / BROKEN_OFF).exists():
        raise StorageFailed(
            _(
                "Restoring a backup into {home} broke off, so the folder is neither what it was "
                "nor what was to come. Restore again: that first puts back what was there."
            ).format(home=settings.home)
        )
    engine = _connected(settings)
    try:
        migrate(engine)
    except (OSError, DBAPIError) as error:
        raise translated(error, place(engine)) from error
    return engine


def connect(url: str, wait: float = 30.0) -> Engine:
    """An engine for the address, unopened; it waits so many seconds for a locked SQLite."""
    if not url.startswith("sqlite"):
        return _connect_postgresql(url)
    arguments: dict[str, Any] = {"timeout": wait, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=arguments, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _connect_postgresql(url: str) -> Engine:
    """A server that has vanished from the network is given up, unless the address says otherwise.

    By itself the system would wait for minutes.
    """
    given = sa.make_url(url)
    arguments = {name: n for name, n in GIVEN_UP_AFTER.items() if name not in given.query}
    return sa.create_engine(given, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)


def migrate(engine: Engine) -> None:
    """Applies the migrations that are missing; two processes may do it at once."""
    with engine.connect() as connection:
        found = _version(connection)
    if found == _newest():
        return
    if found and found > _newest():
        raise StorageFailed(
            _("The database in {place} was made by a newer Segferry. Install that version.").format(
                place=place(engine)
            )
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with alone(engine, MIGRATING), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def transaction(engine: Engine, clock: Clock = now) -> Iterator[Session]:
    """One unit of work; rows taken out of it stay readable. Raises StorageFailed, Conflict."""
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            session.info[CLOCK] = clock
            yield session
    except OVERTAKEN as error:
        raise Conflict(
            _("Somebody else changed the same thing at the same time. Check it, then try again.")
        ) from error
    except UNREACHED as error:
        raise translated(error, place(engine)) from error


def _connected(settings: Settings) -> Engine:
    """Raises Invalid for an address that is not PostgreSQL's."""
    try:
        if settings.on_sqlite or settings.url.startswith("postgresql+psycopg://"):
            return connect(settings.url, settings.database_wait)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        pass
    raise Invalid(
        _("SEGFERRY_DATABASE_URL has to be an address like postgresql://user@host/database.")
    )


def forget(engine: Engine) -> None:
    """Leaves nothing readable of what was overwritten: SQLite's log keeps older pages a while."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")


def make_durable(engine: Engine) -> None:
    """All that is committed outlives a loss of power from now on. Raises StorageUnavailable.

    PostgreSQL sees to it with each commit. SQLite does only where each commit costs as much as
    this, and so it loses the latest ones; its log holds them until they are in the database.
    """
    if engine.dialect.name != "sqlite":
        return
    with suppress(FileNotFoundError):
        log = os.open(f"{engine.url.database}-wal", os.O_RDONLY)
        try:
            os.fsync(log)
        except OSError as error:
            raise translated(error, place(engine)) from error
        finally:
            os.close(log)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    if not connection.execute("pragma page_count").fetchone()[0]:
        connection.execute("pragma auto_vacuum=incremental")  # only of a file that is new
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma secure_delete=on")
    connection.execute("pragma foreign_keys=on")
    connection.execute("pragma synchronous=normal")


def described(engine: Engine) -> tuple[str, str]:
    """Its kind and version, such as SQLite 3.45.1, and the number of its newest migration.

    Raises StorageFailed.
    """
    with reaching(engine), engine.connect() as connection:
        version = ".".join(map(str, (connection.dialect.server_version_info or ())))
        kind = "SQLite" if engine.dialect.name == "sqlite" else "PostgreSQL"
        return f"{kind} {version}".strip(), _version(connection) or ""


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("select version_num from alembic_version")).scalar()


def _newest() -> str:
    return max(p.stem.split("_")[0] for p in (MIGRATIONS / "versions").glob("[0-9]*.py"))
