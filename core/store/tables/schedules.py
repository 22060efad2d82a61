"""Tables of schedules: the slots that were due, and what an installation prefers."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment
from core.store.tables.base import Table


class Preference(Table, table=True):
    """A setting of the whole installation, such as the common refresh."""

    __tablename__ = "preference"
    name: str = Field(primary_key=True)
    value: dict[str, Any] = Field(sa_type=sa.JSON)


class Outcome(StrEnum):
    """What became of one slot of a schedule."""

    due = "due"  # being started
    ran = "ran"
    held = "held"
    failed = "failed"
    skipped = "skipped"
    missed = "missed"


class Slot(Table, table=True):
    """One moment of a schedule, and what became of it: of each slot exactly one row."""

    __tablename__ = "slot"
    id: int = Field(default=None, primary_key=True)
    schedule: str  # “refresh”, or “export 7”
    export_id: int | None = Field(
        default=None, foreign_key="export.id", ondelete="SET NULL", index=True
    )
    name: str  # of the export, or empty
    at: datetime = Field(sa_type=Moment, index=True)
    outcome: Outcome = Field(sa_type=sa.String(8), index=True)
    reason: str | None = None
    run_id: int | None = Field(default=None, foreign_key="run.id", ondelete="SET NULL", index=True)
    # that requested the refresh, which this is or belongs to
    token_id: int | None = Field(
        default=None, foreign_key="api_token.id", ondelete="SET NULL", index=True
    )

    __table_args__ = (sa.UniqueConstraint("schedule", "at", name="uq_slot_schedule"),)
