"""Which segments exports take, and the members of which they leave out."""

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow, ExportSegment


def segments_of(session: Session, row: ExportRow, excluded: bool = False) -> list[SegmentRow]:
    """The segments it takes, in order, or those that it leaves out."""
    query = (
        select(SegmentRow)
        .join(ExportSegment, col(ExportSegment.segment_id) == col(SegmentRow.id))
        .where(ExportSegment.export_id == row.id, col(ExportSegment.excluded).is_(excluded))
    )
    return list(session.exec(query.order_by(col(ExportSegment.place))))


def segment_names(
    session: Session, export_ids: Collection[int], excluded: bool = False
) -> dict[int, list[str]]:
    """By export: the names of the segments that it takes, in order, or that it leaves out."""
    query = (
        sa.select(col(ExportSegment.export_id), col(SegmentRow.name))
        .join(SegmentRow, col(SegmentRow.id) == col(ExportSegment.segment_id))
        .where(
            col(ExportSegment.export_id).in_(export_ids), col(ExportSegment.excluded).is_(excluded)
        )
        .order_by(col(ExportSegment.place))
    )
    found: dict[int, list[str]] = defaultdict(list)
    for export_id, name in session.execute(query):
        found[export_id].append(name)
    return dict(found)


def uses(session: Session) -> list[ExportSegment]:
    """Which export takes, or leaves out the members of, which segment; of all exports."""
    order = col(ExportSegment.export_id), col(ExportSegment.place)
    return list(session.exec(select(ExportSegment).order_by(*order)))


def source_of(session: Session, row: ExportRow) -> SourceRow:
    """The one source of its segments."""
    return session.get_one(SourceRow, segments_of(session, row)[0].source_id)


def take(
    session: Session, row: ExportRow, segments: list[SegmentRow], excluded: list[SegmentRow]
) -> None:
    """Lets it take the segments, in this order, and leave out the members of the others."""
    session.execute(sa.delete(ExportSegment).where(col(ExportSegment.export_id) == row.id))
    session.add_all(
        ExportSegment(
            export_id=row.id, segment_id=segment.id, place=place, excluded=place >= len(segments)
        )
        for place, segment in enumerate([*segments, *excluded])
    )
    session.flush()
