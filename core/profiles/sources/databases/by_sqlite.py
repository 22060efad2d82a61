"""SQLite by Python's own module.

ADBC guesses a column's type from its first rows and fails at the first one that differs, such as
a text after many empty cells. Here types are those that the table declares.
"""

import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

import pyarrow as pa

from core.profiles.sources import Kind
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.batches import ROWS, batch_of
from core.profiles.sources.databases.columns import Column, column_of
from core.profiles.sources.databases.drivers import Types
from core.profiles.sources.databases.functions import register
from core.profiles.sources.databases.losses import Losses

VIEW = "segferry_columns"
FIRST = 1_000  # rows that say what a column without a declared type holds
RENAMED = re.compile(r"(.*):\d+", re.DOTALL)
LOGICAL = {"integer": "int64", "real": "float64", "blob": "binary"}
REACHING = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"}
KINDS = {"int64": Kind.number, "float64": Kind.number, "binary": Kind.bytes}


def open_driver(address: Address, _seconds: float) -> "SqliteDriver":
    """A session of the file; the time of a query is bounded by whoever reads."""
    return SqliteDriver(address)


class SqliteDriver:
    """A connection with one transaction, which sees one state of the file."""

    engine = "sqlite"

    def __init__(self, address: Address) -> None:
        uri = f"file:{quote(address.database)}?mode=ro"
        self._connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False
        )
        register(self._connection)
        self._connection.set_authorizer(_authorised)
        self._connection.execute("begin")
        self._connection.execute("select count(*) from sqlite_master").fetchone()

    def columns(self, base: str) -> list[Column]:
        """By what the table declares, or by the first rows."""
        self._connection.execute(f"create temp view {VIEW} as select * from {base}")  # noqa: S608
        try:
            declared = self._connection.execute(f"pragma table_xinfo({VIEW})").fetchall()
            given = [(name, type) for _cid, name, type, *_rest in declared]
            known = {name: _declared(name, type) for name, type in given}
            left = [name for name, column in known.items() if column is None]
            found = self._by_rows(left) if left else {}
            columns = [known[name] or found[name] for name, _type in given]
            return _as_selected(columns) if base.startswith("(") else columns
        finally:
            self._connection.execute(f"drop view {VIEW}")

    def tables(self) -> list[str]:
        """Tables and views of the file."""
        found = self._connection.execute(
            "select name from sqlite_master where type in ('table', 'view')"
            " and name not like 'sqlite\\_%' escape '\\' order by name"
        )
        return [_quoted(name) for (name,) in found]

    def batches(self, sql: str, types: Types, losses: Losses) -> Iterator[pa.RecordBatch]:
        """The rows, ROWS at a time."""
        cursor, before = self._connection.execute(sql), 0
        while rows := cursor.fetchmany(ROWS):
            yield batch_of(rows, types, losses, before)
            before += len(rows)

    def cancel(self) -> None:
        """Interrupts the statement."""
        self._connection.interrupt()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _by_rows(self, names: Sequence[str]) -> dict[str, Column]:
        """Those columns by what the first rows have in them, which are read once for all."""
        types = ", ".join(f"typeof({_quoted(name)})" for name in names)
        query = f"select {types} from (select * from {VIEW} limit {FIRST})"  # noqa: S608
        held: list[set[str]] = [set() for _name in names]
        for row in self._connection.execute(query):
            for one, type in zip(held, row, strict=True):
                one.add(type)
        return {name: _holding(name, one) for name, one in zip(names, held, strict=True)}


def _declared(name: str, declared: str) -> Column | None:
    """The column by the type that the table declares; None where that says nothing."""
    found = column_of(name, declared, "sqlite") if declared else None
    if found is None or found.foreign:
        return None
    if found.logical in ("decimal", "float32"):  # floating point numbers of 64 bits here
        return replace(found, logical="float64", scale=None)
    return found


def _as_selected(columns: Sequence[Column]) -> list[Column]:
    """With the names that the query gives them: SQLite calls a second `id` `id:1`."""
    known = {column.name.casefold() for column in columns}
    found = []
    for column in columns:
        renamed = RENAMED.fullmatch(column.name)
        again = renamed and renamed[1].casefold() in known
        found.append(replace(column, name=renamed[1]) if renamed and again else column)
    return found


def _holding(name: str, held: Collection[str]) -> Column:
    """The column by the types of the values that it holds."""
    types = set(held) - {"null"}
    if types <= {"integer", "real"} and types:
        logical = "float64" if "real" in types else "int64"
    else:
        logical = LOGICAL.get(next(iter(types)), "string") if len(types) == 1 else "string"
    return Column(name, "", KINDS.get(logical, Kind.text), logical)


def _authorised(action: int, _first: str | None, second: str | None, *_where: str | None) -> int:
    """Whether SQLite may do it: no other file, and no function that reaches beyond the rows."""
    called = (second or "").lower() if action == sqlite3.SQLITE_FUNCTION else ""
    refused = action == sqlite3.SQLITE_ATTACH or called in REACHING
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
