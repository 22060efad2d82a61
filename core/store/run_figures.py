"""Runs as numbers, day by day: added up by the database, from an index, so that none is read."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
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
    wanted = run_list.conditions(session, **filters)
    # What was refused for its limit never came so far as to leave anything unsent.
    not_sent = col(Run.valid) - col(Run.unchanged) - col(Run.sent) + col(Run.not_sent)
    each = (
        col(Run.members),
        col(Run.accepted),
        col(Run.members) - col(Run.valid),
        col(Run.refused),
        col(Run.undelivered) - col(Run.not_sent) - col(Run.counting),
        sa.case((col(Run.batches) > 0, not_sent), else_=0),
        sa.case((col(Run.part) == 1, 1), else_=0),
        sa.case((col(Run.status) == RunStatus.failed, 1), else_=0),
    )
    together = sa.func.json_array if _is_sqlite(session) else sa.func.json_build_array
    sums = together(sa.func.count(), *map(sa.func.sum, each))
    found = _by_day(session, bounds, sums, col(Run.status).in_(ENDED), *wanted)
    sums_of = {place: [int(n) for n in numbers] for place, (n, *numbers) in found if n}
    for place, n in _held(session, bounds, wanted).items():
        sums_of.setdefault(place, [0] * len(each))[-1] += n
    return {place: Day(*numbers) for place, numbers in sums_of.items()}


def _held(session: Session, bounds: Bounds, wanted: Iterable[Any]) -> Counter[int]:
    """How many are held now, by place in `bounds`; they are few, and found by their status."""
    query = sa.select(col(Run.created_at)).where(col(Run.status) == RunStatus.held, _is(*wanted))
    starts = [start for start, _end in bounds]
    places = ((bisect_right(starts, at) - 1, at) for at in session.scalars(query))
    return Counter(place for place, at in places if place >= 0 and at < bounds[place][1])


def durations(session: Session, bounds: Bounds, **filters: Any) -> dict[int, list[float]]:
    """Seconds that runs took which have ended, by place in `bounds`."""
    wanted = run_list.conditions(session, **filters)
    over = col(Run.status).in_(ENDED), col(Run.seconds).is_not(None)
    together = sa.func.json_group_array if _is_sqlite(session) else sa.func.json_agg
    found = _by_day(session, bounds, together(col(Run.seconds)), *over, *wanted)
    return {place: some for place, some in found if some}


def list_sizes(session: Session, since: datetime, export_id: int) -> list[tuple[datetime, int]]:
    """The list of an export after each of its runs since then, oldest first."""
    query = (
        sa.select(col(Run.finished_at), col(Run.list_size))
        .where(col(Run.export_id) == export_id, col(Run.finished_at) >= since)
        .where(col(Run.list_size).is_not(None))
    )
    return [(at, n) for at, n in session.execute(query.order_by(col(Run.id)))]


def counted_lists(session: Session, since: datetime) -> dict[tuple[str, str], int]:
    """The lists, by account and id, that were counted since then: their size the last time."""
    key = col(Run.account), col(Run.list_id)
    counted = col(Run.list_size).is_not(None), col(Run.finished_at) >= since
    last = sa.select(*key, sa.func.max(col(Run.finished_at)).label("at")).where(*counted)
    each = last.group_by(*key).subquery()
    same = sa.and_(
        col(Run.account) == each.c.account,
        col(Run.list_id) == each.c.list_id,
        col(Run.finished_at) == each.c.at,
    )
    query = sa.select(*key, col(Run.list_size)).join(each, same).where(counted[0])
    return {(account, list_id): n for account, list_id, n in session.execute(query)}


def last_sizes(
    session: Session, bounds: Bounds, lists: Sequence[tuple[str, str]]
) -> list[tuple[int, int, int]]:
    """Place in `lists`, place in `bounds`, and the size of the list as it was counted last then."""
    if not lists:
        return []
    each = _days(bounds)
    texts = sa.column("account", sa.String), sa.column("of", sa.String)
    rows = [(place, *both) for place, both in enumerate(lists)]
    known = sa.values(sa.column("place", sa.Integer), *texts).data(rows).cte("lists")
    own = col(Run.account) == known.c.account, col(Run.list_id) == known.c.of
    then = col(Run.finished_at) >= each.c.begin, col(Run.finished_at) < each.c.until
    sizes = sa.select(col(Run.list_size)).where(*own, *then, col(Run.list_size).is_not(None))
    last = sizes.order_by(col(Run.finished_at).desc()).limit(1).correlate(known, each)
    query = sa.select(known.c.place, each.c.day, last.scalar_subquery()).order_by(each.c.day)
    found = session.execute(query.join_from(known, each, sa.true()))
    return [(place, day, n) for place, day, n in found if n is not None]


def _days(bounds: Bounds) -> Any:
    """Days as a table: their place in `bounds`, and when each begins and ends."""
    rows = [(place, *both) for place, both in enumerate(bounds)]
    columns = sa.column("day", sa.Integer), sa.column("begin", Moment), sa.column("until", Moment)
    return sa.values(*columns).data(rows).cte("days")


def _by_day(session: Session, bounds: Bounds, gathered: Any, *wanted: Any) -> Iterable[Any]:
    """What is gathered of the wanted runs of each day, as JSON, with its place in `bounds`.

    Each day looks for its runs in the index by itself, and gathers one value: so nothing has to be
    sorted.
    """
    each = _days(bounds)
    within = sa.and_(col(Run.created_at) >= each.c.begin, col(Run.created_at) < each.c.until)
    query = sa.select(sa.type_coerce(gathered, sa.JSON)).where(within, _is(*wanted))
    return session.execute(sa.select(each.c.day, query.correlate(each).scalar_subquery()))


def _is(*wanted: Any) -> Any:
    """That all of it is so, said in a way that leads to no other index than that of days."""
    return sa.case((sa.and_(sa.true(), *wanted), 1), else_=0) == 1


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
