"""The sandbox's database: SQLite in memory, with listmonk's own names of tables and columns.

So the SQL that a caller may send runs here as it does at listmonk's PostgreSQL, as far as both
speak the same.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

Db = sqlite3.Connection

SCHEMA = """
CREATE TABLE subscribers(
    id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, email TEXT NOT NULL,
    name TEXT NOT NULL, attribs TEXT NOT NULL DEFAULT '{}',
    status TEXT NOT NULL DEFAULT 'enabled'
        CHECK(status IN ('enabled', 'disabled', 'blocklisted')),
    created_at REAL NOT NULL, updated_at REAL NOT NULL);
CREATE UNIQUE INDEX subscribers_email ON subscribers(LOWER(email));
CREATE TABLE lists(
    id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, name TEXT NOT NULL,
    type TEXT NOT NULL CHECK(type IN ('public', 'private', 'temporary')),
    optin TEXT NOT NULL CHECK(optin IN ('single', 'double')),
    status TEXT NOT NULL DEFAULT 'active', created_at REAL NOT NULL, updated_at REAL NOT NULL);
CREATE TABLE subscriber_lists(
    subscriber_id INTEGER NOT NULL REFERENCES subscribers(id) ON DELETE CASCADE,
    list_id INTEGER NOT NULL REFERENCES lists(id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK(status IN ('unconfirmed', 'confirmed', 'unsubscribed')),
    created_at REAL NOT NULL, updated_at REAL NOT NULL,
    PRIMARY KEY(subscriber_id, list_id)) WITHOUT ROWID;
CREATE INDEX subscriber_lists_list ON subscriber_lists(list_id);
CREATE TABLE campaigns(
    id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, name TEXT NOT NULL,
    subject TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, send_at REAL,
    started_at REAL);
CREATE TABLE campaign_lists(
    campaign_id INTEGER NOT NULL REFERENCES campaigns(id),
    list_id INTEGER NOT NULL REFERENCES lists(id), list_name TEXT NOT NULL);
"""
READABLE = frozenset({"subscribers", "lists", "subscriber_lists", "campaigns", "campaign_lists"})


class State:
    """The database, one user at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._db = self._fresh()

    @contextmanager
    def transaction(self) -> Iterator[Db]:
        """Everything of one request, or nothing of it."""
        with self._lock, self._db:
            self._db.execute("BEGIN")
            yield self._db

    def clear(self) -> None:
        """Begins again with empty tables, and ids from 1."""
        with self._lock:
            self._db.close()
            self._db = self._fresh()

    def close(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._db.close()

    def _fresh(self) -> Db:
        db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys=ON")
        db.executescript(SCHEMA)
        return db


@contextmanager
def read_only(db: Db) -> Iterator[None]:
    """Meanwhile nothing but reading listmonk's tables is possible, as in its own queries."""
    db.set_authorizer(_permitted)
    try:
        yield
    finally:
        db.set_authorizer(None)


def _permitted(action: int, first: str | None, *_more: str | None) -> int:
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and first in READABLE:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
