"""Snowflake, BigQuery, Databricks and Trino by their own Python drivers, as DB-API has it.

Their SQL is proved by tests; no test has ever talked to one of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.batches import ROWS, batch_of
from core.profiles.sources.databases.columns import Column, column_of
from core.profiles.sources.databases.drivers import Types, statements
from core.profiles.sources.databases.losses import Losses

TABLES = """
select table_schema, table_name from information_schema.tables
where lower(table_schema) <> 'information_schema' order by 1, 2 limit 5000
"""


def open_driver(address: Address, seconds: float) -> "WarehouseDriver":
    """A session of the warehouse."""
    return WarehouseDriver(address, seconds)


class WarehouseDriver:
    """A connection."""

    def __init__(self, address: Address, seconds: float) -> None:
        self.engine = address.engine.name
        self._dialect = address.engine.dialect
        self._connection: Any = CONNECT[self.engine](address)
        self._cursor: Any = None
        for statement in statements(address, seconds):
            self._execute(statement)

    def columns(self, base: str) -> list[Column]:
        """Those of the statement's result."""
        cursor = self._execute(f"select * from {base} as segferry_given limit 0")  # noqa: S608
        cursor.fetchall()
        return [
            column_of(one[0], _type(self.engine, one), self._dialect) for one in cursor.description
        ]

    def tables(self) -> list[str]:
        """Those of the catalogue, or of the data set, that the URL names."""
        mark = '"' if self.engine in ("snowflake", "trino") else "`"
        rows = self._execute(TABLES).fetchall()
        return [".".join(f"{mark}{part}{mark}" for part in row) for row in rows]

    def batches(self, sql: str, types: Types, losses: Losses) -> Iterator[pa.RecordBatch]:
        """The rows, ROWS at a time."""
        cursor, before = self._execute(sql), 0
        while rows := cursor.fetchmany(ROWS):
            yield batch_of([tuple(row) for row in rows], types, losses, before)
            before += len(rows)

    def cancel(self) -> None:
        """Asks the warehouse to end the statement, as far as its driver can."""
        if self.engine == "snowflake":
            self._cursor.abort_query(self._cursor.sfqid)
            return
        under_way: Any = getattr(self._cursor, "query_job", None) or self._cursor  # BigQuery's
        under_way.cancel()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _execute(self, sql: str) -> Any:
        self._cursor = self._connection.cursor()
        self._cursor.execute(sql)
        return self._cursor


def _type(engine: str, described: Sequence[Any]) -> str:
    """The type's name as the engine writes it in its tables."""
    code, precision, scale = described[1], described[4], described[5]
    if engine != "snowflake":
        name = str(code)
        return f"{name}({precision},{scale})" if name == "decimal" and precision else name
    from snowflake.connector.constants import FIELD_ID_TO_NAME

    name = str(FIELD_ID_TO_NAME[code])
    if name == "FIXED":
        return (
            "bigint" if not scale and (precision or 38) <= 18 else f"decimal({precision},{scale})"
        )
    return {"REAL": "double", "TEXT": "varchar"}.get(name, name.lower())


def _snowflake(address: Address) -> Any:
    """`snowflake://user:password@account/database/schema?warehouse=…&role=…`."""
    from snowflake import connector

    database, _slash, schema = address.database.partition("/")
    return connector.connect(
        account=address.host,
        user=address.user,
        password=address.password or None,
        database=database or None,
        schema=schema or None,
        application="segferry",
        **address.options,
    )


def _bigquery(address: Address) -> Any:
    """`bigquery://project/dataset`, with the credentials of the environment."""
    from google.cloud import bigquery
    from google.cloud.bigquery import dbapi

    job = bigquery.QueryJobConfig(
        default_dataset=f"{address.host}.{address.database}" if address.database else None
    )
    client = bigquery.Client(project=address.host, default_query_job_config=job)
    return dbapi.connect(client)


def _databricks(address: Address) -> Any:
    """`databricks://token:…@host/catalog/schema?http_path=…`."""
    from databricks import sql

    catalog, _slash, schema = address.database.partition("/")
    return sql.connect(
        server_hostname=address.host,
        http_path=address.options.get("http_path", ""),
        access_token=address.password,
        catalog=catalog or None,
        schema=schema or None,
    )


def _trino(address: Address) -> Any:
    """`trino://user:password@host:port/catalog/schema`; with a password always by TLS."""
    from trino import dbapi
    from trino.auth import BasicAuthentication

    catalog, _slash, schema = address.database.partition("/")
    safe = bool(address.password)
    return dbapi.connect(
        host=address.host,
        port=address.port or (443 if safe else 8080),
        user=address.user,
        auth=BasicAuthentication(address.user, address.password) if safe else None,
        http_scheme="https" if safe else "http",
        catalog=catalog or None,
        schema=schema or None,
        source="segferry",
    )


CONNECT: Mapping[str, Callable[[Address], Any]] = {
    "snowflake": _snowflake,
    "bigquery": _bigquery,
    "databricks": _databricks,
    "trino": _trino,
}
