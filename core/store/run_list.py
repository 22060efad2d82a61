"""Lists of runs as people look for them: by words and in an order, both by the database.

So a page of them is all that is read.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.profiles.segments.contents import folded
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportRow, ExportSegment
from core.store.tables.runs import Run, RunStatus

# Of the parts of a split, the one that stands for all of them comes first.
WORST = (
    *(RunStatus.running, RunStatus.held, RunStatus.queued, RunStatus.failed),
    *(RunStatus.cancelled, RunStatus.partial, RunStatus.succeeded),
)


def holding(session: Session, words: Iterable[str]) -> list[Any]:
    """For a query: runs whose export, list or segment holds each of the words, or their number.

    Lists and segments are those that exports have now; marks and capitals make no difference.
    """
    wanted = [folded(word) for word in words]
    if not wanted:
        return []
    known = _names(session)
    return [_holds(word, known) for word in wanted]


def _holds(word: str, known: "Mapping[Any, Mapping[Any, str]]") -> Any:
    found = [
        column.in_([value for value, name in names.items() if word in folded(name)])
        for column, names in known.items()
    ]
    number = [col(Run.id) == int(word)] if word.isdecimal() and len(word) < 10 else []
    return sa.or_(*found, *number)


def _names(session: Session) -> dict[Any, dict[Any, str]]:
    """By column of a run: the names of what stands in it."""
    exports = session.scalars(sa.select(col(Run.export)).distinct())
    ids = session.scalars(sa.select(col(Run.list_id)).distinct())
    named = sa.select(col(ExportRow.list_id), col(ExportRow.list_name))
    lists = {id: id for id in ids} | {id: f"{id} {name}" for id, name in session.execute(named)}
    taken = (
        sa.select(col(ExportSegment.export_id), col(SegmentRow.name))
        .join(SegmentRow, col(SegmentRow.id) == col(ExportSegment.segment_id))
        .where(col(ExportSegment.excluded).is_(False))
    )
    segments: dict[int, str] = {}
    for export_id, name in session.execute(taken):
        segments[export_id] = f"{segments.get(export_id, '')} {name}"
    return {
        col(Run.export): {name: name for name in exports},
        col(Run.list_id): lists,
        col(Run.export_id): segments,
    }


def order(key: str, down: bool = False) -> list[Any]:
    """For a query: by this one of ORDERS, downwards if wanted; the newest first, and of equals."""
    newest = col(Run.id).desc()
    if key not in ORDERS:
        return [newest]
    by = ORDERS[key]()
    return [by.desc() if down else by.asc(), newest]


def _whole(column: Any, gather: Callable[[Any], Any] = sa.func.sum) -> Any:
    """A column of a run, of a split that of all its parts."""
    part = aliased(Run)
    own = sa.or_(col(part.id) == col(Run.id), col(part.first_id) == col(Run.id))
    all_parts = sa.select(gather(column(part))).where(own).scalar_subquery()
    return sa.case((col(Run.parts) > 1, all_parts), else_=column(Run))


def _rank(run: Any) -> Any:
    return sa.case(*((col(run.status) == one, n) for n, one in enumerate(WORST)), else_=len(WORST))


def _seconds(run: Any) -> Any:
    begun, ended = col(run.started_at), col(run.finished_at)
    return sa.func.coalesce(sa.extract("epoch", ended) - sa.extract("epoch", begun), 0)


ORDERS: Mapping[str, Callable[[], Any]] = {
    "name": lambda: col(Run.id),
    "export": lambda: sa.func.lower(col(Run.export)),
    "status": lambda: _whole(_rank, sa.func.min),
    "accepted": lambda: -_whole(lambda run: col(run.accepted)),
    "rejected": lambda: -_whole(lambda run: col(run.members) - col(run.valid) + col(run.refused)),
    "took": lambda: -_whole(_seconds),
    "started": lambda: -sa.extract("epoch", col(Run.created_at)),
    "by": lambda: sa.func.lower(col(Run.by)),
}
