"""What alerts are derived from: requests that have ended, those before them, slots of schedules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.store import runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from core.store.tables.schedules import Outcome, Slot

FORMER = 20  # requests before one that it is compared with
MOST = 500  # slots that are looked at together


@dataclass(frozen=True, slots=True)
class Former:
    """A request that ran before to its end: members of its segments, and how long it took."""

    members: int
    seconds: float | None  # None where it waited for a person


def ended(session: Session, after: int, seen: Mapping[int, int]) -> list[list[Run]]:
    """Requests with a number above `after` that have ended, each with its parts, in order.

    `seen` has for exports the number of the request that was looked at last. What the demo made is
    left out, and of an export whatever follows a request that goes on.
    """
    query = sa.select(col(Run.id), col(Run.export_id)).where(
        col(Run.id) > after,
        col(Run.first_id).is_(None),
        col(Run.export_id).is_not(None),
        col(Run.finished_at).is_not(None),
        col(Run.sample).is_(False),
    )
    rows = session.execute(query.order_by(col(Run.id)))
    wanted = [id for id, export_id in rows if id > seen.get(export_id, 0)]
    requests = [runs.siblings(session, session.get_one(Run, id)) for id in wanted]
    return [parts for parts in requests if all(part.finished_at for part in parts)]


def all_ended(session: Session) -> int:
    """The largest number up to which every run has ended; 0 without any."""
    going_on = sa.select(sa.func.min(col(Run.id))).where(col(Run.finished_at).is_(None))
    first = session.scalar(going_on)
    newest = session.scalar(sa.select(sa.func.max(col(Run.id)))) or 0
    return int(newest if first is None else first - 1)


def under_way(session: Session) -> list[Run]:
    """Requests that have not ended, by their first part, and are no samples of the demo."""
    return [
        run
        for run in runs.active(session)
        if not run.sample and run.part == 1 and run.export_id is not None
    ]


def former(session: Session, run: Run) -> Sequence[Former]:
    """The last whole requests of its export to the same list before this one, newest first."""
    request = sa.func.coalesce(col(Run.first_id), col(Run.id))
    first_id = run.first_id or run.id
    query = (
        sa.select(
            sa.func.sum(col(Run.members)),
            sa.func.min(col(Run.started_at)),
            sa.func.max(col(Run.finished_at)),
            sa.func.max(col(Run.holds)),
        )
        .where(
            col(Run.export_id) == run.export_id,
            col(Run.list_id) == run.list_id,
            col(Run.id) < first_id,
            col(Run.status).in_([RunStatus.succeeded, RunStatus.partial]),
            col(Run.retry_of).is_(None),
            col(Run.order_data)["only_email"].as_string().is_(None),
        )
        .group_by(request)
        .order_by(request.desc())
        .limit(FORMER)
    )
    return [
        Former(int(members), _seconds(begun, ended_at, holds))
        for members, begun, ended_at, holds in session.execute(query)
    ]


def _seconds(begun: datetime | None, ended_at: datetime | None, holds: int) -> float | None:
    if holds or begun is None or ended_at is None:
        return None
    return (ended_at - begun).total_seconds()


def slots(session: Session, after: int) -> list[tuple[Slot, ExportRow | None]]:
    """Slots with a number above `after`, each with its export, up to the first one that is due."""
    query = (
        sa.select(Slot, ExportRow)
        .outerjoin(ExportRow, col(ExportRow.id) == col(Slot.export_id))
        .where(col(Slot.id) > after)
        .order_by(col(Slot.id))
        .limit(MOST)
    )
    found: list[tuple[Slot, ExportRow | None]] = []
    for slot, export in session.execute(query):
        if slot.outcome == Outcome.due:
            break
        found.append((slot, export))
    return found


def newest_slot(session: Session, before: datetime | None = None) -> int:
    """The largest number of a slot, or of one before that time; 0 without any."""
    query = sa.select(sa.func.max(col(Slot.id)))
    if before:
        query = query.where(col(Slot.at) < before)
    return int(session.scalar(query) or 0)


def slots_at(session: Session, schedule: str, moments: Sequence[datetime]) -> set[datetime]:
    """Those of the moments at which the schedule has a slot."""
    query = select(Slot.at).where(Slot.schedule == schedule, col(Slot.at).in_(moments))
    return set(session.exec(query))
