"""Runs as numbers, day by day: added up by the database, from an index, so that none is read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from core.store import run_list
from core.store.database import Moment
from core.store.tables.runs import ENDED, Run, RunStatus

Bounds = Sequence[tuple[datetime, datetime]]  # of each day: from, and before
TROUBLE = frozenset({RunStatus.failed, RunStatus.held})
COUNTED = ENDED | TROUBLE


@dataclass(frozen=True, slots=True)
class Day:
    """Sums over the runs that were requested on a day, in profiles but for `runs`, `troubled`.

    All but `troubled`, which are failed or held, are of runs that have ended; of a split each part
    counts its profiles, and `runs` counts it once.
    """

    members: int
    accepted: int
    rejected: int  # before sending
    refused: int
    undelivered: int
    not_sent: int
    runs: int
    troubled: int


def days(session: Session, bounds: Bounds, **filters: Any) -> dict[int, Day]:
    """By place in `bounds`; days without a run are left out. The filters are `run_list`'s."""
    conditions = run_list.conditions(session, **filters)

    def total(value: Any) -> Any:
        return sa.func.sum(sa.case((sa.and_(*conditions), value), else_=0) if conditions else value)

    # What was refused for its limit never came so far as to leave anything unsent.
    not_sent = col(Run.valid) - col(Run.unchanged) - col(Run.sent) + col(Run.not_sent)
    sums = (
        total(col(Run.members)),
        total(col(Run.accepted)),
        total(col(Run.members) - col(Run.valid)),
        total(col(Run.refused)),
        total(col(Run.undelivered) - col(Run.not_sent) - col(Run.counting)),
        total(sa.case((col(Run.batches) > 0, not_sent), else_=0)),
        total(sa.case((col(Run.part) == 1, 1), else_=0)),
        total(1),
    )
    day, query = _by_day(bounds, col(Run.status), *sums)
    found: dict[int, list[int]] = {}
    for place, status, *numbers, n in session.execute(query.group_by(day, col(Run.status))):
        if not n or status not in COUNTED:
            continue
        sums_of_day = found.setdefault(place, [0] * len(sums))
        if status in ENDED:
            for at, number in enumerate(numbers):
                sums_of_day[at] += int(number)
        sums_of_day[-1] += int(n) if status in TROUBLE else 0
    return {place: Day(*numbers) for place, numbers in found.items()}


def durations(session: Session, bounds: Bounds, **filters: Any) -> dict[int, list[float]]:
    """Seconds that runs took which have ended, by place in `bounds`."""
    wanted = sa.and_(sa.true(), *run_list.conditions(session, **filters))
    over = sa.and_(col(Run.status).in_(ENDED), wanted)
    _day, query = _by_day(bounds, sa.case((over, col(Run.seconds))))
    found: dict[int, list[float]] = defaultdict(list)
    for place, seconds in session.execute(query):
        if seconds is not None:
            found[place].append(seconds)
    return dict(found)


def list_sizes(session: Session, since: datetime, export_id: int) -> list[tuple[datetime, int]]:
    """The list of an export after each of its runs since then, oldest first."""
    query = (
        sa.select(col(Run.finished_at), col(Run.list_size))
        .where(col(Run.export_id) == export_id, col(Run.finished_at) >= since)
        .where(col(Run.list_size).is_not(None))
    )
    return [(at, n) for at, n in session.execute(query.order_by(col(Run.id)))]


def _by_day(bounds: Bounds, *columns: Any) -> tuple[Any, Any]:
    """The column that says the day, and a query of it and these columns of runs.

    Days come first, also those without a run: so each looks for its runs in the index. What else
    is asked of runs stands in the columns, where it leads to no other index.
    """
    rows = [(place, *both) for place, both in enumerate(bounds)]
    known = sa.values(
        sa.column("day", sa.Integer), sa.column("begin", Moment), sa.column("until", Moment)
    )
    each = known.data(rows).cte("days")
    within = sa.and_(col(Run.created_at) >= each.c.begin, col(Run.created_at) < each.c.until)
    query = sa.select(each.c.day, *columns).select_from(each.outerjoin(Run, within))
    return each.c.day, query
