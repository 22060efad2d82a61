"""Wrong tries to sign in, counted by name and by address; five in a row make a pause."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from core.access import Action, Person, require
from core.store import audit
from core.store.audit import Deed
from core.store.tables.people import Attempt

MOST = 5
PAUSE = timedelta(minutes=15)


def paused(session: Session, subjects: Iterable[str]) -> bool:
    """Whether sign-in pauses for one of the subjects."""
    query = sa.select(col(Attempt.subject)).where(
        col(Attempt.subject).in_(list(subjects)), col(Attempt.paused_until) > datetime.now(UTC)
    )
    return session.execute(query).first() is not None


def failed(session: Session, subjects: Iterable[str]) -> None:
    """One more wrong try of each; tries that are longer ago than a pause don't count."""
    now = datetime.now(UTC)
    session.execute(sa.delete(Attempt).where(col(Attempt.last_at) < now - PAUSE))
    for subject in subjects:
        row = session.get(Attempt, subject, with_for_update=True) or Attempt(subject=subject)
        row.tries, row.last_at = row.tries + 1, now
        if row.tries >= MOST:
            row.tries, row.paused_until = 0, now + PAUSE
        session.add(row)


def lift(session: Session, person: Person, subject: str) -> None:
    """Ends a pause before its time. Raises Denied."""
    require(person, Action.manage_people)
    forget(session, [subject])
    audit.record(session, person, Deed.lifted, "pause", subject)


def forget(session: Session, subjects: Iterable[str]) -> None:
    """They may try again at once."""
    session.execute(sa.delete(Attempt).where(col(Attempt.subject).in_(list(subjects))))


def pauses(session: Session) -> list[Attempt]:
    """The pauses that hold now."""
    query = sa.select(Attempt).where(col(Attempt.paused_until) > datetime.now(UTC))
    return list(session.scalars(query.order_by(col(Attempt.paused_until))))
