"""Tables of erased people: what was done, hashes by which runs leave them out, keys of our own."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table


class OwnKey(Table, table=True):
    """A key that this installation made for itself, encrypted: of hashes, of signatures."""

    __tablename__ = "own_key"
    name: str = Field(primary_key=True)
    value: str = Field(repr=False)


class ErasureRow(Table, table=True):
    """An erasure of one person: its steps as far as they are done, and so its receipt.

    `locked` are the addresses, encrypted, until the last step is done.
    """

    __tablename__ = "erasure"
    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=Moment)
    by: str
    digests: list[str] = Field(sa_type=sa.JSON)  # of the addresses, keyed
    locked: str | None = Field(default=None, repr=False)
    # by the name of each step: when it was done, and what it found; as JSON
    steps: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)


class ErasedRow(Table, table=True):
    """An address that nothing is sent to any more: its keyed hash, and a mark to find it fast."""

    __tablename__ = "erased"
    digest: str = Field(primary_key=True)
    mark: int = Field(sa_type=sa.BigInteger)
    erasure_id: int = Field(foreign_key="erasure.id", ondelete="RESTRICT")
    at: datetime = Field(default_factory=now, sa_type=Moment)
