"""SQL that one test's database has compiled serves those of all others.

Each test opens a database of its own, whose engine would begin with an empty cache of statements:
about a sixth of what a test of a run computes. SQLite's SQL depends on nothing but its dialect.
"""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

STATEMENTS = LRUCache(5_000)


class Alike(SQLiteDialect_pysqlite):
    """Two of these are the same one, where a cache of compiled statements looks for them."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alike) and self._json() == other._json()

    def __hash__(self) -> int:
        return hash(Alike)

    def _json(self) -> tuple[object, object]:
        return self._json_serializer, self._json_deserializer


def share() -> None:
    """From now on all engines of SQLite in this process share what they compile."""
    registry.register("sqlite", __name__, "Alike")
    event.listen(Engine, "engine_connect", _with_statements)


def _with_statements(connection: Connection) -> None:
    if isinstance(connection.dialect, Alike):
        connection.execution_options(compiled_cache=STATEMENTS)
