"""Real databases with a table of people: a file of SQLite or DuckDB, a schema of a PostgreSQL."""

import shutil
import socket
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from core.profiles.sources import Reading, open_source
from core.profiles.sources.databases.source import DatabaseSource, tables_of
from core.profiles.sources.limits import Limits
from tests import mariadb, tls
from tests.databases import new_database

COLUMNS = "id integer, email varchar(80), country varchar(2), spent decimal(10,2), born date"
PEOPLE = [
    (3, "c@x.lv", "LV", 30.5, "1990-01-03"),
    (1, "a@x.lv", "LV", 10.25, "1990-01-01"),
    (2, "B@x.lv", "EE", None, None),
    (4, " A@X.lv", "LV", 400, "1990-01-04"),
    (5, None, "LV", 5, "1990-01-05"),
]


@dataclass
class Database:
    """Where it is, and a way to write to it."""

    url: str
    execute: Callable[..., None]
    cache: Path
    opened: list[DatabaseSource] = field(default_factory=list)

    def open(self, limits: Limits | None = None, progress=None, **options: Any) -> DatabaseSource:
        """A source over the table `people`, unless another table or query is given."""
        given = options or {"table": "people"}
        reading = Reading(
            "People", "database", None, given, limits=limits or Limits(), url=self.url
        )
        source = open_source(reading, self.cache, progress)
        assert isinstance(source, DatabaseSource)
        return source

    def tables(self) -> list[str]:
        """Those that may be read there."""
        return tables_of(Reading("People", "database", url=self.url))


def filled(database: Database, rows: Sequence[tuple[Any, ...]] = PEOPLE) -> Database:
    """The database with the table `people`."""
    database.execute(f"create table people ({COLUMNS})")
    if rows:
        database.execute(f"insert into people values {', '.join(map(_written, rows))}")
    return database


def _written(row: Sequence[Any]) -> str:
    return f"({', '.join('null' if one is None else repr(one) for one in row)})"


def sqlite_at(path: Path, cache: Path) -> Database:
    def execute(sql: str) -> None:
        connection = sqlite3.connect(path)
        connection.execute(sql)
        connection.commit()
        connection.close()

    return Database(f"sqlite:///{path}", execute, cache)


def duckdb_at(path: Path, cache: Path) -> Database:
    def execute(sql: str) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute(sql)

    return Database(f"duckdb:///{path}", execute, cache)


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    return filled(sqlite_at(tmp_path / "people.db", tmp_path / "cache"))


@pytest.fixture(scope="session")
def filled_duckdb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the table `people`; DuckDB takes much longer to make one than to copy it."""
    folder = tmp_path_factory.mktemp("duckdb")
    filled(duckdb_at(folder / "people.duckdb", folder / "cache"))
    return folder / "people.duckdb"


@pytest.fixture
def duck(filled_duckdb: Path, tmp_path: Path) -> Database:
    shutil.copy(filled_duckdb, tmp_path)
    return duckdb_at(tmp_path / filled_duckdb.name, tmp_path / "cache")


@pytest.fixture
def postgres(postgresql: Any, tmp_path: Path) -> Iterator[Database]:
    """A database of its own on the server of all tests."""
    url = new_database(postgresql.get_uri(), name=f"source_{uuid.uuid4().hex}")
    with psycopg.connect(url, autocommit=True) as connection:
        yield filled(Database(url, connection.execute, tmp_path / "cache"))


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Path]:
    """The socket of a MariaDB that is started for the tests."""
    folder = Path(tempfile.mkdtemp(prefix="segferry-mariadb-"))
    pair = tls.Authority(folder, "first").signed("localhost")
    for file, name in ((pair.certificate, "server.pem"), (pair.key, "server.key")):
        shutil.copy(file, folder / name)
        (folder / name).chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "port").write_text(str(port))
    server = mariadb.started(
        folder,
        *(f"--ssl-cert={folder}/server.pem", f"--ssl-key={folder}/server.key"),
        *(f"--port={port}", "--bind-address=127.0.0.1"),
    )
    yield folder / "socket"
    server.terminate()
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def maria(mariadb_server: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of its own on that server."""
    import pymysql

    name = f"source_{uuid.uuid4().hex}"
    with pymysql.connect(unix_socket=str(mariadb_server), user="root", autocommit=True) as own:

        def execute(sql: str) -> None:
            with own.cursor() as cursor:
                cursor.execute(sql)

        execute("set sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')")
        execute(f"create database {name} character set utf8mb4")
        execute(f"use {name}")
        url = f"mariadb://root@localhost/{name}?unix_socket={mariadb_server}"
        yield filled(Database(url, execute, tmp_path / "cache"))


@pytest.fixture(params=["sqlite", "duck", "postgres", "maria"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each of them."""
    return request.getfixturevalue(request.param)
