"""What of runs is old enough to be removed, a few at a time, so that no run waits for it.

Runs are taken together with all parts of their split: a group, named by the id of its first run.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.masking import mask, masked
from core.store import measures, preferences, space
from core.store.database import Moment
from core.store.some import remove_some
from core.store.tables.data import SegmentSize
from core.store.tables.people import AuditRow, DraftRow
from core.store.tables.refreshes import Refresh, RefreshedSource, SourceProfile
from core.store.tables.runs import Job, Run, RunDetail, RunKind, RunStatus, Stage
from core.store.tables.schedules import Outcome, Slot

TABLES: dict[str, tuple[Any, ...]] = {  # by name in the retention: when, and tables
    "runs": (col(Run.created_at), Run, RunDetail, Job, Slot),
    "audit": (col(AuditRow.at), AuditRow),
    "refreshes": (col(Refresh.started_at), Refresh, RefreshedSource, SourceProfile),
    "sizes": (col(SegmentSize.at), SegmentSize),
    "drafts": (col(DraftRow.changed_at), DraftRow),
}
NEWEST = 10  # runs of each export that stay: later ones are compared with them


def needed(session: Session) -> set[int]:
    """The groups that stay whatever their age.

    Of each export its newest runs, and the last one to each list that read all of its segments,
    knew its columns or had its list counted.
    """
    group = sa.func.coalesce(col(Run.first_id), col(Run.id))
    place = sa.func.row_number().over(partition_by=col(Run.export_id), order_by=col(Run.id).desc())
    ranked = sa.select(group.label("run_id"), place.label("place")).subquery()
    found = set(session.scalars(sa.select(ranked.c.run_id).where(ranked.c.place <= NEWEST)))
    ended = col(Run.status).in_([RunStatus.succeeded, RunStatus.partial])
    whole = sa.and_(
        ended,
        col(Run.kind) == RunKind.export,
        col(Run.retry_of).is_(None),
        col(Run.order_data)["only_email"].as_string().is_(None),
    )
    counted = col(Run.read_back_data)["after"].as_integer().is_not(None)
    for known in (whole, sa.and_(ended, col(Run.columns).is_not(None)), counted):
        last = sa.select(sa.func.max(col(Run.id))).where(known)
        ids = last.group_by(col(Run.export_id), col(Run.list_id))
        found |= set(session.scalars(sa.select(group).where(col(Run.id).in_(ids))))
    return found


def old(session: Session, before: datetime, kept: Iterable[int], n: int) -> list[Run]:
    """All parts of at most n groups that ended before then, and whose files are of no more use.

    Not those that a run retries which is still there: that one goes first.
    """
    part = _other(Run)
    done = sa.and_(
        _settled(part, before),
        sa.or_(part.undelivered == 0, part.batches == 0, part.files_removed_at.is_not(None)),
        ~_is_retried(part),
    )
    return _groups(session, part, done, n, _ended(before), ~col(Run.id).in_(list(kept)))


def with_rejects(session: Session, before: datetime, n: int) -> list[Run]:
    """All parts of at most n groups that ended before then, and whose rejects are still there.

    Not of runs that can be retried, for a retry leaves out who was refused.
    """
    part = _other(Run)
    gone = part.files_removed_at.is_not(None)
    done = sa.and_(_settled(part, before), sa.or_(part.undelivered == 0, part.batches == 0, gone))
    return _groups(session, part, done, n, _ended(before), col(Run.rejects_removed_at).is_(None))


def with_files(session: Session, before: datetime, undelivered: datetime, n: int) -> list[Run]:
    """All parts of at most n groups with files of frozen rows that ended before then.

    Those with something undelivered have ended before the other moment, and no run retries them.
    """
    part, again = _other(Run), _other(Run)
    left = sa.and_(part.undelivered > 0, part.batches > 0)
    retrying = sa.exists().where(again.retry_of == part.id, again.finished_at.is_(None))
    last = sa.case((left, sa.literal(undelivered, Moment)), else_=sa.literal(before, Moment))
    done = sa.and_(_settled(part, last), ~retrying)
    ended = _ended(max(before, undelivered))
    return _groups(session, part, done, n, ended, col(Run.files_removed_at).is_(None))


def remove(session: Session, group: Iterable[Run]) -> None:
    """Takes the runs out of the history, with their jobs and details; their sums stay."""
    ids = [run.id for run in group]
    gone = measures.sums(session, 0, None, ids)
    known = measures.added(preferences.removed_sums(session), gone)
    preferences.note_removed_sums(session, known)
    session.execute(sa.delete(Run).where(col(Run.id).in_(ids)))


def without_people(session: Session, group: Iterable[Run], now: datetime) -> None:
    """Takes out of the runs what tells of people, and notes when; their numbers stay."""
    for run in group:
        run.rejects_removed_at = now
        run.error, run.hold = masked(run.error), masked(run.hold)
        run.held_data = masked(run.held_data)
        run.read_back_data = _without_people(run.read_back_data)
        if only := run.order_data.get("only_email"):
            run.order_data = run.order_data | {"only_email": mask(only)}
        session.add(run)
    quoting = col(Job.run_id).in_([run.id for run in group]), col(Job.error).contains("@")
    for job in session.exec(select(Job).where(*quoting)):
        job.error = masked(job.error)
        session.add(job)


def without_files(session: Session, group: Iterable[Run], now: datetime) -> None:
    """Notes when the files of the runs were removed."""
    for run in group:
        run.files_removed_at = now
        session.add(run)


def remove_slots(session: Session, before: datetime, n: int) -> int:
    """Removes at most n slots from before then, but the newest of each schedule; how many."""
    other = _other(Slot)
    newest = sa.select(sa.func.max(col(other.at))).where(other.schedule == Slot.schedule)
    past = (
        sa.select(col(Slot.id))
        .where(col(Slot.at) < before, col(Slot.outcome) != Outcome.due)
        .where(col(Slot.at) < newest.scalar_subquery())
        .limit(n)
    )
    return remove_some(session, Slot, col(Slot.id), past)


def retryable(session: Session) -> set[int]:
    """The ids of groups that left something undelivered, and whose files are there."""
    group = sa.func.coalesce(col(Run.first_id), col(Run.id))
    left = col(Run.undelivered) > 0, col(Run.batches) > 0, col(Run.files_removed_at).is_(None)
    return set(session.scalars(sa.select(group).where(*left)))


def counted(session: Session) -> dict[str, tuple[int, datetime | None]]:
    """Of each kind of TABLES: how many rows there are, and when the oldest was written."""
    found = {}
    for name, (at, *tables) in TABLES.items():
        query = sa.select(sa.func.count(), sa.func.min(at)).select_from(tables[0])
        n, oldest = session.execute(query).one()
        found[name] = int(n), oldest
    return found


def used(engine: sa.Engine, name: str) -> int | None:
    """The bytes of a kind of TABLES; None where nobody can tell."""
    return space.used(engine, (str(table.__tablename__) for table in TABLES[name][1:]))


def _other(table: Any) -> Any:
    """The same table under another name."""
    return aliased(table)


def _groups(session: Session, part: Any, done: Any, n: int, *where: Any) -> list[Run]:
    """All parts of at most n groups of which no part isn't `done`, the oldest first."""
    own = sa.or_(part.id == col(Run.id), part.first_id == col(Run.id))
    undone = sa.exists().where(own, sa.not_(sa.func.coalesce(done, sa.false())))
    query = sa.select(col(Run.id)).where(col(Run.first_id).is_(None), *where, ~undone)
    firsts = list(session.scalars(query.order_by(col(Run.id)).limit(n)))
    all_parts = sa.or_(col(Run.id).in_(firsts), col(Run.first_id).in_(firsts))
    return list(session.exec(select(Run).where(all_parts).order_by(col(Run.id))))


def _settled(run: Any, before: Any) -> Any:
    """Whether it ended before then, and nothing of it is still to be found out or recorded."""
    recorded = sa.or_(run.stage.is_(None), run.stage != Stage.recording)
    return sa.and_(run.finished_at < before, run.counting == 0, recorded)


def _is_retried(run: Any) -> Any:
    again = _other(Run)
    return sa.exists().where(again.retry_of == run.id)


def _ended(before: datetime) -> Any:
    """What an index finds; the rest is looked up for these alone."""
    return col(Run.finished_at) < before


def _without_people(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """What was read back without names of people; how many they are stays."""
    if not found:
        return found
    drift = found.get("drift")
    inner = {"drift": drift | {"people": []}} if drift else {}
    return found | inner | ({"people": []} if "people" in found else {})
