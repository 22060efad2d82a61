"""The engines that rules are compared by: each holds the people, and says who passes a rule.

A further one is a class with `fields` and `answers`, and a line in ENGINES.
"""

import os
import shutil
import sqlite3
import tempfile
import unicodedata
from contextlib import closing
from datetime import date
from math import isfinite
from pathlib import Path
from types import MappingProxyType

import duckdb
import narwhals as nw
import polars as pl

from core.profiles.segments.checks import check
from core.profiles.segments.expressions import expression
from core.profiles.segments.ranked import ranked
from core.profiles.segments.rules import Group
from core.profiles.sources import EngineSchema
from core.profiles.sources.databases import engines, functions, relations
from core.profiles.sources.frames import normalised
from tests import mariadb, spark
from tests.contracts.rules.people import KINDS, POOLS, TODAY, TYPES, ZONE, people

NIGHTLY = bool(os.environ.get("SEGFERRY_NIGHTLY"))
ALL = tuple(POOLS)
NO_LISTS = tuple(field for field in ALL if field not in ("tags", "sizes"))
POLARS = {
    "text": pl.String,
    "whole": pl.Int64,
    "floating": pl.Float64,
    "short": pl.Float32,
    "exact": pl.Decimal(20, 4),
    "flag": pl.Boolean,
    "day": pl.Date,
    "told": pl.Datetime("us"),
    "real": pl.Datetime("us", "UTC"),
    "tags": pl.List(pl.String),
    "sizes": pl.List(pl.Int64),
}


def composed(text):
    """Its letters as one character each, for an engine that can't compose them."""
    return unicodedata.normalize("NFC", text)


class Engine:
    """An engine that holds people; `fields` are those that it can hold."""

    name = "polars"
    fields = ALL

    def __init__(self, request):
        self.request = request
        self.schema = EngineSchema({field: KINDS[field] for field in self.fields}, self.name)
        self.people = [self.person(row) for row in people(self.fields, NIGHTLY)]
        self.load()

    def person(self, row):
        """One of the people as the engine can hold them."""
        return row

    def checked(self, trees):
        """The trees as groups of rules; Invalid for what this engine refuses."""
        groups = [Group.model_validate(tree) for tree in trees]
        for group in groups:
            check(group, self.schema, "")
        return groups

    def marks(self, frame, groups):
        """A column for each of the groups, in order."""
        prepared_frame, texts = ranked(frame, groups, self.schema, TODAY, ZONE)
        marks = [
            expression(group, texts, TODAY, ZONE).alias(f"m{n}") for n, group in enumerate(groups)
        ]
        return prepared_frame.select("id", *marks)

    def load(self):
        schema = {"id": pl.Int64} | {field: POLARS[field] for field in self.fields}
        rows = [{"id": n, **row} for n, row in enumerate(self.people)]
        self.frame = nw.from_native(normalised(pl.LazyFrame(rows, schema=schema)))

    def close(self):
        """Ends what was started."""

    def answers(self, trees):
        """Of each tree whether each of the people is in it, in their order."""
        found = self.marks(self.frame, self.checked(trees)).collect().sort("id").drop("id")
        assert not any(column.null_count() for column in found.iter_columns())
        return [column.to_list() for column in found.iter_columns()]


class Database(Engine):
    """An engine that is asked in SQL; `types` are those of its columns."""

    dialect = ""
    types = MappingProxyType({})

    def sql(self, trees):
        import ibis  # here: each process of tests imports this module

        table = ibis.table({"id": "int64"} | {f: TYPES[f] for f in self.fields}, relations.PLACE)
        marks = self.marks(nw.from_native(table), self.checked(trees))
        engine = engines.Engine(self.name, self.name, self.dialect, "", "", ())
        return relations.sql(marks, {relations.PLACE: "people"}, engine)

    def answers(self, trees):
        rows = sorted(self.fetch(self.sql(trees)))
        assert {type(value) for row in rows for value in row[1:]} <= {bool, int}
        assert len(rows) == len(self.people)
        return [[bool(row[n]) for row in rows] for n in range(1, len(trees) + 1)]

    def create(self):
        columns = ", ".join(f'"{field}" {self.types[field]}' for field in self.fields)
        return f'create table people ("id" bigint, {columns})'

    def rows(self):
        for n, row in enumerate(self.people):
            yield (n, *(row[field] for field in self.fields))


class DuckDB(Database):
    name = dialect = "duckdb"
    types = MappingProxyType(
        {
            "text": "varchar",
            "whole": "bigint",
            "floating": "double",
            "short": "float",
            "exact": "decimal(20, 4)",
            "flag": "boolean",
            "day": "date",
            "told": "timestamp",
            "real": "timestamptz",
            "tags": "varchar[]",
            "sizes": "bigint[]",
        }
    )

    def load(self):
        self.connection = duckdb.connect()
        self.connection.execute("set timezone = 'America/New_York'")
        self.connection.execute(self.create())
        places = ", ".join("?" * (len(self.fields) + 1))
        self.connection.executemany(f"insert into people values ({places})", list(self.rows()))

    def fetch(self, sql):
        return self.connection.execute(sql).fetchall()

    def close(self):
        self.connection.close()


