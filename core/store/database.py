"""Opens the database, brings its schema up to date, and gives transactions."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session, SQLModel

from core.errors import Conflict, Invalid, StorageFailed, StorageUnavailable
from core.files import FULL_DISK
from core.settings import Settings
from core.store.locks import MIGRATING, alone
from core.store.rights import keep_private
from core.texts import _

# What SQLite says while another program writes, or the disk does not take any more.
_FOR_NOW = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
MIGRATIONS = Path(__file__).parent / "migrations"
# Constraint names on both engines, so that migrations can name them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


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
        raise _translated(error, str(settings.home)) from error
    engine = _connected(settings)
    try:
        migrate(engine)
    except (OSError, DBAPIError) as error:
        raise _translated(error, place(engine)) from error
    return engine


def connect(url: str, wait: float = 30.0) -> Engine:
    """An engine for the address, unopened; it waits so many seconds for a locked SQLite."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    arguments = {"timeout": wait, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=arguments, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


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
def transaction(engine: Engine) -> Iterator[Session]:
    """One unit of work; rows taken out of it stay readable. Raises StorageFailed, Conflict."""
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except IntegrityError as error:
        raise Conflict(
            _("Somebody else changed the same things at this moment. Look again, then repeat it.")
        ) from error
    except DBAPIError as error:
        raise _translated(error, place(engine)) from error


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
            raise _translated(error, place(engine)) from error
        finally:
            os.close(log)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma secure_delete=on")
    connection.execute("pragma foreign_keys=on")
    connection.execute("pragma synchronous=normal")


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("select version_num from alembic_version")).scalar()


def _newest() -> str:
    return max(p.stem.split("_")[0] for p in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def place(engine: Engine) -> str:
    """Where it is, for people: the file, or the address without its password."""
    if engine.dialect.name == "sqlite":
        return engine.url.database or ""
    return engine.url.set(drivername="postgresql", query={}).render_as_string()


def is_of_database(error: BaseException) -> bool:
    """Whether the error came from a database's driver, ours or the durable engine's."""
    return isinstance(error, DBAPIError | sqlite3.Error)


def first_line(error: BaseException) -> str:
    """What went wrong, without the statement and its data that SQLAlchemy puts behind it."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


def _translated(error: Exception, place: str) -> StorageFailed:
    cause = getattr(error, "orig", None) or error
    why = str(getattr(cause, "strerror", None) or first_line(cause)).rstrip(".")
    advice = (
        _("Check that the server runs, and SEGFERRY_DATABASE_URL.")
        if place.startswith("postgresql:")
        else _("Check the disk space, the folder's rights, and that no other program holds it.")
    )
    kind = StorageUnavailable if _is_for_now(error, cause) else StorageFailed
    sentence = _("The database in {place} can't be used: {why}.").format(place=place, why=why)
    return kind(f"{sentence} {advice}")


def _is_for_now(error: Exception, cause: BaseException) -> bool:
    """Whether it may pass by itself."""
    if isinstance(cause, OSError):
        return cause.errno in FULL_DISK
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _FOR_NOW  # without its details
    return isinstance(error, OperationalError)
