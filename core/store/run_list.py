"""Lists of runs as people look for them: by words and in an order, both by the database.

So a page of them is all that is read.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.profiles.folding import folded
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportRow, ExportSegment
from core.store.tables.runs import Run, RunStatus

# Of the parts of a split, the one that stands for all of them comes first.
WORST = (
    *(RunStatus.running, RunStatus.held, RunStatus.queued, RunStatus.failed),
    *(RunStatus.cancelled, RunStatus.partial, RunStatus.succeeded),
)


def filtered(session: Session, query: Any, **filters: Any) -> Any:
    """The query of runs with only those that the filters let through, see `conditions`."""
    return query.where(*conditions(session, **filters))


def conditions(
    session: Session,
    *,
    export_id: int | None = None,
    connection_id: int | None = None,
    statuses: Collection[RunStatus] = (),
    trigger: str | None = None,
    by: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    words: Collection[str] = (),
    whole: bool = False,
) -> list[Any]:
    """For a query: runs of an export, a connection and so on; None: of any.

    A split has the statuses of all its parts; with `whole` it is one, its first part. `words` as
    in `holding`.
    """
    equal = (
        (col(Run.export_id), export_id),
        (col(Run.connection_id), connection_id),
        (col(Run.trigger), trigger),
        (col(Run.by), by),
    )
    found: list[Any] = [column == value for column, value in equal if value is not None]
    if whole:
        found.append(col(Run.first_id).is_(None))
    if statuses:
        found.append(_has_status(statuses))
    if since is not None:
        found.append(col(Run.created_at) >= since)
    if until is not None:
        found.append(col(Run.created_at) < until)
    return found + holding(session, words)


def _has_status(statuses: Collection[RunStatus]) -> Any:
    """Whether the run, or another part of its split, has one of them."""
    part = aliased(Run)
    group = sa.func.coalesce(col(Run.first_id), col(Run.id))
    own = sa.or_(col(part.id) == group, col(part.first_id) == group)
    other = sa.exists().where(own, _is_one(col(part.status), statuses))
    return sa.or_(_is_one(col(Run.status), statuses), sa.and_(col(Run.parts) > 1, other))


def _is_one(status: Any, statuses: Collection[RunStatus]) -> Any:
    """Of many it is asked which it is not: an index of statuses would only be in the way."""
    others = [one for one in RunStatus if one not in statuses]
    return status.in_(statuses) if len(statuses) <= len(others) else status.not_in(others)


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
    both = session.execute(sa.select(col(Run.export), col(Run.list_id)).distinct()).all()
    exports, ids = {export for export, _id in both}, {id for _export, id in both}
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
    return sa.func.coalesce(col(run.seconds), 0)


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
