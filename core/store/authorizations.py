"""OAuth sign-ins under way: begun, come back from once, waiting until their tokens are taken."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.errors import Invalid
from core.store.tables.connections import Authorization
from core.store.vault import Vault

HOLDS = timedelta(minutes=10)  # until they are back
KEPT = timedelta(hours=1)  # from then on, until the form is saved


def begin(session: Session, row: Authorization) -> None:
    """One more; those that have ended are forgotten."""
    ended = col(Authorization.expires_at) <= datetime.now(UTC)
    session.execute(sa.delete(Authorization).where(ended))
    session.add(row)


def look_at(session: Session, digest: str, account_id: int | None) -> Authorization | None:
    """The one that this person began; None for another's, and when it holds no longer."""
    query = select(Authorization).where(
        Authorization.digest == digest,
        Authorization.account_id == account_id,
        Authorization.expires_at > datetime.now(UTC),
    )
    return session.exec(query).first()


def arrive(session: Session, digest: str) -> Authorization | None:
    """The one that somebody came back from, with its verifier; None unless it is the first time.

    Of two at once only one gets it: it loses its verifier.
    """
    row = session.get(Authorization, digest)
    claim = (
        sa.update(Authorization)
        .where(
            col(Authorization.digest) == digest,
            col(Authorization.verifier) != "",
            col(Authorization.expires_at) > datetime.now(UTC),
        )
        .values(verifier="", expires_at=datetime.now(UTC) + KEPT)
        .execution_options(synchronize_session=False)
    )
    claimed = session.execute(claim)
    return row if row and claimed.rowcount == 1 else None  # type: ignore[attr-defined]


def note(
    session: Session, digest: str, *, tokens: str | None = None, problem: str | None = None
) -> None:
    """Keeps what became of it: the tokens, encrypted, or what went wrong."""
    if row := session.get(Authorization, digest):
        row.tokens, row.problem = tokens, problem
        session.add(row)


def relock(session: Session, old: Vault, new: Vault) -> int:
    """Encrypts their secrets with another key; how many. An unreadable one is dropped"""
    n = 0
    for row in session.exec(select(Authorization)):
        try:
            locked = {
                name: new.lock(old.unlock(secret))
                for name in ("verifier", "tokens")
                if (secret := getattr(row, name))
            }
        except Invalid:
            session.delete(row)
            continue
        row.sqlmodel_update(locked)
        session.add(row)
        n += len(locked)
    return n
