"""DuckDB by its own Arrow; a query of it reads its file and no other."""

from collections.abc import Iterator
from threading import Lock
from typing import Any

import pyarrow as pa

from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.batches import ROWS, cast_to
from core.profiles.sources.databases.columns import Column, column_of
from core.profiles.sources.databases.drivers import Types
from core.profiles.sources.databases.losses import Losses

CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
}
PREPARING = Lock()
TABLES = """
select '"' || replace(table_schema, '"', '""') || '"."' || replace(table_name, '"', '""') || '"'
from information_schema.tables where table_schema not in ('information_schema', 'pg_catalog')
order by 1
"""


def open_driver(address: Address, _seconds: float) -> "DuckdbDriver":
    """A session of the file; the time of a query is bounded by whoever reads."""
    return DuckdbDriver(address)


class DuckdbDriver:
    """A connection with one transaction."""

    engine = "duckdb"

    def __init__(self, address: Address) -> None:
        import duckdb

        self._connection: Any = duckdb.connect(address.database, read_only=True, config=CLOSED)
        with PREPARING:
            self._prepare()
        self._connection.execute("begin")

    def _prepare(self) -> None:
        """Once for all sessions of the file in this program, which share what is set."""
        locked = self._connection.execute("select current_setting('lock_configuration')")
        if not locked.fetchone()[0]:
            self._connection.execute("set global TimeZone = 'UTC'")
            self._connection.execute("set lock_configuration = true")

    def columns(self, base: str) -> list[Column]:
        """As DuckDB describes them: of a query itself, around which it would rename duplicates."""
        query = base if base.startswith("(") else f"from {base}"
        found = self._connection.execute(f"describe {query}")
        return [column_of(name, type, "duckdb") for name, type, *_rest in found.fetchall()]

    def tables(self) -> list[str]:
        """Tables and views of the file."""
        return [name for (name,) in self._connection.execute(TABLES).fetchall()]

    def batches(self, sql: str, types: Types, losses: Losses) -> Iterator[pa.RecordBatch]:
        """The rows, as DuckDB makes them."""
        before = 0
        for batch in self._connection.sql(sql).to_arrow_reader(ROWS):
            yield cast_to(batch, types, losses, before)
            before += batch.num_rows

    def cancel(self) -> None:
        """Interrupts the statement."""
        self._connection.interrupt()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()
