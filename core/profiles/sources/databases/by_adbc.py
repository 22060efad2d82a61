"""PostgreSQL by ADBC: rows come as Arrow batches of the server's binary copy."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.batches import cast_to
from core.profiles.sources.databases.columns import Column, column_of
from core.profiles.sources.databases.drivers import Types, statements
from core.profiles.sources.databases.losses import Losses

CONNECT_SECONDS = 15
BATCH = "adbc.postgresql.batch_size_hint_bytes"
BYTES = str(2 << 20)  # of a batch
TABLES = """
select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p', 'f') and not c.relispartition
and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
order by 1 limit 5000
"""


def open_driver(address: Address, seconds: float) -> "AdbcDriver":
    """A session of the database."""
    return AdbcDriver(address, seconds)


class AdbcDriver:
    """A connection with one transaction."""

    engine = "postgresql"

    def __init__(self, address: Address, seconds: float) -> None:
        from adbc_driver_postgresql import dbapi

        self._begin = list(statements(address, seconds))
        self._connection: Any = dbapi.connect(_url(address))
        self._cursor: Any = None
        self._failed = True  # there is no transaction yet

    def columns(self, base: str) -> list[Column]:
        """Those of the statement's result."""
        query = f"select * from {base} as segferry_given limit 0"  # noqa: S608
        with self._execute(query) as cursor:
            schema = cursor.fetch_record_batch().schema
        return [column_of(field.name, _type(field), "postgres") for field in schema]

    def tables(self) -> list[str]:
        """Those that the role may read."""
        with self._execute(TABLES) as cursor:
            return [name for (name,) in cursor.fetchall()]

    def batches(self, sql: str, types: Types, losses: Losses) -> Iterator[pa.RecordBatch]:
        """The rows, as the server sends them."""
        before = 0
        with self._execute(sql) as cursor:
            for batch in cursor.fetch_record_batch():
                yield cast_to(batch, types, losses, before)
                before += batch.num_rows

    def cancel(self) -> None:
        """Asks the server to end the statement."""
        if self._cursor is not None:
            self._cursor.adbc_cancel()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _execute(self, sql: str) -> Any:
        """A cursor that has executed it, in the transaction; after a failure in another one."""
        if self._failed:
            self._connection.rollback()
            for statement in self._begin:
                with self._connection.cursor() as cursor:
                    cursor.execute(statement)
        self._failed = True
        cursor = self._cursor = self._connection.cursor()
        try:
            cursor.adbc_statement.set_options(**{BATCH: BYTES})
            cursor.execute(sql)
        except BaseException:
            cursor.close()
            raise
        self._failed = False
        return cursor


def _type(field: pa.Field) -> str:
    """The type's name, with the sizes of a numeric."""
    known = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
    name, mod = known.get("POSTGRESQL:type", ""), int(known.get("POSTGRESQL:typmod", "-1"))
    if name == "numeric" and mod >= 4 and not mod - 4 & 0x400:  # a sign: zeros before the point
        return f"numeric({(mod - 4) >> 16},{(mod - 4) & 0x3FF})"
    if name.startswith("_"):
        return f"{name[1:]}[]"
    return name or str(field.type)


def _url(address: Address) -> str:
    """As libpq reads it, with a bound for connecting."""
    parts = urlsplit(address.url)
    query = parts.query
    if "connect_timeout" not in address.options:
        query = "&".join(filter(None, (query, f"connect_timeout={CONNECT_SECONDS}")))
    return parts._replace(scheme="postgresql", query=query).geturl()
