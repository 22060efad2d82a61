"""Wrong tries to sign in: counted for a name from an address, and for each of the two alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from core.access import Action, Person, require
from core.store import audit
from core.store.audit import Deed
from core.store.tables.people import AccountRow, Attempt

MOST = 5
PAUSE = timedelta(minutes=15)
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=5)  # of waits that grow
FORGOTTEN = timedelta(hours=1)  # tries that are longer ago don't count


@dataclass(frozen=True, slots=True)
class Subject:
    """What tries are counted for: so many are free, then one makes a pause."""

    text: str
    free: int = MOST
    grows: bool = False  # waits double from FIRST to LONGEST, instead of a PAUSE at once

    def pause(self, tries: int) -> timedelta | None:
        """How long sign-in pauses after so many tries; None while it doesn't."""
        over = tries - self.free
        if over < 0:
            return None
        return min(FIRST * 2 ** min(over, 8), LONGEST) if self.grows else PAUSE


def of_sign_in(name: str | None, address: str, browser: str | None = None) -> list[Subject]:
    """Of the name (its handle) from the address; and what keeps guessing from many of either slow.

    A name that nobody has (None) isn't kept: it may be a password, typed into the wrong field.

    Who has signed in from this browser before is kept waiting by its own tries alone, whatever
    others do to their name or from their address.
    """
    if browser:
        return [Subject(f"browser {browser}", grows=True)]
    anywhere = Subject(f"address {address}", 20, grows=True)
    if name is None:
        return [anywhere]
    together = Subject(f"name {name} from {address}")
    return [together, Subject(f"name {name}", 10, grows=True), anywhere]


def begin(session: Session, subjects: Sequence[Subject]) -> bool:
    """Counts a try before it is made, so that of many at once none is free; whether it may be.

    The first that finds a pause isn't counted, and may not be made. A right one is forgotten.
    """
    now = datetime.now(UTC)
    # A write at first: on SQLite it keeps all others out until the transaction ends.
    session.execute(sa.delete(Attempt).where(col(Attempt.last_at) < now - FORGOTTEN))
    rows = {
        one: session.get(Attempt, one.text, with_for_update=True) or Attempt(subject=one.text)
        for one in subjects
    }
    if any(row.paused_until and row.paused_until > now for row in rows.values()):
        return False
    for one, row in rows.items():
        row.tries, row.last_at = row.tries + 1, now
        if pause := one.pause(row.tries):
            row.paused_until = now + pause
            row.tries = row.tries if one.grows else 0
        session.add(row)
    return True


def lift(session: Session, person: Person, subject: str) -> None:
    """Ends a pause before its time. Raises Denied."""
    require(person, Action.manage_people)
    session.execute(sa.delete(Attempt).where(col(Attempt.subject) == subject))
    audit.record(session, person, Deed.lifted, "pause", subject)


def unlock(session: Session, person: Person, account: AccountRow) -> None:
    """Ends all pauses of somebody's name, wherever it was tried. Raises Denied."""
    require(person, Action.manage_people)
    forget_name(session, account.handle)
    audit.record(session, person, Deed.lifted, "pause", account.name)


def forget_name(session: Session, name: str) -> None:
    """Whoever has the name (a handle) may try again at once."""
    session.execute(
        sa.delete(Attempt).where(
            sa.or_(
                col(Attempt.subject) == f"name {name}",
                col(Attempt.subject).startswith(f"name {name} from ", autoescape=True),
            )
        )
    )


def forget(session: Session, subjects: Iterable[Subject]) -> None:
    """They may try again at once."""
    texts = [one.text for one in subjects]
    session.execute(sa.delete(Attempt).where(col(Attempt.subject).in_(texts)))


def pauses(session: Session) -> list[Attempt]:
    """The pauses that hold now."""
    query = sa.select(Attempt).where(col(Attempt.paused_until) > datetime.now(UTC))
    return list(session.scalars(query.order_by(col(Attempt.paused_until))))
