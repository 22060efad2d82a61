"""Table of what destinations answered about accounts and lists."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment
from core.store.tables.base import Table


class Reading(Table, table=True):
    """What a connection's destination answered last, kept so that pages needn't ask it."""

    __tablename__ = "reading"
    connection_id: int = Field(foreign_key="connection.id", ondelete="CASCADE", primary_key=True)
    what: str = Field(primary_key=True)  # usage, or list: with the list's id
    asked_at: datetime = Field(sa_type=Moment)  # last, also where that failed
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # empty: never answered
