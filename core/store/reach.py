"""How many people are on the lists that exports fill, as runs counted them, day by day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run

Key = tuple[str, str]  # of a list: its account, its id


@dataclass(frozen=True, slots=True)
class Reach:
    """People on all lists together, each list at its last count; None before the first one."""

    people: int | None
    lists: int
    days: list[int | None]  # at the end of each of the last days, today the last one
    change: int | None  # since the first of these days; None where not every list was known then


def read(session: Session, now: datetime | None = None, days: int = 14) -> Reach:
    """The lists of today's exports, over the last days."""
    now = now or datetime.now(UTC)
    counts: dict[Key, list[tuple[datetime, int]]] = defaultdict(list)
    since = now - timedelta(days=days)
    found = [row for query in _counted(since) for row in session.execute(query)]
    for _id, account, list_id, at, n in sorted(found, key=lambda row: row[0]):
        counts[account, list_id].append((at, n))
    ends = [now - timedelta(days=back) for back in reversed(range(days))]
    sums = [_sum(counts, end) for end in ends]
    whole = len(counts) > 0 and all(found[0][0] <= ends[0] for found in counts.values())
    last, first = sums[-1], sums[0]
    change = last - first if whole and last is not None and first is not None else None
    return Reach(last, len(counts), sums, change)


def _sum(counts: dict[Key, list[tuple[datetime, int]]], end: datetime) -> int | None:
    """Of each list its newest count by then; None where there is none."""
    known = [[n for at, n in found if at <= end] for found in counts.values()]
    latest = [sizes[-1] for sizes in known if sizes]
    return sum(latest) if latest else None


def _counted(since: datetime) -> tuple[Any, Any]:
    """Id, account, list, when, size: of each list the last count before then; all since then."""
    counted = col(Run.list_size).is_not(None)
    before = (
        sa.select(sa.func.max(col(Run.id)))
        .where(counted, col(Run.finished_at) < since)
        .group_by(col(Run.account), col(Run.list_id))
    )
    of_export = sa.and_(
        col(ExportRow.id) == col(Run.export_id),
        col(ExportRow.list_id) == col(Run.list_id),
        col(ExportRow.connection_id).is_not(None),
    )
    columns = (col(Run.id), col(Run.account), col(Run.list_id), col(Run.finished_at))
    found = sa.select(*columns, col(Run.list_size)).join(ExportRow, of_export)
    # Two queries, for each has an index, and either of both would have none.
    return found.where(col(Run.id).in_(before)), found.where(counted, col(Run.finished_at) >= since)
