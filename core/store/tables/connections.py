"""Tables of connections and of authorizations under way."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table


class ConnectionState(StrEnum):
    """What the last look at a connection found."""

    unchecked = "unchecked"
    ok = "ok"
    degraded = "degraded"  # a scope is missing: some exports can't run
    broken = "broken"  # none can run
    reconnect = "reconnect"  # the destination has withdrawn the authorization


class ConnectionRow(Table, table=True):
    """A connection to a destination, its secrets encrypted."""

    __tablename__ = "connection"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    type: str
    base_url: str
    secret: str = Field(repr=False)
    secret_ending: str
    secret_reference: str | None = None
    shared_with: str  # administrators, contributors or people: then those of these accounts
    people: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    agreed_by: str
    agreed_version: str
    agreed_at: datetime = Field(sa_type=Moment)
    # the key from before a change-over, used where the new one is refused
    former_secret: str | None = Field(default=None, repr=False)
    former_ending: str | None = None
    oauth: str | None = Field(default=None, repr=False)  # tokens, used instead of the key
    account_id: str | None = None
    account_name: str | None = None
    test_account: bool | None = None
    time_zone: str | None = None
    state: ConnectionState = Field(default=ConnectionState.unchecked, sa_type=sa.String(12))
    missing: list[str] = Field(default_factory=list, sa_type=sa.JSON)  # scopes
    checked_at: datetime | None = Field(default=None, sa_type=Moment)
    problem: str | None = None
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    # the person in the name of whom its exports run
    export_user_id: int | None = None  # accounts are never deleted
    # what happens to its exports once their runs have ended; then it is removed
    removal: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    owner_id: int | None = None  # the account that added it; None: from the command line
    # what the account's plan includes, how many active profiles its billing page showed, and when
    plan_profiles: int | None = None
    active_profiles: int | None = None
    active_at: datetime | None = Field(default=None, sa_type=Moment)
    # made by the demo, and nobody has changed it
    sample: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class Authorization(Table, table=True):
    """An OAuth sign-in under way: begun by somebody, and once they are back, its tokens."""

    __tablename__ = "authorization"
    digest: str = Field(primary_key=True, repr=False)  # of the state, SHA-256
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    base_url: str
    redirect_uri: str
    verifier: str = Field(repr=False)  # encrypted, as are the tokens
    tokens: str | None = Field(default=None, repr=False)
    problem: str | None = None
    expires_at: datetime = Field(sa_type=Moment)
