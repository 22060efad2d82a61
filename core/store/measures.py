"""What is measured from outside, as the database knows it: so any process may be asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from core.store.database import moment
from core.store.preferences import removed_sums
from core.store.tables.runs import ENDED, Run, RunStatus
from core.store.tables.schedules import Outcome, Slot

SUMS = {  # what is added up of runs that have ended, by its name
    "runs": sa.literal(1),
    "accepted": col(Run.accepted),
    "rejected": col(Run.members) - col(Run.valid),
    "refused": col(Run.refused),
    "undelivered": col(Run.undelivered),
    "unchanged": col(Run.unchanged),
    "seconds": sa.func.coalesce(col(Run.seconds), 0.0),
    "requests": col(Run.requests),
    "throttled": col(Run.throttled),
}
Key = tuple[str, str]  # export by its name, status
Sums = dict[Key, dict[str, float]]
ENDED_WELL = (RunStatus.succeeded, RunStatus.partial)


@dataclass(frozen=True, slots=True)
class Queue:
    """Runs that have not ended by status, and since when the oldest waits."""

    by_status: dict[str, int]
    oldest: datetime | None


class Totals:
    """The sums of all runs that ever ended, those removed by their age among them.

    They never shrink. What ended long ago is added up once and remembered; for any thread.
    """

    def __init__(self) -> None:
        self._until = 0
        self._known: Sums = {}
        self._removed: Sums = {}

    def read(self, session: Session) -> Sums:
        """Of now."""
        until, removed = _settled_until(session), removed_sums(session)
        if removed != self._removed:  # runs are in these now, and no longer in what is known
            self._until, self._known, self._removed = 0, {}, removed
        if until > self._until:
            self._known = added(self._known, sums(session, self._until, until))
            self._until = until
        return added(added(self._known, sums(session, self._until, None)), removed)


def sums(session: Session, after: int, until: int | None, ids: list[int] | None = None) -> Sums:
    """Of runs with ids in between that have ended, or of these."""
    columns = [sa.func.sum(one) for one in SUMS.values()]
    query = sa.select(col(Run.export), col(Run.status), *columns)
    query = query.where(col(Run.id) > after, col(Run.status).in_(ENDED))
    if until is not None:
        query = query.where(col(Run.id) <= until)
    if ids is not None:
        query = query.where(col(Run.id).in_(ids))
    found = session.execute(query.group_by(col(Run.export), col(Run.status)))
    return {
        (export, str(status)): dict(zip(SUMS, map(float, numbers), strict=True))
        for export, status, *numbers in found
    }


def added(one: Sums, other: Sums) -> Sums:
    """Both together."""
    nothing = dict.fromkeys(SUMS, 0.0)
    return {
        key: {
            name: one.get(key, nothing).get(name, 0.0) + other.get(key, nothing).get(name, 0.0)
            for name in SUMS
        }
        for key in one.keys() | other.keys()
    }


def queue(session: Session) -> Queue:
    """What waits, or is under way."""
    query = sa.select(col(Run.status), sa.func.count(), sa.func.min(col(Run.created_at)))
    found = session.execute(
        query.where(col(Run.finished_at).is_(None)).group_by(col(Run.status))
    ).all()
    waiting = [at for status, _n, at in found if status == RunStatus.queued]
    return Queue({str(status): n for status, n, _at in found}, min(waiting, default=None))


def last_successes(session: Session) -> dict[str, datetime]:
    """By export: when it last ran to its end."""
    query = sa.select(col(Run.export), sa.func.max(col(Run.finished_at)))
    found = session.execute(query.where(col(Run.status).in_(ENDED_WELL)).group_by(col(Run.export)))
    return {export: at for export, at in found}  # noqa: C416 - rows


def unpunctual(session: Session, late: timedelta, since: timedelta) -> tuple[int, int]:
    """How many slots are due for longer than `late`, and how many were missed lately."""
    now, slots = moment(session), sa.select(sa.func.count()).select_from(Slot)
    due = slots.where(col(Slot.outcome) == Outcome.due, col(Slot.at) < now - late)
    missed = slots.where(col(Slot.outcome) == Outcome.missed, col(Slot.at) > now - since)
    return int(session.scalar(due) or 0), int(session.scalar(missed) or 0)


def _settled_until(session: Session) -> int:
    """Up to which run nothing changes any more."""
    open_ = sa.select(sa.func.min(col(Run.id))).where(col(Run.finished_at).is_(None))
    counting = sa.select(sa.func.min(col(Run.id))).where(sa.text("counting > 0"))
    first = [id for id in (session.scalar(open_), session.scalar(counting)) if id is not None]
    last = session.scalar(sa.select(sa.func.max(col(Run.id)))) or 0
    return min([*(id - 1 for id in first), max(0, last - RECENT)])


RECENT = 50  # runs of which a number may still be recorded after their end
