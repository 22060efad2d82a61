"""The engine's own tables, which it never empties: steps of workflows that ended long ago.

They are known here by their names alone; the engine itself is nobody's business but its room's.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from core.settings import Settings
from core.store import database, space
from core.store.failures import reaching

SCHEMA = "dbos"  # on PostgreSQL
WORKFLOWS, KEY = "workflow_status", "workflow_uuid"
# PostgreSQL compares no text with numbers, as which an empty list counts where nothing is said.
IDS = sa.bindparam("ids", expanding=True, type_=sa.String)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many workflows there are, since when, and their bytes, None where nobody can tell."""

    n: int
    oldest: datetime | None
    bytes: int | None


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine | None]:
    """The engine's database; None where it has none yet. Raises StorageFailed."""
    if settings.on_sqlite and not (settings.home / "engine.sqlite").exists():
        yield None
        return
    url = sa.make_url(settings.engine_url if settings.on_sqlite else settings.url)
    engine = database.connect(url.render_as_string(hide_password=False), settings.database_wait)
    try:
        with reaching(engine):
            yield engine
    finally:
        engine.dispose()


def remove_old(engine: sa.Engine, before: datetime, kept: Collection[str], n: int) -> int:
    """Removes at most n workflows that ended before then, with their steps; how many.

    Not those whose ids begin as one of `kept`.
    """
    tables = _tables(engine)
    if WORKFLOWS not in tables:
        return 0
    ended = "status not in ('PENDING', 'ENQUEUED', 'DELAYED')"
    where = f"updated_at < :before and {ended} order by updated_at limit :n"
    old = sa.text(f"select {KEY} from {tables[WORKFLOWS]} where {where}")  # noqa: S608
    with engine.begin() as connection:
        given = {"before": _milliseconds(before), "n": n + len(kept)}
        ids = [id for id in connection.scalars(old, given) if not id.startswith(tuple(kept))][:n]
        for table in sorted(tables.values(), key=lambda one: WORKFLOWS in one):
            gone = sa.text(f"delete from {table} where {KEY} in :ids")  # noqa: S608
            connection.execute(gone.bindparams(IDS), {"ids": ids})
    return len(ids)


def kept(engine: sa.Engine) -> Kept:
    """What is there."""
    tables = _tables(engine)
    if WORKFLOWS not in tables:
        return Kept(0, None, 0)
    with engine.connect() as connection:
        query = f"select count(*), min(created_at) from {tables[WORKFLOWS]}"  # noqa: S608
        n, oldest = connection.execute(sa.text(query)).one()
    since = datetime.fromtimestamp(oldest / 1000, UTC) if oldest else None
    return Kept(n, since, space.used(engine, tables.values()))


def _tables(engine: sa.Engine) -> dict[str, str]:
    """Those with a workflow's id, by name as a query has it; without the engine none."""
    schema = None if engine.dialect.name == "sqlite" else SCHEMA
    look = sa.inspect(engine)
    return {
        name: f"{schema}.{name}" if schema else name
        for name in look.get_table_names(schema)
        if any(column["name"] == KEY for column in look.get_columns(name, schema))
    }


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
