"""Where profiles and orders lie: files, or tables of each database, opened as sources."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4

import duckdb
import polars as pl

from core.configuration.source import Source, Table, Whole, open_source, whole
from core.profiles.joined.aggregates import Day
from core.profiles.sources import ROW
from core.settings import Settings
from tests import mariadb
from tests.contracts.joined.tables import (
    KEYS,
    ORDERS,
    PROFILES,
    TODAY,
    UNCOMPOSED,
    ZONE,
    orders,
    profiles,
)
from tests.contracts.rules import engines


class Files:
    """Two Parquet files."""

    name = "polars"
    keys = (*KEYS, UNCOMPOSED)

    def __init__(self, request, folder):
        self.request, self.folder = request, folder
        self.settings = Settings(home=folder / "home")
        self.profiles = profiles(self.keys)
        self.orders = [self.held(row) for row in orders(self.keys)]
        self.load({"profiles": (self.profiles, PROFILES), "orders": (self.orders, ORDERS)})

    def held(self, row):
        """An order as the engine can hold it."""
        return row

    def load(self, tables):
        for name, (rows, types) in tables.items():
            schema = {column: engines.POLARS[of] for column, of in types.items()}
            pl.DataFrame(rows, schema=schema).write_parquet(self.folder / f"{name}.parquet")

    def spec(self, table):
        return {"path": str(self.folder / f"{table}.parquet")}

    def rows(self, join):
        """The profiles with their fields, in order, as they arrive."""
        other = Table(source=Whole(name="Orders", **self.spec("orders")), confined=False)
        spec = Source(name="Profiles", **self.spec("profiles"), joined=[join])
        opened = whole(spec, {"Orders": other})
        source = open_source(opened, self.settings, confined=False, day=Day(TODAY, ZONE))
        found = source.fetched(source.scan()).sort("id").collect()
        assert set(found.columns) == {*source.schema(), ROW}
        return found.drop(ROW).to_dicts()

    def close(self):
        """Ends what was started."""


class Database(Files):
    """Two tables of a database; `types` are those of its columns, `place` stands in a value's."""

    types = MappingProxyType({})
    place = "?"
    schema = ""

    def load(self, tables):
        for name, (rows, types) in tables.items():
            columns = ", ".join(f'"{column}" {self.types[of]}' for column, of in types.items())
            self.execute(f"create table {self.schema}{name} ({columns})")
            places = ", ".join([self.place] * len(types))
            values = [tuple(row.values()) for row in rows]
            self.execute(f"insert into {self.schema}{name} values ({places})", values)

    def spec(self, table):
        return {"type": "database", "url": self.url, "table": f"{self.schema}{table}"}


def unzoned(row):
    """An order for an engine that keeps no time zones."""
    return row | {"real": row["real"] and row["real"].replace(tzinfo=None)}


class DuckDB(Database):
    name, types = "duckdb", engines.DuckDB.types

    def execute(self, sql, values=None):
        self.url = f"duckdb:///{self.folder}/shop.duckdb"
        with duckdb.connect(str(self.folder / "shop.duckdb")) as connection:
            connection.executemany(sql, values) if values else connection.execute(sql)


class SQLite(Database):
    name, types = "sqlite", engines.SQLite.types

    def held(self, row):
        """With totals that a floating number holds, and items of which no sum runs over."""
        total, items = row["total"], row["items"]
        exact = None if total is None else float(round(total * 4)) / 4
        return unzoned(row) | {"total": exact, "items": items and items // 4}

    def execute(self, sql, values=None):
        self.url = f"sqlite:///{self.folder}/shop.db"
        with closing(sqlite3.connect(self.folder / "shop.db")) as connection:
            rows = [
                [one.isoformat() if isinstance(one, date) else one for one in row]
                for row in values or ()
            ]
            connection.executemany(sql, rows) if values else connection.execute(sql)
            connection.commit()


class PostgreSQL(Database):
    name, types, place = "postgresql", engines.PostgreSQL.types, "%s"

    def load(self, tables):
        import psycopg

        self.url = str(self.request.getfixturevalue("postgresql").get_uri())
        name = f"joined_{uuid4().hex}"
        self.schema = f"{name}."
        with psycopg.connect(self.url, autocommit=True) as self.connection:
            self.connection.execute(f"create schema {name}")
            super().load(tables)

    def execute(self, sql, values=None):
        with self.connection.cursor() as cursor:
            cursor.executemany(sql, values) if values else cursor.execute(sql)


class MariaDB(Database):
    name, types, place = "mariadb", engines.MariaDB.types, "%s"
    keys = tuple(KEYS)  # it can't compose letters

    def held(self, row):
        return unzoned(row)

    def load(self, tables):
        import pymysql

        self.home = Path(tempfile.mkdtemp(prefix="segferry-joined-"))
        self.server = mariadb.started(self.home)
        socket = self.home / "socket"
        self.url = f"mariadb://root@localhost/shop?unix_socket={socket}"
        given = {"unix_socket": str(socket), "user": "root", "charset": "utf8mb4"}
        with pymysql.connect(**given, autocommit=True) as self.connection:
            self.execute("create database shop")
            self.execute("use shop")
            self.execute("set time_zone = '+00:00', sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')")
            super().load(tables)

    def execute(self, sql, values=None):
        with self.connection.cursor() as cursor:
            cursor.executemany(sql, values) if values else cursor.execute(sql)

    def close(self):
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.home, ignore_errors=True)


PLACES = {place.name: place for place in (Files, DuckDB, SQLite, PostgreSQL, MariaDB)}
