"""What databases refuse, as sentences, and whether it may pass by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from core.errors import StorageFailed, StorageUnavailable
from core.files import FULL_DISK
from core.texts import _

_WRITTEN_BY_OTHERS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# What SQLite says while another program writes, or the disk does not take any more.
_FOR_NOW = {
    *_WRITTEN_BY_OTHERS,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}


UNREACHED = (DBAPIError, NoConnectionFree)


@contextmanager
def reaching(engine: Engine) -> Iterator[None]:
    """Turns what its driver says into StorageFailed."""
    try:
        yield
    except UNREACHED as error:
        raise translated(error, place(engine)) from error


def place(engine: Engine) -> str:
    """Where it is, for people: the file, or the address without its password."""
    return located(engine.url)


def located(address: str | URL) -> str:
    """The same of an address of SQLAlchemy."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return url.set(drivername="postgresql", query={}).render_as_string()


def is_of_database(error: BaseException) -> bool:
    """Whether the error came from a database's driver, ours or the durable engine's."""
    return isinstance(error, DBAPIError | sqlite3.Error)


def first_line(error: BaseException) -> str:
    """What went wrong, without the statement and its data that SQLAlchemy puts behind it."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


def translated(error: BaseException, place: str) -> StorageFailed:
    """What the driver or the system said of the database there, as our error."""
    cause = getattr(error, "orig", None) or error
    if is_locked(cause):
        text = _(
            "Segferry's own database {place} is locked: another program is writing to that file. "
            "Try again later. If it stays locked, close what else has the file open, such as a "
            "backup or an editor of databases."
        )
        return StorageUnavailable(text.format(place=place))
    why = str(getattr(cause, "strerror", None) or first_line(cause)).rstrip(".")
    advice = (
        _("Check that the server runs, and SEGFERRY_DATABASE_URL.")
        if place.startswith("postgresql:")
        else _("Check the disk space, the folder's permissions, and that no other program uses it.")
    )
    kind = StorageUnavailable if _is_for_now(error, cause) else StorageFailed
    sentence = _("The database in {place} can't be used: {why}.").format(place=place, why=why)
    return kind(f"{sentence} {advice}")


def is_locked(error: BaseException) -> bool:
    """Whether another program writes to a file of SQLite; error of SQLAlchemy or its driver."""
    return _sqlite_code(getattr(error, "orig", None) or error) in _WRITTEN_BY_OTHERS


def _sqlite_code(cause: BaseException) -> int:
    """Without its details."""
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF


def _is_for_now(error: BaseException, cause: BaseException) -> bool:
    """Whether it may pass by itself."""
    if isinstance(cause, OSError):
        return cause.errno in FULL_DISK
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) in _FOR_NOW
    if isinstance(error, OperationalError | NoConnectionFree):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
