"""Tables of exports, of the segments that each takes, and of changes that wait for approval."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table


class ExportSegment(Table, table=True):
    """Which segments an export takes, in order, and the segments that it leaves out."""

    __tablename__ = "export_segment"
    export_id: int = Field(primary_key=True, foreign_key="export.id", ondelete="CASCADE")
    segment_id: int = Field(
        primary_key=True, foreign_key="segment.id", ondelete="RESTRICT", index=True
    )
    place: int
    excluded: bool = False


class ExportRow(Table, table=True):
    """Segments to a list; without a connection it is detached and doesn't run."""

    __tablename__ = "export"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    connection_id: int | None = Field(
        default=None, foreign_key="connection.id", ondelete="SET NULL", index=True
    )
    list_id: str
    list_name: str | None = None
    spec: dict[str, Any] = Field(sa_type=sa.JSON)
    # made by the demo, and nobody has changed it
    sample: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class ProposalRow(Table, table=True):
    """A change of an export that waits for the approval of a second person, or was decided."""

    __tablename__ = "proposal"
    id: int = Field(default=None, primary_key=True)
    export_id: int = Field(foreign_key="export.id", ondelete="CASCADE", index=True)
    spec: dict[str, Any] = Field(sa_type=sa.JSON)  # the export as it is to be
    base: dict[str, Any] = Field(sa_type=sa.JSON)  # as it was when this was proposed
    list_name: str | None = None
    by: str
    account_id: int | None = None  # of whoever proposed it
    at: datetime = Field(sa_type=Moment)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    approved: bool | None = None

    __table_args__ = (
        sa.Index(
            "one_open_proposal_per_export",
            "export_id",
            unique=True,
            sqlite_where=sa.text("decided_at is null"),
            postgresql_where=sa.text("decided_at is null"),
        ),
    )
