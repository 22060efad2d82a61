"""Segments: groups of people by rules over a source."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Action, Person, require
from core.configuration.segment import Segment
from core.errors import Conflict
from core.profiles.segments import checks
from core.profiles.segments.rules import Group
from core.store import (
    assign,
    audit,
    drafts,
    named,
    ordered,
    preferences,
    refuse_taken,
    segments_within,
)
from core.store import sources as sources_store
from core.store.audit import Deed
from core.store.database import moment
from core.store.some import remove_some
from core.store.tables.data import SegmentRow, SegmentSize, SourceRow
from core.store.tables.exports import ExportRow, ExportSegment
from core.texts import _

WHAT = _("segment")


def everything(session: Session) -> list[SegmentRow]:
    """All segments, by name."""
    return ordered(session, SegmentRow)


def find(session: Session, name: str | int) -> SegmentRow:
    """The segment with this name or id. Raises Unknown."""
    return named(session, SegmentRow, WHAT, name)


def add(session: Session, person: Person, spec: Segment) -> SegmentRow:
    """A new segment, checked against its source's fields. Raises Denied, Unknown, Invalid."""
    require(person, Action.manage_segments)
    refuse_taken(session, SegmentRow, WHAT, spec.name)
    row = SegmentRow(**_checked(session, spec), created_by=person.name, touched_at=moment(session))
    session.add(row)
    session.flush()
    audit.record(session, person, Deed.added, "segment", row.name)
    return row


def change(session: Session, person: Person, row: SegmentRow, spec: Segment) -> bool:
    """Whether anything differed. Raises Denied, Unknown, Invalid.

    Segments that are made from it follow its new name; Conflict where it leaves their source.
    """
    require(person, Action.manage_segments)
    refuse_taken(session, SegmentRow, WHAT, spec.name, own=row.id)
    values, outer = _checked(session, spec, row), segments_within.outer(session, row)
    if outer and values["source_id"] != row.source_id:
        text = _(
            "“{name}” is part of: {users}. So it can't move to another source: take it out of "
            "those segments first."
        )
        raise Conflict(text.format(name=row.name, users=", ".join(one.name for one in outer)))
    if values["rules"] != row.rules or values["source_id"] != row.source_id:
        segments_within.uncount(session, row)
    if spec.name != row.name:
        segments_within.rename(session, row, spec.name)
    changed = assign(row, values)
    row.sample &= not changed
    row.touched_at = moment(session)
    session.add(row)
    if changed:
        audit.record(session, person, Deed.changed, "segment", row.name)
    return changed


def note_count(session: Session, row: SegmentRow, members: int, total: int) -> None:
    """Keeps the last count, and each as a size of its time; old sizes go, by the retention."""
    now = moment(session)
    row.members, row.total, row.counted_at, row.problem = members, total, now, None
    session.add(row)
    session.flush()
    session.add(SegmentSize(segment_id=row.id, at=now, members=members, total=total))
    own = col(SegmentSize.segment_id) == row.id
    oldest = now - timedelta(days=preferences.retention(session).sizes)
    session.execute(sa.delete(SegmentSize).where(own, col(SegmentSize.at) < oldest))


def note_problem(session: Session, row: SegmentRow, why: str) -> None:
    """Keeps why it could not be counted; its last numbers stay."""
    row.problem = why
    session.add(row)


def remove_sizes(session: Session, before: datetime, n: int) -> int:
    """Removes at most n sizes from before then, of segments that nobody counts; how many."""
    key = sa.tuple_(col(SegmentSize.segment_id), col(SegmentSize.at))
    keys = sa.select(col(SegmentSize.segment_id), col(SegmentSize.at))
    past = keys.where(col(SegmentSize.at) < before).limit(n)
    return remove_some(session, SegmentSize, key, past)


