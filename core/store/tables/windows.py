"""The table of the windows in which destinations count requests, for several processes."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables.base import Table


class RequestWindow(Table, table=True):
    """The requests of an account, or of a key, to one class of endpoints; on PostgreSQL only."""

    __tablename__ = "request_window"
    owner: str = Field(primary_key=True)
    rate: str = Field(primary_key=True)  # the name of the class
    # As `destinations.windows.Window` has it, in seconds of the database's clock.
    state: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
