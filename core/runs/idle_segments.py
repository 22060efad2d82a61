"""Segments that nobody has touched or used for long: proposed to be switched off.

One is touched by whoever makes, changes or keeps it, and used by each run of an export that takes
it or leaves it out, or a segment made from it. One whose export runs by itself is never named.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from core.access import Action, Person, require
from core.runs.scheduler import schedule_for
from core.store import export_segments, exports, preferences, segments, segments_within
from core.store.database import moment
from core.store.tables.data import SegmentRow
from core.store.use import last_uses

IDLE = timedelta(days=45)


def idle(session: Session, now: datetime) -> list[SegmentRow]:
    """The active ones that were neither touched nor used for 45 days by then, by name."""
    refresh, latest = preferences.refresh(session), now - IDLE
    running = {r.id for r in exports.everything(session) if schedule_for(r, refresh)}
    needed = {use.segment_id for use in export_segments.uses(session) if use.export_id in running}
    rows, uses = segments.everything(session), last_uses(session)
    alive: set[str] = set()  # names of those in use, and of those that they are made from
    for row in segments_within.outermost_first(rows):
        touched = (row.touched_at or row.created_at) > latest
        used = row.id in needed or uses.get(row.id, latest) > latest or row.name in alive
        if row.active and (touched or used):
            alive |= {row.name} | segments_within.names(row)
    return [row for row in rows if row.active and row.name not in alive]


def switch(session: Session, person: Person, ids: Iterable[int], *, active: bool) -> list[str]:
    """Switches these segments off, or on again; the names of those that were not so. Raises Denied.

    One that was removed meanwhile is passed over.
    """
    require(person, Action.manage_segments)
    changed = []
    for row in _found(session, set(ids)):
        spec = segments.spec(session, row).model_copy(update={"active": active})
        if segments.change(session, person, row, spec):
            changed.append(row.name)
    return changed


def keep(session: Session, person: Person, ids: Iterable[int]) -> list[str]:
    """These stay as they are and are asked about in 45 days again; their names. Raises Denied."""
    require(person, Action.manage_segments)
    rows = _found(session, set(ids))
    for row in rows:
        row.touched_at = moment(session)
        session.add(row)
    return [row.name for row in rows]


def _found(session: Session, ids: Collection[int]) -> list[SegmentRow]:
    return [row for row in segments.everything(session) if row.id in ids]
