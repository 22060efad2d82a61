"""Carries all rows of an installation from SQLite to PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.types import UserDefinedType
from sqlmodel import Session, SQLModel

from core.access import Action, Person, require
from core.errors import Conflict, StorageFailed
from core.store import audit, belonging, runs, tables  # noqa: F401  (the tables have to be known)
from core.store.audit import Deed
from core.store.database import transaction
from core.store.failures import place
from core.store.tables.runs import RunStatus
from core.texts import _

AT_ONCE = 1_000  # rows


class _AsWritten(UserDefinedType[str]):
    """JSON as it is written, in which null is another thing than no value."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """What PostgreSQL calls it."""
        return "JSON"


def move(here: Session, person: Person, there: Engine) -> int:
    """Copies every row into an empty database at the newest migration; how many there are.

    The database here is marked as moved, and locked until its transaction ends. Raises Denied;
    Conflict where runs are under way, or the database there is in use; StorageFailed.
    """
    require(person, Action.configure)
    _refuse_under_way(here)
    with transaction(there) as target:
        _refuse_used(here, target, place(there))
        number = belonging.known(here)
        belonging.note_moved(here, place(there))  # a write: nobody else writes from here on
        here.flush()
        n = sum(_copied(here, target, table) for table in _tables())
        belonging.note_number(target, number)
        audit.record(target, person, Deed.changed, "database", place(there))
    return n


def _refuse_under_way(session: Session) -> None:
    waiting = [run for run in runs.active(session) if run.status != RunStatus.held]
    if found := [*waiting, *runs.settling(session)]:
        text = _("Run {run} is under way. Wait for its end, or cancel it, then move.")
        raise Conflict(text.format(run=found[0].id))


def _refuse_used(here: Session, target: Session, database: str) -> None:
    used = [table for table in _tables() if table.name != "preference"]
    if not any(target.scalar(sa.select(sa.exists().select_from(table))) for table in used):
        return
    if belonging.known(target) == belonging.known(here):
        text = _("This installation is in {database} already. Set SEGFERRY_DATABASE_URL to it.")
    else:
        text = _("The database in {database} is used by another installation. Name an empty one.")
    raise Conflict(text.format(database=database))


def _tables() -> Iterator[sa.Table]:
    """All of ours, those first that others refer to, with JSON as it is written."""
    copies = sa.MetaData()
    for table in SQLModel.metadata.sorted_tables:
        copy = table.to_metadata(copies)
        for column in copy.columns:
            if isinstance(column.type, sa.JSON):
                column.type = _AsWritten()
        yield copy


def _copied(here: Session, target: Session, table: sa.Table) -> int:
    """The number of its rows, all of which are there now. Raises StorageFailed."""
    target.execute(sa.delete(table))
    found = here.execute(sa.select(table).order_by(*table.primary_key.columns))
    for rows in found.mappings().partitions(AT_ONCE):
        target.execute(sa.insert(table), [dict(row) for row in rows])
    _count_on(target, table)
    count = sa.select(sa.func.count()).select_from(table)
    before, after = here.scalar(count), target.scalar(count)
    if before != after:
        text = _("Of the table {table} {n} of {all} rows arrived, so nothing was moved.")
        raise StorageFailed(text.format(table=table.name, n=after, all=before))
    return int(after or 0)


def _count_on(target: Session, table: sa.Table) -> None:
    """New rows get numbers after those that are there."""
    if "id" not in table.primary_key.columns or not isinstance(table.c.id.type, sa.Integer):
        return
    sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
    largest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
    target.execute(sa.select(sa.func.setval(sequence, largest)).where(largest.is_not(None)))
