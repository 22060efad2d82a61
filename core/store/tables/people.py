"""Tables of people: accounts, sessions, tickets, attempts to sign in, the audit, drafts."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table


class AccountRow(Table, table=True):
    """A person who may sign in. `handle` is the name in the form in which it is compared."""

    __tablename__ = "account"
    id: int = Field(default=None, primary_key=True)
    name: str
    handle: str = Field(unique=True)
    email: str | None = Field(default=None, unique=True)
    role: int
    password: str | None = Field(default=None, repr=False)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)
    signed_in_at: datetime | None = Field(default=None, sa_type=Moment)  # last
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class SessionRow(Table, table=True):
    """A browser that is signed in; of its token only the SHA-256 is kept."""

    __tablename__ = "session"
    digest: str = Field(primary_key=True, repr=False)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    address: str
    agent: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    seen_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)


class TicketRow(Table, table=True):
    """Opens one door once: signing in, an invitation, a new password, the set-up."""

    __tablename__ = "ticket"
    digest: str = Field(primary_key=True, repr=False)
    purpose: str
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="CASCADE", index=True
    )
    expires_at: datetime = Field(sa_type=Moment, index=True)


class Attempt(Table, table=True):
    """Wrong tries in a row to sign in, of a name or from an address."""

    __tablename__ = "attempt"
    subject: str = Field(primary_key=True)
    tries: int = 0
    last_at: datetime = Field(default_factory=now, sa_type=Moment)
    paused_until: datetime | None = Field(default=None, sa_type=Moment)


class AuditRow(Table, table=True):
    """Who did what to what, when and from where. Rows are added, and removed only by their age."""

    __tablename__ = "audit"
    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    by: str = Field(index=True)
    role: str
    origin: str
    action: str = Field(index=True)
    kind: str
    what: str
    refused: bool = False


class DraftRow(Table, table=True):
    """What a person has typed into a form and not saved; one of each form, never a secret."""

    __tablename__ = "draft"
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True)  # of what the form is for, such as export
    thing_id: int = Field(primary_key=True)  # 0: a new one
    data: dict[str, Any] = Field(sa_type=sa.JSON)
    base: dict[str, Any] = Field(sa_type=sa.JSON)  # what was saved when the form was opened
    began_at: datetime = Field(default_factory=now, sa_type=Moment)
    changed_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
