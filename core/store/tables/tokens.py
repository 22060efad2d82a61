"""Tables of the API: tokens, the exports that each may run, and requests that come twice."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table


class TokenRow(Table, table=True):
    """A token of the API, kept as its SHA-256. It is deleted when it is revoked."""

    __tablename__ = "api_token"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    digest: str = Field(unique=True, repr=False)
    refresh: bool  # may start the refresh
    sees_people: bool  # gets values of people whole, not masked
    # reads measures, and may do nothing else
    measures: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class TokenExport(Table, table=True):
    """An export that a token may run; the row goes with either of them."""

    __tablename__ = "api_token_export"
    token_id: int = Field(primary_key=True, foreign_key="api_token.id", ondelete="CASCADE")
    export_id: int = Field(
        primary_key=True, foreign_key="export.id", ondelete="CASCADE", index=True
    )


class ApiRequest(Table, table=True):
    """What a token requested under an idempotency key, and the run that came of it."""

    __tablename__ = "api_request"
    token_id: int = Field(primary_key=True, foreign_key="api_token.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    request: str  # what was requested, such as `run 7`
    run_id: int | None = Field(default=None, foreign_key="run.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_type=Moment, index=True)
