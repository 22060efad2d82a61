"""When segments were used last: by the runs of the exports that take them, or leave them out."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from core.store.tables.exports import ExportSegment
from core.store.tables.runs import Run


def last_uses(session: Session) -> dict[int, datetime]:
    """By segment the time of the newest run with it; one without any is missing."""
    query = (
        sa.select(col(ExportSegment.segment_id), sa.func.max(col(Run.created_at)))
        .join(Run, col(Run.export_id) == col(ExportSegment.export_id))
        .group_by(col(ExportSegment.segment_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}
