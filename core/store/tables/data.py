"""Tables of sources and segments."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table


class SourceRow(Table, table=True):
    """Where profiles are read from, and what was found there last."""

    __tablename__ = "source"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    type: str
    path: str
    spec: dict[str, Any] = Field(sa_type=sa.JSON)
    # the URL of a database, encrypted, and the variable that it came from; `path` has no secrets
    secret: str | None = Field(default=None, repr=False)
    secret_reference: str | None = None
    fields: dict[str, str] | None = Field(default=None, sa_type=sa.JSON)
    rows: int | None = Field(default=None, sa_type=sa.BigInteger)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    problem: str | None = None
    everyday: dict[str, bool | list[str]] | None = Field(default=None, sa_type=sa.JSON)
    # up to when its data goes, see `core.profiles.freshness`; as JSON
    freshness: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    confined: bool = True  # reads the allowed folders only, for its path comes from a browser
    # made by the demo, and nobody has changed it
    sample: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class SegmentRow(Table, table=True):
    """A group of people by rules, and how many it had last."""

    __tablename__ = "segment"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    source_id: int = Field(foreign_key="source.id", ondelete="RESTRICT", index=True)
    rules: dict[str, Any] = Field(sa_type=sa.JSON)
    active: bool = True
    members: int | None = Field(default=None, sa_type=sa.BigInteger)
    total: int | None = Field(default=None, sa_type=sa.BigInteger)
    counted_at: datetime | None = Field(default=None, sa_type=Moment)
    problem: str | None = None  # why it could not be counted last
    # when somebody made, changed or kept it; None: by a former version
    touched_at: datetime | None = Field(default=None, sa_type=Moment)
    # made by the demo, and nobody has changed it
    sample: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class AddressListRow(Table, table=True):
    """A list of addresses that rules compare with: how many, and a keyed hash of them."""

    __tablename__ = "address_list"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    addresses: int
    digest: str = Field(index=True)
    path: str | None = None  # of the file that they came from, where a configuration file named it
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class AddressesRow(Table, table=True):
    """The addresses of lists by their hash, encrypted; former ones as long as a run needs them."""

    __tablename__ = "addresses"
    digest: str = Field(primary_key=True)
    locked: str = Field(repr=False)


class SegmentSize(Table, table=True):
    """How many a segment had at a count, and its source."""

    __tablename__ = "segment_size"
    segment_id: int = Field(primary_key=True, foreign_key="segment.id", ondelete="CASCADE")
    at: datetime = Field(primary_key=True, sa_type=Moment)
    members: int = Field(sa_type=sa.BigInteger)
    total: int = Field(sa_type=sa.BigInteger)