def sizes(session: Session, segment_id: int, since: datetime) -> list[SegmentSize]:
    """How many it had at each count since then, oldest first."""
    query = select(SegmentSize).where(
        SegmentSize.segment_id == segment_id, col(SegmentSize.at) >= since
    )
    return list(session.exec(query.order_by(col(SegmentSize.at))))


def last_sizes(session: Session, n: int) -> dict[int, list[int]]:
    """By segment: how many it had at its last n counts, oldest first."""
    newest_first = sa.func.row_number().over(
        partition_by=col(SegmentSize.segment_id), order_by=col(SegmentSize.at).desc()
    )
    counts = sa.select(
        col(SegmentSize.segment_id), col(SegmentSize.members), newest_first.label("place")
    ).subquery()
    last = sa.select(counts.c.segment_id, counts.c.members).where(counts.c.place <= n)
    found: dict[int, list[int]] = defaultdict(list)
    for segment_id, members in session.execute(last.order_by(counts.c.place.desc())):
        found[segment_id].append(members)
    return dict(found)


def inactive(session: Session, names: Iterable[str]) -> list[str]:
    """Those of the segments that are switched off."""
    query = select(SegmentRow.name).where(
        col(SegmentRow.name).in_(list(names)), col(SegmentRow.active).is_(False)
    )
    return list(session.exec(query.order_by(col(SegmentRow.name))))


def exports_by_way_of_others(session: Session, row: SegmentRow) -> list[str]:
    """Names of the exports that what is in the segment matters to, also within other segments."""
    ids = [row.id, *(one.id for one in segments_within.outer(session, row))]
    found = exports_by_segment(session, ids).values()
    return sorted({name for names in found for name in names.values()})


def used_by(session: Session, segment_id: int) -> list[str]:
    """Names of the exports that take the segment, or leave it out."""
    return list(exports_by_segment(session, [segment_id]).get(segment_id, {}).values())


def exports_by_segment(session: Session, segment_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """By segment: the exports that take it or leave it out, their names by their ids."""
    query = (
        sa.select(col(ExportSegment.segment_id), col(ExportRow.id), col(ExportRow.name))
        .join(ExportRow, col(ExportSegment.export_id) == col(ExportRow.id))
        .where(col(ExportSegment.segment_id).in_(segment_ids))
        .order_by(col(ExportRow.name))
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for segment_id, export_id, name in session.execute(query):
        found[segment_id][export_id] = name
    return dict(found)


def remove(session: Session, person: Person, row: SegmentRow) -> None:
    """Removes the segment. Raises Denied; Conflict while an export or a segment takes it."""
    require(person, Action.manage_segments)
    if outer := segments_within.outer(session, row):
        text = _("The segment “{name}” is part of: {users}. Take it out of those segments first.")
        raise Conflict(text.format(name=row.name, users=", ".join(one.name for one in outer)))
    if users := used_by(session, row.id):
        raise Conflict(
            _(
                "The segment “{name}” is used by: {users}. Remove it from those exports first."
            ).format(name=row.name, users=", ".join(users))
        )
    drafts.forget(session, drafts.Form("segment", row.id))
    session.delete(row)
    session.flush()
    audit.record(session, person, Deed.removed, "segment", row.name)


def spec(session: Session, row: SegmentRow) -> Segment:
    """The row as a value."""
    source = session.get_one(SourceRow, row.source_id)
    return Segment(
        name=row.name, source=source.name, rules=Group.model_validate(row.rules), active=row.active
    )


def _checked(session: Session, spec: Segment, row: SegmentRow | None = None) -> dict[str, Any]:
    source, own = sources_store.find(session, spec.source), row.name if row else None
    with checks.about(spec.name):
        whole = segments_within.resolved(session, spec.rules, source.id, own)
    checks.check(whole, sources_store.schema(source), spec.name)
    return {
        "name": spec.name,
        "source_id": source.id,
        "rules": spec.rules.as_data(),
        "active": spec.active,
    }
