"""Opens the database, brings its schema up to date, and gives transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from core.errors import StorageFailed
from core.settings import Settings
from core.texts import _

MIGRATIONS = Path(__file__).parent / "migrations"


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC, zoned on both engines (SQLite forgets the zone by itself)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To UTC before it is stored."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """UTC again when it is read."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def open_database(settings: Settings) -> Engine:
    """The engine of our own database, its schema at the newest migration. Raises StorageFailed."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        engine = connect(settings.url, settings.database_wait)
        migrate(engine)
    except (OSError, DBAPIError) as error:
        raise _translated(error, settings.home) from error
    return engine


def connect(url: str, wait: float = 30.0) -> Engine:
    """An engine for the address, unopened; it waits so many seconds for a locked SQLite."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(
        url, connect_args={"timeout": wait, "check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def migrate(engine: Engine) -> None:
    """Applies the migrations that are missing; two processes may do it at once."""
    with engine.connect() as connection:
        if _version(connection) == _newest():
            return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _alone(engine), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One unit of work; rows taken out of it stay readable. Raises StorageFailed."""
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except OperationalError as error:
        raise _translated(error, engine.url.database or "") from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma foreign_keys=on")
    connection.execute("pragma synchronous=normal")


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("select version_num from alembic_version")).scalar()


def _newest() -> str:
    return max(p.stem.split("_")[0] for p in (MIGRATIONS / "versions").glob("[0-9]*.py"))


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Holds off other processes: a file beside SQLite, an advisory lock on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        import fasteners

        with fasteners.InterProcessLock(f"{engine.url.database}.migrating"):
            yield
        return
    with engine.begin() as connection:
        connection.execute(sa.text("select pg_advisory_xact_lock(1802264951)"))
        yield


def _translated(error: Exception, place: object) -> StorageFailed:
    cause = getattr(error, "orig", None) or error
    why = str(getattr(cause, "strerror", None) or cause).strip().splitlines()[0]
    return StorageFailed(
        _(
            "The database in {place} can't be used: {why}. Check the disk space and the folder's "
            "rights, and that no other program holds it."
        ).format(place=place, why=why)
    )
