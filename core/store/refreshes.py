"""Refreshes and their sources: which goes on, how each went, and what sources looked like."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import COMMAND_LINE, TOKEN, Person
from core.store.database import moment
from core.store.some import remove_some
from core.store.tables.data import SourceRow
from core.store.tables.refreshes import Refresh, RefreshedSource, RefreshStatus, SourceProfile
from core.texts import _

PAGE, SCHEDULE = "page", "schedule"  # where a refresh was asked for
ORIGINS = frozenset({COMMAND_LINE, TOKEN, SCHEDULE})


def begin(
    session: Session, person: Person, rows: Sequence[SourceRow], *, only: str | None = None
) -> tuple[Refresh, list[RefreshedSource]]:
    """A refresh of these sources, which begins now; `only` names the one that was reloaded."""
    origin = person.origin if person.origin in ORIGINS else PAGE
    refresh = Refresh(by=person.name, origin=origin, source=only, started_at=moment(session))
    session.add(refresh)
    session.flush()
    found = [RefreshedSource(refresh_id=refresh.id, source_id=r.id, name=r.name) for r in rows]
    session.add_all(found)
    session.flush()
    return refresh, found


def unfinished(session: Session) -> Refresh | None:
    """The one that goes on, or that broke off without a word."""
    return session.exec(select(Refresh).where(col(Refresh.finished_at).is_(None))).first()


def taken(session: Session) -> frozenset[int]:
    """The ids of the sources that the refresh under way reads; of the common one all of them."""
    query = (
        select(RefreshedSource.source_id)
        .join(Refresh, col(Refresh.id) == RefreshedSource.refresh_id)
        .where(col(Refresh.finished_at).is_(None))
    )
    return frozenset(id for id in session.exec(query) if id is not None)


def interrupt(session: Session) -> None:
    """Whatever is unfinished broke off: its process has ended."""
    why = _("The server stopped while this was read.")
    at, failed = moment(session), RefreshStatus.failed
    for refresh in session.exec(select(Refresh).where(col(Refresh.finished_at).is_(None))):
        going_on = [RefreshStatus.waiting, RefreshStatus.running]
        query = sa.update(RefreshedSource).where(
            col(RefreshedSource.refresh_id) == refresh.id,
            col(RefreshedSource.status).in_(going_on),
        )
        session.execute(query.values(status=failed, problem=why, finished_at=at))
        refresh.status, refresh.finished_at = failed, at
        refresh.problem = _("The server stopped before the refresh had ended.")
        session.add(refresh)


def save(session: Session, one: RefreshedSource, **values: Any) -> RefreshedSource:
    """Sets these values of a source in a refresh; the row as it is then."""
    row = session.get_one(RefreshedSource, one.id)
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def end(session: Session, refresh_id: int) -> Refresh:
    """The refresh has ended, as its sources say."""
    row = session.get_one(Refresh, refresh_id)
    states = {one.status for one in of(session, [row.id]).get(row.id, [])}
    row.status = _together(states)
    row.finished_at = moment(session)
    session.add(row)
    return row


def of(session: Session, refresh_ids: Collection[int]) -> dict[int, list[RefreshedSource]]:
    """The sources of these refreshes, by their ids, in the order in which they are read."""
    found: dict[int, list[RefreshedSource]] = {id: [] for id in refresh_ids}
    query = select(RefreshedSource).where(col(RefreshedSource.refresh_id).in_(refresh_ids))
    for one in session.exec(query.order_by(col(RefreshedSource.id))):
        found[one.refresh_id].append(one)
    return found


def everything(session: Session, *, limit: int = 20, offset: int = 0) -> list[Refresh]:
    """Refreshes, the newest first."""
    query = select(Refresh).order_by(col(Refresh.id).desc())
    return list(session.exec(query.limit(limit).offset(offset)))


def how_many(session: Session) -> int:
    """How many are kept."""
    return int(session.scalar(sa.select(sa.func.count()).select_from(Refresh)) or 0)


def of_source(
    session: Session, source_id: int, *, limit: int = 10
) -> list[tuple[Refresh, RefreshedSource]]:
    """How the last refreshes of a source went, the newest first."""
    query = (
        select(Refresh, RefreshedSource)
        .join(RefreshedSource, col(RefreshedSource.refresh_id) == Refresh.id)
        .where(RefreshedSource.source_id == source_id)
        .order_by(col(Refresh.id).desc())
    )
    return [(refresh, one) for refresh, one in session.exec(query.limit(limit))]


def keep_profile(session: Session, one: RefreshedSource, data: Mapping[str, Any]) -> None:
    """What the source looked like in the refresh, as JSON."""
    session.merge(SourceProfile(refreshed_id=one.id, data=dict(data)))


def profiles(
    session: Session, source_id: int, *, limit: int = 2
) -> list[tuple[RefreshedSource, dict[str, Any]]]:
    """What the source looked like in its last refreshes that looked at it, the newest first."""
    query = (
        select(RefreshedSource, SourceProfile.data)
        .join(SourceProfile, col(SourceProfile.refreshed_id) == RefreshedSource.id)
        .where(RefreshedSource.source_id == source_id)
        .order_by(col(RefreshedSource.id).desc())
    )
    return [(one, dict(data)) for one, data in session.exec(query.limit(limit))]


def remove_old(session: Session, before: datetime, n: int) -> int:
    """Removes at most n refreshes that ended before then; how many."""
    ended = sa.select(col(Refresh.id)).where(col(Refresh.finished_at) < before).limit(n)
    return remove_some(session, Refresh, col(Refresh.id), ended)


def _together(states: Collection[RefreshStatus]) -> RefreshStatus:
    """A refresh has failed where all of it has, and in part where some of it has."""
    if not set(states) - {RefreshStatus.succeeded}:
        return RefreshStatus.succeeded
    return RefreshStatus.failed if set(states) == {RefreshStatus.failed} else RefreshStatus.partial
