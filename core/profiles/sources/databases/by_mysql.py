"""MySQL and MariaDB by PyMySQL, whose rows come one packet at a time and are made batches here."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.errors import Invalid
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.batches import ROWS, batch_of
from core.profiles.sources.databases.columns import Column, column_of
from core.profiles.sources.databases.drivers import Types, statements
from core.profiles.sources.databases.losses import Losses
from core.texts import _

CONNECT_SECONDS = 15
BINARY, UNSIGNED, ENUM, SET = 63, 32, 256, 2048  # a character set, and flags of a column
TYPES = {
    **{1: "tinyint", 2: "smallint", 3: "int", 4: "float", 5: "double", 7: "timestamp"},
    **{8: "bigint", 9: "mediumint", 10: "date", 11: "time", 12: "datetime", 13: "year", 16: "bit"},
    **{245: "json", 255: "point"},
}
TEXTS = {249, 250, 251, 252, 253, 254}
DECIMALS = {0, 246}
LIMIT = {"mariadb": "set max_statement_time = {seconds}", "mysql": "set max_execution_time = {ms}"}
FILES = ("ssl_ca", "ssl_cert", "ssl_key")
FLAGS = ("ssl_verify_cert", "ssl_verify_identity")
ON, OFF = ("1", "true"), ("0", "false")
TABLES = """
select concat('`', replace(table_schema, '`', '``'), '`.`', replace(table_name, '`', '``'), '`')
from information_schema.tables
where table_schema not in ('mysql', 'information_schema', 'performance_schema', 'sys')
order by 1 limit 5000
"""


def open_driver(address: Address, seconds: float) -> "MysqlDriver":
    """A session of the database."""
    return MysqlDriver(address, seconds)


class MysqlDriver:
    """A connection with one transaction, and what the server really is: `engine`."""

    def __init__(self, address: Address, seconds: float) -> None:
        self._address = address
        self._connection = _connected(address)
        with self._connection.cursor() as cursor:
            cursor.execute("select version()")
            is_mariadb = "mariadb" in str(cursor.fetchone()[0]).lower()
            self.engine = "mariadb" if is_mariadb else "mysql"
            limit = LIMIT[self.engine].format(seconds=f"{seconds:g}", ms=f"{seconds * 1000:.0f}")
            for statement in (limit, *statements(address, seconds)):
                cursor.execute(statement)

    def columns(self, base: str) -> list[Column]:
        """Those of the statement's result."""
        with self._connection.cursor() as cursor:
            cursor.execute(f"select * from {base} as segferry_given limit 0")  # noqa: S608
            fields = cursor._result.fields
        return [column_of(field.name, _type(field), "mysql") for field in fields]

    def tables(self) -> list[str]:
        """Those that the role may read something of."""
        with self._connection.cursor() as cursor:
            cursor.execute(TABLES)
            return [name for (name,) in cursor.fetchall()]

    def batches(self, sql: str, types: Types, losses: Losses) -> Iterator[pa.RecordBatch]:
        """The rows, ROWS at a time, as the server sends them."""
        from pymysql.cursors import SSCursor

        before, cursor = 0, self._connection.cursor(SSCursor)
        try:
            cursor.execute(sql)
            while rows := cursor.fetchmany(ROWS):
                yield batch_of(rows, types, losses, before)
                before += len(rows)
        finally:
            self._end(cursor)

    def cancel(self) -> None:
        """Asks the server to end the statement, by another connection."""
        number = self._connection.thread_id()
        other = _connected(self._address)
        try:
            with other.cursor() as cursor:
                cursor.execute(f"kill query {int(number)}")
        finally:
            other.close()

    def close(self) -> None:
        """Closes the connection."""
        if self._connection.open:
            self._connection.close()

    def _end(self, cursor: Any) -> None:
        """Ends a statement; one that isn't read to its end with the connection.

        PyMySQL would read all the rows that are left, and hide why nobody wants them.
        """
        if cursor._result is not None and cursor._result.unbuffered_active:
            cursor._result.unbuffered_active = False
            self._connection._force_close()
        cursor.connection = None


def _connected(address: Address) -> Any:
    """A connection; to the address of the host that was checked, where one was."""
    import pymysql

    tls = _tls(address.options)
    connection = pymysql.connect(
        host=address.host or "localhost",
        port=address.port or 3306,
        user=address.user or None,
        password=address.password.encode(),  # else PyMySQL takes Latin-1
        database=address.database or None,
        charset="utf8mb4",
        connect_timeout=CONNECT_SECONDS,
        program_name="segferry",
        unix_socket=address.options.get("unix_socket"),
        defer_connect=True,
        **({"ssl": tls} if tls else {}),
    )
    connection.connect(_socket(address) if address.known else None)
    return connection


def _socket(address: Address) -> socket.socket:
    """As PyMySQL makes it; its TLS still goes by the name of the host."""
    found = socket.create_connection((address.known, address.port or 3306), CONNECT_SECONDS)
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return found


def _tls(options: Mapping[str, str]) -> ssl.SSLContext | None:
    """TLS as the options demand it; None where they don't, and it is tried only.

    PyMySQL's own checks no host without `ssl_ca`, and no certificate with it alone. Raises Invalid.
    """
    _check_options(options)
    if not any(name in options for name in (*FILES, *FLAGS)):
        return None
    identity = options.get("ssl_verify_identity", "").lower() in ON
    verifies = options.get("ssl_verify_cert", str("ssl_ca" in options)).lower() in ON
    context = ssl.create_default_context(cafile=_existing(options.get("ssl_ca")))
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # which MySQL's own certificates don't keep
    context.check_hostname = identity
    context.verify_mode = ssl.CERT_REQUIRED if identity or verifies else ssl.CERT_NONE
    if certificate := _existing(options.get("ssl_cert")):
        context.load_cert_chain(certificate, _existing(options.get("ssl_key")))
    return context


def _check_options(options: Mapping[str, str]) -> None:
    """Raises Invalid for what would be passed over: TLS that is demanded otherwise, say."""
    for name, value in options.items():
        known = name in (*FILES, "unix_socket") or (name in FLAGS and value.lower() in ON + OFF)
        if not known:
            text = _(
                "The option “{name}” of the URL isn't known as it is written. MariaDB and MySQL "
                "take {known}."
            )
            names = ", ".join((*FILES, *(f"{flag}=true" for flag in FLAGS), "unix_socket"))
            raise Invalid(text.format(name=name, known=names), "url")


def _existing(path: str | None) -> str | None:
    if path and not Path(path).is_file():
        raise OSError(f'certificate file "{path}" does not exist')
    return path


def _type(field: Any) -> str:
    """The type's name, as the server writes it in its tables."""
    code = field.type_code
    if field.flags & (ENUM | SET):
        return "enum('')"
    if code in DECIMALS:
        digits = field.length - (1 if field.scale else 0) - (0 if field.flags & UNSIGNED else 1)
        return f"decimal({digits},{field.scale})"
    if code in TEXTS:
        return "blob" if field.charsetnr == BINARY else "text"
    if code == 1 and field.length == 1:
        return "boolean"
    unsigned = " unsigned" if field.flags & UNSIGNED and code in (1, 2, 3, 8, 9) else ""
    return TYPES.get(code, "point") + unsigned
