"""SQL that one test's database has compiled serves those of all others.

Each test opens a database of its own, whose engine would begin with an empty cache of statements:
about a sixth of what a test of a run computes. What they compile depends on their dialect alone.
"""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

STATEMENTS = LRUCache(5_000)


class Alike(DefaultDialect):
    """Two of these are the same one, where a cache of compiled statements looks for them."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alike) and self._traits() == other._traits()

    def __hash__(self) -> int:
        return hash(type(self))

    def _traits(self) -> tuple[object, ...]:
        server = getattr(self, "server_version_info", None), self.default_schema_name
        return type(self), *server, self._json_serializer, self._json_deserializer


class SQLite(Alike, SQLiteDialect_pysqlite):
    """SQLite's."""

    supports_statement_cache = True


class PostgreSQL(Alike, PGDialect_psycopg):
    """PostgreSQL's by psycopg."""

    supports_statement_cache = True


def share() -> None:
    """From now on engines in this process share what they compile."""
    registry.register("sqlite", __name__, "SQLite")
    registry.register("postgresql.psycopg", __name__, "PostgreSQL")
    event.listen(Engine, "engine_connect", _with_statements)


def _with_statements(connection: Connection) -> None:
    if isinstance(connection.dialect, Alike):
        connection.execution_options(compiled_cache=STATEMENTS)
