"""The databases that are read, one a row: what differs between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Engine:
    """A database: how its SQL is made, what reads it, and how a session of it is opened.

    `driver` is a module of `drivers`, `needs` the Python module that it imports, and `extra` what
    installs that (`pip install "segferry[extra]"`), empty where it comes with Segferry.
    """

    name: str
    title: str
    dialect: str  # of Ibis and sqlglot
    driver: str
    needs: str
    schemes: tuple[str, ...]
    extra: str = ""
    port: int | None = None
    is_file: bool = False
    tells_case: bool = False  # whether a and A are two columns
    is_eager: bool = False  # whether it computes all that an inner query gives, for all rows
    refused: frozenset[str] = frozenset()  # functions that no query may call
    # What a session begins with: read only, one state, a bound of time ({seconds}, {ms}), UTC.
    begin: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)  # of types that a cast makes no text

    @property
    def scheme(self) -> str:
        """How its URLs begin, where they may begin in several ways the usual one."""
        return self.schemes[0]


POSTGRESQL = (
    "set transaction isolation level repeatable read, read only",
    "select set_config('statement_timeout', '{ms}', true), set_config('TimeZone', 'UTC', true),"
    " set_config('application_name', 'segferry', true)",
    # The server ends what it does for somebody who is no longer there.
    "select set_config(name, '5000', true) from pg_settings"
    " where name = 'client_connection_check_interval'",
)
# Its own bounds of time differ: see `by_mysql`.
MYSQL = (
    "set time_zone = '+00:00', sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')",
    "set session transaction isolation level repeatable read, read only",
    "start transaction with consistent snapshot, read only",
)
MYSQL_TEXTS = {"bit": "BIN({0} + 0)", "point": "ST_ASTEXT({0})"}
SNOWFLAKE = (
    "alter session set timezone = 'UTC', statement_timeout_in_seconds = {seconds}",
    "begin transaction",
)
SPARK = ("set spark.sql.session.timeZone = UTC", "set spark.sql.runSQLOnFiles = false")
RUNS_JAVA = frozenset({"reflect", "java_method", "try_reflect"})  # any method of the server's


def _server(
    name: str, title: str, dialect: str, driver: str, needs: str, port: int | None, **more: Any
) -> Engine:
    given = {"schemes": (name,)} | more
    return Engine(name, title, dialect, driver, needs, port=port, **given)


def _mysql(name: str, title: str) -> Engine:
    given = name, title, "mysql", "mysql", "pymysql", 3306
    return _server(*given, extra="mysql", begin=MYSQL, texts=MYSQL_TEXTS)


def _file(name: str, title: str, needs: str, **more: Any) -> Engine:
    return Engine(name, title, name, name, needs, (name,), is_file=True, **more)


_EVERY = (
    _server(
        *("postgresql", "PostgreSQL", "postgres", "adbc", "adbc_driver_postgresql", 5432),
        schemes=("postgresql", "postgres"),
        begin=POSTGRESQL,
        tells_case=True,
    ),
    _file("sqlite", "SQLite", "sqlite3"),
    _file("duckdb", "DuckDB", "duckdb", is_eager=True),
    _mysql("mysql", "MySQL"),
    _mysql("mariadb", "MariaDB"),
    _server(
        *("snowflake", "Snowflake", "snowflake", "warehouse", "snowflake.connector", None),
        extra="snowflake",
        begin=SNOWFLAKE,
        tells_case=True,
    ),
    _server(
        *("bigquery", "BigQuery", "bigquery", "warehouse", "google.cloud.bigquery", None),
        extra="bigquery",
    ),
    _server(
        *("databricks", "Databricks", "databricks", "warehouse", "databricks.sql", None),
        extra="databricks",
        begin=("set time zone 'UTC'",),
        refused=RUNS_JAVA,
    ),
    _server(
        *("spark", "Spark", "databricks", "spark", "pyspark", 15002),
        schemes=("sc",),
        extra="spark",
        begin=SPARK,
        refused=RUNS_JAVA,
    ),
    _server(
        *("trino", "Trino", "trino", "warehouse", "trino.dbapi", 8080),
        extra="trino",
        begin=("set time zone 'UTC'", "set session query_max_run_time = '{seconds}s'"),
    ),
)
ENGINES: Mapping[str, Engine] = {engine.name: engine for engine in _EVERY}
