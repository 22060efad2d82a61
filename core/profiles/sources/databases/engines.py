"""The databases that are read, one a row: what differs between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    # What a session begins with: read only, one state, a bound of time ({seconds}, {ms}), UTC.
    begin: tuple[str, ...] = field(default=())
    tried: bool = False  # against a real one, in the tests


POSTGRESQL = (
    "set transaction isolation level repeatable read, read only",
    "select set_config('statement_timeout', '{ms}', true), set_config('TimeZone', 'UTC', true),"
    " set_config('application_name', 'segferry', true)",
    # The server ends what it does for somebody who is no longer there.
    "select set_config(name, '5000', true) from pg_settings"
    " where name = 'client_connection_check_interval'",
)
MYSQL = (
    "set session transaction read only",
    "set session transaction isolation level repeatable read",
    "set time_zone = '+00:00'",
    "set session sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')",
)
ENGINES: Mapping[str, Engine] = {
    engine.name: engine
    for engine in (
        Engine(
            *("postgresql", "PostgreSQL", "postgres", "adbc", "adbc_driver_postgresql"),
            ("postgresql", "postgres"),
            port=5432,
            begin=POSTGRESQL,
            tried=True,
        ),
        Engine(*("sqlite", "SQLite", "sqlite", "sqlite", "sqlite3"), ("sqlite",), is_file=True),
        Engine(*("duckdb", "DuckDB", "duckdb", "duckdb", "duckdb"), ("duckdb",), is_file=True),
    )
}
