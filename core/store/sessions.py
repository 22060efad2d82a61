"""Browsers that are signed in, and the tickets that open one door once."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.store.tables.people import AccountRow, SessionRow, TicketRow

LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # so that a page a second doesn't write a row a second


class Purpose(StrEnum):
    """Which door a ticket opens."""

    sign_in = "sign_in"
    invitation = "invitation"
    set_up = "set_up"


HOLDS = {
    Purpose.sign_in: timedelta(seconds=30),
    Purpose.invitation: timedelta(hours=72),
    Purpose.set_up: timedelta(minutes=30),
}


def digest(token: str) -> str:
    """What is kept of a token; from it nobody can make the token again."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def begin(session: Session, account: AccountRow, address: str, agent: str) -> str:
    """A new session of the account's; the token for the browser, which is nowhere kept."""
    token = secrets.token_urlsafe(32)
    row = SessionRow(
        digest=digest(token),
        account_id=account.id,
        address=address,
        agent=agent[:200],
        expires_at=datetime.now(UTC) + LASTS,
    )
    account.signed_in_at = datetime.now(UTC)
    session.add_all([row, account])
    return token


def owner(session: Session, token: str | None) -> AccountRow | None:
    """The account of the session; None when it has ended or they are disabled."""
    found = session.exec(
        select(SessionRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(SessionRow.account_id))
        .where(
            SessionRow.digest == digest(token or ""),
            SessionRow.expires_at > datetime.now(UTC),
            col(AccountRow.disabled_at).is_(None),
        )
    ).first()
    if found is None:
        return None
    row, account = found
    if datetime.now(UTC) - row.seen_at > SEEN_EVERY:
        row.seen_at = datetime.now(UTC)
        session.add(row)
    return account


def end(session: Session, token: str | None) -> None:
    """Ends one session."""
    session.execute(sa.delete(SessionRow).where(col(SessionRow.digest) == digest(token or "")))


def end_all(session: Session, account_id: int, keep: str | None = None) -> None:
    """Ends every session of an account, but not that of the token `keep`, and its tickets."""
    end_tickets(session, account_id)
    session.execute(
        sa.delete(SessionRow).where(
            col(SessionRow.account_id) == account_id,
            col(SessionRow.digest) != digest(keep or ""),
        )
    )


def end_tickets(session: Session, account_id: int) -> None:
    """Ends what would open a door to the account: its one-time links and begun sign-ins."""
    session.execute(sa.delete(TicketRow).where(col(TicketRow.account_id) == account_id))


def of(session: Session, account_id: int) -> list[SessionRow]:
    """The account's sessions, the one used last first."""
    query = select(SessionRow).where(
        SessionRow.account_id == account_id, SessionRow.expires_at > datetime.now(UTC)
    )
    return list(session.exec(query.order_by(col(SessionRow.seen_at).desc())))


def issue(
    session: Session, purpose: Purpose, account_id: int | None = None, code: str | None = None
) -> str:
    """A ticket that opens one door once; earlier ones of the same kind hold no longer."""
    ticket = code or secrets.token_urlsafe(32)
    if purpose is not Purpose.sign_in:
        session.execute(_tickets(purpose).where(col(TicketRow.account_id) == account_id))
    row = TicketRow(
        digest=digest(ticket),
        purpose=purpose,
        account_id=account_id,
        expires_at=datetime.now(UTC) + HOLDS[purpose],
    )
    session.add(row)
    session.flush()
    return ticket


def look_at(session: Session, purpose: Purpose, ticket: str) -> TicketRow | None:
    """The ticket, if it still holds; it stays."""
    query = select(TicketRow).where(
        TicketRow.digest == digest(ticket),
        TicketRow.purpose == purpose,
        TicketRow.expires_at > datetime.now(UTC),
    )
    return session.exec(query).first()


def redeem(session: Session, purpose: Purpose, ticket: str) -> TicketRow | None:
    """Uses the ticket up; None if it doesn't hold. Of two at once only one gets it."""
    row = look_at(session, purpose, ticket)
    removed = session.execute(_tickets(purpose).where(col(TicketRow.digest) == digest(ticket)))
    return row if row and removed.rowcount == 1 else None  # type: ignore[attr-defined]


def sweep(session: Session) -> None:
    """Forgets what has ended."""
    now = datetime.now(UTC)
    session.execute(sa.delete(SessionRow).where(col(SessionRow.expires_at) < now))
    session.execute(sa.delete(TicketRow).where(col(TicketRow.expires_at) < now))


def _tickets(purpose: Purpose) -> sa.Delete:
    return sa.delete(TicketRow).where(col(TicketRow.purpose) == purpose)
