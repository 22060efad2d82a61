"""The sandbox's database: one SQLite file, one writer at a time, any number of readers."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue

from core.errors import StorageFailed
from core.texts import _

Db = sqlite3.Connection

SCHEMA = """
CREATE TABLE IF NOT EXISTS list(
    id TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, opt_in TEXT NOT NULL,
    created REAL NOT NULL, updated REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS flow(
    id TEXT PRIMARY KEY, list TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
    created REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS profile(
    n INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, email TEXT, phone TEXT,
    external_id TEXT, created REAL NOT NULL, updated REAL NOT NULL, body TEXT NOT NULL,
    consent TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS profile_email
    ON profile(account, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS profile_external_id
    ON profile(account, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS profile_phone ON profile(account, phone) WHERE phone IS NOT NULL;
CREATE TABLE IF NOT EXISTS member(
    seq INTEGER PRIMARY KEY, list TEXT NOT NULL, n INTEGER NOT NULL, joined REAL NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS member_once ON member(n, list);
CREATE INDEX IF NOT EXISTS member_of ON member(list);
CREATE TABLE IF NOT EXISTS job(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, list TEXT,
    fate TEXT NOT NULL, total INTEGER NOT NULL, taken INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL, started REAL NOT NULL,
    due REAL NOT NULL, finished REAL);
CREATE INDEX IF NOT EXISTS job_open ON job(due) WHERE finished IS NULL;
CREATE TABLE IF NOT EXISTS payload(job INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS import_error(
    seq INTEGER PRIMARY KEY, job INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS import_error_job ON import_error(job);
CREATE TABLE IF NOT EXISTS campaign(
    id TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
    channel TEXT NOT NULL, included TEXT NOT NULL, excluded TEXT NOT NULL, send_at REAL,
    created REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS segment(
    id TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
    active INTEGER NOT NULL, created REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deletion(
    seq INTEGER PRIMARY KEY, account TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    due REAL NOT NULL, finished REAL);
"""
TABLES = (
    *("import_error", "payload", "job", "deletion", "member", "profile"),
    *("campaign", "segment", "flow", "list"),
)


class State:
    """The open database; close it when done."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._idle: LifoQueue[Db] = LifoQueue()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connected()
            self._writer.executescript(SCHEMA)
        except (OSError, sqlite3.Error) as error:
            text = _("The sandbox can't write {file}: {why}. Use another folder.")
            raise StorageFailed(text.format(file=file, why=error)) from error

    @contextmanager
    def writing(self) -> Iterator[Db]:
        """One transaction; other writers wait."""
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            with self._writer:
                yield self._writer

    @contextmanager
    def attached(self, other: Path) -> Iterator[Db]:
        """A transaction that sees the tables of another such file, too, as `other`."""
        with self._lock:
            self._writer.execute("ATTACH DATABASE ? AS other", (str(other),))
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                with self._writer:
                    yield self._writer
            finally:
                self._writer.execute("DETACH DATABASE other")

    @contextmanager
    def reading(self) -> Iterator[Db]:
        """A connection that sees what is committed; one reader each."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._connected()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def clear(self) -> None:
        """Empties every table."""
        with self.writing() as db:
            for table in TABLES:
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own

    def close(self) -> None:
        """Closes every connection."""
        with self._lock:
            self._writer.close()
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _connected(self) -> Db:
        connection = sqlite3.connect(
            self._file, check_same_thread=False, isolation_level=None, timeout=30
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        # A killed process loses nothing this way; only a crash of the machine could.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-32768")
        return connection
