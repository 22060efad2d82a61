"""What the demo made: things and their runs. Who changes one of the things makes it theirs."""

from collections.abc import Collection
from typing import TypeVar

from sqlmodel import Session, col, select

from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run

Thing = ConnectionRow | SourceRow | SegmentRow | ExportRow
THINGS: tuple[type[Thing], ...] = (ConnectionRow, SourceRow, SegmentRow, ExportRow)
Kind = TypeVar("Kind", bound=Thing | Run)


def mark(session: Session, names: Collection[str]) -> None:
    """Things of these names are samples from now on."""
    for table in THINGS:
        for row in session.exec(select(table).where(col(table.name).in_(names))):
            row.sample = True
            session.add(row)


def of(session: Session, table: type[Kind]) -> list[Kind]:
    """The samples among them, in the order in which they were made."""
    return list(session.exec(select(table).where(col(table.sample)).order_by(col(table.id))))


def are_there(session: Session) -> bool:
    """Whether there is any, runs included."""
    tables = (*THINGS, Run)
    return any(
        session.exec(select(one.id).where(col(one.sample)).limit(1)).first() for one in tables
    )
