"""Spark by Spark Connect: queries run on the cluster, rows come as Arrow batches."""

import logging
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.batches import cast_to
from core.profiles.sources.databases.columns import Column, column_of
from core.profiles.sources.databases.drivers import Types, statements
from core.profiles.sources.databases.engines import ENGINES
from core.profiles.sources.databases.losses import Losses

RETRIES = 2  # of a call that didn't reach the server; pyspark's own 15 take ten minutes
COLLATION = " collate "  # in the type of a text, which rules compare without it


class RefusedBySpark(Exception):
    """What the server answered, in its first sentence: the rest are the query and stack traces."""

    def __init__(self, words: str, sqlstate: str | None) -> None:
        super().__init__(words)
        self.sqlstate = sqlstate


def open_driver(address: Address, seconds: float) -> "SparkDriver":
    """A session of the server; the time of a query is bounded by whoever reads."""
    return SparkDriver(address, seconds)


class SparkDriver:
    """A session of its own on the server."""

    engine = "spark"

    def __init__(self, address: Address, seconds: float) -> None:
        _silence()
        with _named_program():
            from pyspark.sql.connect.client.retries import DefaultPolicy
            from pyspark.sql.connect.session import SparkSession

        with _translated():
            self._session: Any = SparkSession.builder.remote(_remote(address)).create()
            few = DefaultPolicy(max_retries=RETRIES, max_backoff=1000)
            self._session.client.set_retry_policies([few])
            self._begin([*statements(address, seconds), *_use(address)])

    def columns(self, base: str) -> list[Column]:
        """Those of the statement's result."""
        with _translated():
            schema = self._session.sql(f"select * from {base} as segferry_given limit 0").schema  # noqa: S608
        return [
            column_of(field.name, field.dataType.simpleString().partition(COLLATION)[0], "spark")
            for field in schema
        ]

    def tables(self) -> list[str]:
        """Those of each database of the current catalogue."""
        with _translated():
            databases = [row[0] for row in self._session.sql("show databases").collect()]
            return [name for database in databases for name in self._tables_of(database)]

    def batches(self, sql: str, types: Types, losses: Losses) -> Iterator[pa.RecordBatch]:
        """The rows, as the server sends them."""
        before = 0
        for batch in self._arrow(sql):
            yield cast_to(batch, types, losses, before)
            before += batch.num_rows

    def cancel(self) -> None:
        """Interrupts what the session does on the cluster."""
        self._session.interruptAll()

    def close(self) -> None:
        """Ends the session on the server."""
        self._session.stop()

    def _begin(self, first: list[str]) -> None:
        try:
            for statement in first:
                self._session.sql(statement)
        except BaseException:
            self.close()
            raise

    def _arrow(self, sql: str) -> Iterator[pa.RecordBatch]:
        """By the iterator beneath `toLocalIterator`, which makes a Python object of each row.

        `toArrow` would hold all of them in memory.
        """
        with _translated():
            client, plan = self._session.client, self._session.sql(sql)._plan
            for found in client.to_table_as_iterator(plan.to_proto(client), {}):
                if isinstance(found, pa.Table):  # the first one is the schema
                    yield from found.to_batches()

    def _tables_of(self, database: str) -> list[str]:
        rows = self._session.sql(f"show tables in {_marked(database)}").collect()
        names = [row["tableName"] for row in rows if not row["isTemporary"]]
        return [f"{_marked(database)}.{_marked(name)}" for name in names]


@contextmanager
def _named_program() -> Iterator[None]:
    """Gives the program a file: one without, as readers are, pyspark ends for its own doctests."""
    main = sys.modules["__main__"]
    if hasattr(main, "__file__"):
        yield
        return
    main.__file__ = "segferry"
    try:
        yield
    finally:
        del main.__file__


def _silence() -> None:
    """What goes wrong is said once, as an error; nothing here is read by pandas.

    pyspark also writes it to the error output, with the whole query: with what rules compare.
    """
    logging.getLogger("SQLQueryContextLogger").disabled = True
    for words in (r"\[RETRIES_EXCEEDED\]", "PySpark does not yet fully support pandas"):
        warnings.filterwarnings("ignore", words)


def _use(address: Address) -> list[str]:
    """The statement that makes what the URL names the usual place of tables, if it names any."""
    parts = [_marked(part) for part in address.database.split("/") if part]
    return [f"use {'.'.join(parts)}"] if parts else []


def _marked(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def _remote(address: Address) -> str:
    """The address as Spark Connect writes it: options after semicolons, also user and token."""
    known = {"user_id": address.user, "token": address.password} | dict(address.options)
    options = "".join(f";{name}={quote(one, safe='')}" for name, one in known.items() if one)
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"sc://{host}:{address.port or ENGINES['spark'].port}/{options}"


@contextmanager
def _translated() -> Iterator[None]:
    """Turns what pyspark raises into its first sentence and its SQLSTATE."""
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        state = error.getSqlState() if hasattr(error, "getSqlState") else None
        raise RefusedBySpark(_first_sentence(str(error)), state) from None


def _first_sentence(text: str) -> str:
    """Without the name of the condition, any value, and what stands after the SQLSTATE."""
    detail = text.partition('details = "')[2].partition('"\n')[0] or text
    line = next(iter(detail.partition("SQLSTATE:")[0].strip().splitlines()), "")
    words = line.partition("] ")[2] if line.startswith("[") else line
    return re.sub(r"'[^']*'", "'…'", words).strip()
