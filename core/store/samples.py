"""What the demo made: things and their runs. Who changes one of the things makes it theirs."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from core.store import details
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SegmentSize, SourceRow
from core.store.tables.exports import ExportRow, ExportSegment
from core.store.tables.runs import Job, Run

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


def values(row: SQLModel) -> dict[str, Any]:
    """What the row holds, as it is: for another row like it."""
    return {name: getattr(row, name) for name in type(row).model_fields}


def links(session: Session) -> list[ExportSegment]:
    """Which segments the sample exports take."""
    made = [row.id for row in of(session, ExportRow)]
    return list(session.exec(select(ExportSegment).where(col(ExportSegment.export_id).in_(made))))


def last_run(session: Session) -> Run | None:
    """The newest run of a sample export."""
    made = [row.id for row in of(session, ExportRow)]
    query = select(Run).where(col(Run.export_id).in_(made)).order_by(col(Run.id).desc())
    return session.exec(query).first()


def retried(session: Session) -> set[int]:
    """The ids of runs that a run retries which is no sample."""
    query = select(Run.retry_of).where(col(Run.sample).is_(False), col(Run.retry_of).is_not(None))
    return {id for id in session.exec(query) if id is not None}


def bring_runs(session: Session, there: Session, profiles: str) -> dict[int, int]:
    """All runs of another store and their jobs, as samples; the number of each here, by that there.

    Their exports have the same ids in both; `profiles` is where their source's file is here.
    """
    numbers: dict[int, int] = {}
    for run in there.exec(select(Run).order_by(col(Run.id))):
        source = run.order_data["source"] | {"path": profiles}
        given = values(run) | {
            "id": None,
            "order_data": run.order_data | {"source": source},
            "first_id": numbers.get(run.first_id or 0),
            "retry_of": numbers.get(run.retry_of or 0),
            "sample": True,
        }
        here = Run(**given)
        session.add(here)
        session.flush()
        numbers[run.id] = here.id
    for job in there.exec(select(Job)):
        session.add(Job(**values(job) | {"run_id": numbers[job.run_id]}))
    details.copy(session, there, numbers)
    return numbers


def bring_sizes(session: Session, there: Session) -> None:
    """How large the sample segments were, as another store counted them."""
    ids = {row.id for row in of(session, SegmentRow)}
    for size in there.exec(select(SegmentSize).where(col(SegmentSize.segment_id).in_(ids))):
        session.add(SegmentSize(**values(size)))


def remove_runs(session: Session, runs: Iterable[Run]) -> None:
    """Takes them out of the history, with their jobs."""
    session.execute(sa.delete(Run).where(col(Run.id).in_([run.id for run in runs])))
