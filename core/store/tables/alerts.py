"""Tables of alerts: where they go, what is wrong now, each message, and its deliveries."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table


class ChannelRow(Table, table=True):
    """Where alerts go, and which ones: of the team, or of a person.

    Its address is encrypted. A person's own mail has none: it goes through the team's mail server.
    """

    __tablename__ = "alert_channel"
    id: int = Field(default=None, primary_key=True)
    name: str
    account_id: int | None = Field(  # None: of the team
        default=None, foreign_key="account.id", ondelete="CASCADE", index=True
    )
    service: str  # the address's beginning, such as slack or mailtos
    address: str = Field(default="", repr=False)
    reference: str | None = None  # the variable that a configuration file names
    mail: str | None = None  # a person's own mail address
    exports: list[int] = Field(default_factory=list, sa_type=sa.JSON)  # empty: all
    reasons: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    digest_at: str | None = None  # 07:00, once a day; None: at once
    problem: str | None = None  # what it answered last, while nothing arrives
    failing_since: datetime | None = Field(default=None, sa_type=Moment)
    delivered_at: datetime | None = Field(default=None, sa_type=Moment)  # last
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class AlertState(Table, table=True):
    """What is wrong now: a row from the change to the recovery, so that each is told once."""

    __tablename__ = "alert_state"
    subject: str = Field(primary_key=True)  # “export 7”, “connection 3”, “refresh”
    reason: str = Field(primary_key=True)
    detail: str  # what a new message tells from the same trouble going on, such as a run's number
    since: datetime = Field(sa_type=Moment)


class AlertCursor(Table, table=True):
    """Up to which row something was looked at: runs of an export, slots of a schedule."""

    __tablename__ = "alert_cursor"
    subject: str = Field(primary_key=True)
    seen: int


class AlertRow(Table, table=True):
    """One message: what happened to what, what to do, and where."""

    __tablename__ = "alert"
    id: int = Field(default=None, primary_key=True)
    uid: str = Field(unique=True)  # in the message, by which a second copy is known
    at: datetime = Field(sa_type=Moment, index=True)
    reason: str
    recovered: bool = False
    export_id: int | None = Field(
        default=None, foreign_key="export.id", ondelete="SET NULL", index=True
    )
    title: str
    text: str
    path: str  # of the page that it leads to, from /


class DeliveryStatus(StrEnum):
    """What became of one delivery."""

    waiting = "waiting"
    sent = "sent"
    failed = "failed"  # given up after a day


class Delivery(Table, table=True):
    """A message on its way to a channel, or a heartbeat to its address."""

    __tablename__ = "alert_delivery"
    id: int = Field(default=None, primary_key=True)
    alert_id: int | None = Field(default=None, foreign_key="alert.id", ondelete="CASCADE")
    channel_id: int | None = Field(
        default=None, foreign_key="alert_channel.id", ondelete="CASCADE", index=True
    )
    heartbeat: str | None = None  # ran or failed: how the refresh went that it tells of
    digest: bool = False
    made_at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    tries: int = 0
    status: DeliveryStatus = Field(default=DeliveryStatus.waiting, sa_type=sa.String(8), index=True)
    answer: str | None = None  # why it wasn't taken, in words
    settled_at: datetime | None = Field(default=None, sa_type=Moment)

    __table_args__ = (
        sa.UniqueConstraint("alert_id", "channel_id", name="uq_alert_delivery_alert_id"),
    )
