"""Tables of refreshes: what each has read and counted, and what its sources looked like."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table


class RefreshStatus(StrEnum):
    """How a refresh stands, and each of its sources."""

    waiting = "waiting"  # a source whose turn has not come
    running = "running"
    succeeded = "succeeded"
    partial = "partial"  # some of it failed
    failed = "failed"


class Refresh(Table, table=True):
    """Once that sources were read again and their segments counted."""

    __tablename__ = "refresh"
    id: int = Field(default=None, primary_key=True)
    by: str
    origin: str  # the schedule, a page, the command line; see `core.access`
    source: str | None = None  # the only one that was reloaded; None: all that segments use
    status: RefreshStatus = Field(default=RefreshStatus.running, sa_type=sa.String(12))
    problem: str | None = None  # of the refresh itself: it broke off
    started_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)

    __table_args__ = (
        sa.Index(
            "refresh_running",
            "id",
            sqlite_where=sa.text("finished_at is null"),
            postgresql_where=sa.text("finished_at is null"),
        ),
    )


class RefreshedSource(Table, table=True):
    """A source in a refresh: how it went, and what depends on it where that failed."""

    __tablename__ = "refreshed_source"
    id: int = Field(default=None, primary_key=True)
    refresh_id: int = Field(foreign_key="refresh.id", ondelete="CASCADE", index=True)
    source_id: int | None = Field(
        default=None, foreign_key="source.id", ondelete="SET NULL", index=True
    )
    name: str
    status: RefreshStatus = Field(default=RefreshStatus.waiting, sa_type=sa.String(12))
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    rows: int | None = Field(default=None, sa_type=sa.BigInteger)
    problem: str | None = None
    freshness: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    # each segment: id, name, members, before, problem; as JSON
    segments: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    # names of the exports that depend on what failed; as JSON
    dependents: list[str] = Field(
        default_factory=list, sa_type=sa.JSON, sa_column_kwargs={"name": "skipped"}
    )


class SourceProfile(Table, table=True):
    """What a source looked like in a refresh; too much for lists of refreshes."""

    __tablename__ = "source_profile"
    refreshed_id: int = Field(
        primary_key=True, foreign_key="refreshed_source.id", ondelete="CASCADE"
    )
    # by column, see `core.profiles.summary`; as JSON
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