class SQLite(Database):
    name = dialect = "sqlite"
    fields = NO_LISTS
    types = MappingProxyType(
        {
            "text": "text collate nocase",
            "whole": "integer",
            "floating": "real",
            "short": "real",
            "exact": "decimal(20, 4)",
            "flag": "boolean",
            "day": "date",
            "told": "datetime",
            "real": "datetime",
        }
    )

    def load(self):
        self.connection = sqlite3.connect(":memory:")
        functions.register(self.connection)
        self.connection.execute(self.create())
        places = ", ".join("?" * (len(self.fields) + 1))
        self.connection.executemany(f"insert into people values ({places})", self.rows())

    def person(self, row):
        exact = row["exact"]  # decimals are floating numbers there
        return row | {"exact": exact if exact is None else float(exact)}

    def rows(self):
        for row in super().rows():
            yield [one.isoformat() if isinstance(one, date) else one for one in row]

    def fetch(self, sql):
        with closing(self.connection.execute(sql)) as found:
            return found.fetchall()


class PostgreSQL(Database):
    name, dialect = "postgresql", "postgres"
    types = MappingProxyType(
        {
            "text": "text",
            "whole": "bigint",
            "floating": "double precision",
            "short": "real",
            "exact": "numeric(20, 4)",
            "flag": "boolean",
            "day": "date",
            "told": "timestamp",
            "real": "timestamptz",
            "tags": "text[]",
            "sizes": "bigint[]",
        }
    )

    def load(self):
        import psycopg

        server = self.request.getfixturevalue("postgresql")
        self.connection = psycopg.connect(server.get_uri(), autocommit=True)
        self.connection.execute("create schema rules")
        self.connection.execute("set search_path = rules; set timezone = 'America/New_York'")
        self.connection.execute(self.create())
        places = ", ".join(["%s"] * (len(self.fields) + 1))
        with self.connection.cursor() as cursor:
            cursor.executemany(f"insert into people values ({places})", list(self.rows()))

    def person(self, row):
        text = row["text"]  # in which it can't hold a null byte
        return row | {"text": text and text.replace("\0", "")}

    def fetch(self, sql):
        return self.connection.execute(sql).fetchall()

    def close(self):
        self.connection.execute("drop schema rules cascade")
        self.connection.close()


class MariaDB(Database):
    """Its server is one of the machine's, if it has one, started for the tests alone."""

    name, dialect = "mariadb", "mysql"
    fields = NO_LISTS
    types = MappingProxyType(
        {
            "text": "text character set utf8mb4 collate utf8mb4_general_ci",
            "whole": "bigint",
            "floating": "double",
            "short": "float",
            "exact": "decimal(20, 4)",
            "flag": "boolean",
            "day": "date",
            "told": "datetime(6)",
            "real": "datetime(6)",
        }
    )

    def load(self):
        import pymysql

        self.folder = Path(tempfile.mkdtemp(prefix="segferry-rules-"))
        self.server = mariadb.started(self.folder)
        self.connection = pymysql.connect(
            unix_socket=str(self.folder / "socket"), user="root", charset="utf8mb4", autocommit=True
        )
        with self.connection.cursor() as cursor:
            cursor.execute("create database people")
            cursor.execute("use people")
            cursor.execute(
                "set time_zone = '+00:00', sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')"
            )
            cursor.execute(self.create())
            places = ", ".join(["%s"] * (len(self.fields) + 1))
            cursor.executemany(f"insert into people values ({places})", list(self.rows()))

    def person(self, row):
        """It has no numbers that aren't finite, and writes short ones with six digits.

        Nor can it compose letters.
        """
        numbers = {
            field: None if row[field] is None or not isfinite(row[field]) else row[field]
            for field in ("floating", "short")
        }
        if numbers["short"]:
            numbers["short"] = float(f"{numbers['short']:.6g}")
        return row | numbers | {"text": row["text"] and composed(row["text"])}

    def fetch(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def close(self):
        self.connection.close()
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Spark(Database):
    """Its server is one that SPARK_HOME names, started for the tests alone."""

    name, dialect = "spark", "databricks"

    def load(self):
        self.folder = Path(tempfile.mkdtemp(prefix="segferry-rules-"))
        self.server = spark.Spark(self.folder)  # skips before what ends the tests without Spark
        from pyspark.sql.connect.session import SparkSession

        self.session = SparkSession.builder.remote(self.server.url).create()
        self.session.sql("set spark.sql.session.timeZone = UTC").collect()
        schema = {"id": pl.Int64} | {field: POLARS[field] for field in self.fields}
        rows = [{"id": n, **row} for n, row in enumerate(self.people)]
        table = pl.DataFrame(rows, schema=schema).to_arrow(compat_level=pl.CompatLevel.oldest())
        made = self.session.createDataFrame(table)
        collated = made.selectExpr("* except (text)", "text collate UNICODE_CI_RTRIM as text")
        collated.createOrReplaceTempView("people")

    def person(self, row):
        """It can't compose letters."""
        tags = row["tags"] and [one and composed(one) for one in row["tags"]]
        return row | {"text": row["text"] and composed(row["text"]), "tags": tags}

    def fetch(self, sql):
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def close(self):
        self.session.stop()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


ENGINES = {engine.name: engine for engine in (Engine, DuckDB, SQLite, PostgreSQL, MariaDB, Spark)}
