"""Alerts: what is wrong now, the messages about it, and their deliveries.

A change of state and the messages about it are written in one transaction, so that a crash leaves
both or neither.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Role
from core.configuration.alerts import Reason
from core.configuration.calendar import next_slot
from core.configuration.schedule import Schedule
from core.store import channels, preferences
from core.store.tables.alerts import (
    AlertCursor,
    AlertRow,
    AlertState,
    ChannelRow,
    Delivery,
    DeliveryStatus,
)
from core.store.tables.people import AccountRow

# The smallest role whose pages show what such an alert quotes; of the others any role's do.
SMALLEST = {Reason.connection: Role.administrator, Reason.approval: Role.contributor}
KEPT = timedelta(days=90)  # messages that were delivered, or given up
BATCH = 200  # deliveries that are looked up at once


@dataclass(frozen=True, slots=True)
class Message:
    """What an alert says: what happened, to what, what to do now; `path` of the page, from /."""

    title: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What alerts are about: its key, and the exports that it concerns; None for all of them."""

    key: str
    exports: Collection[int] | None = None
    export_id: int | None = None  # where it is a single export


@dataclass(frozen=True, slots=True)
class Item:
    """A delivery with the message that it takes to its channel; without either a heartbeat."""

    delivery: Delivery
    alert: AlertRow | None
    channel: ChannelRow | None


def state(session: Session, subject: str, reason: Reason) -> AlertState | None:
    """The trouble, if it goes on."""
    return session.get(AlertState, (subject, str(reason)))


def states(session: Session) -> list[AlertState]:
    """All that is wrong now."""
    return list(session.exec(select(AlertState).order_by(col(AlertState.since))))


def begin(
    session: Session,
    subject: Subject,
    reason: Reason,
    detail: str,
    message: Message,
    now: datetime,
) -> None:
    """Something is wrong from now on, or in another way than before: tells it."""
    row = AlertState(subject=subject.key, reason=reason, detail=detail, since=now)
    session.merge(row)
    _tell(session, subject, reason, message, now)


def end(
    session: Session, subject: Subject, reason: Reason, message: Message | None, now: datetime
) -> None:
    """It is over; `message` tells so."""
    if row := state(session, subject.key, reason):
        session.delete(row)
        if message:
            _tell(session, subject, reason, message, now, recovered=True)


def forget(session: Session, subject: str) -> None:
    """Whatever is wrong with it is nobody's matter any more."""
    session.execute(sa.delete(AlertState).where(col(AlertState.subject) == subject))


def seen(session: Session, subject: str) -> int | None:
    """Up to which row the subject was looked at; None before the first look."""
    row = session.get(AlertCursor, subject)
    return row.seen if row else None


def cursors(session: Session) -> dict[str, int]:
    """The same of all subjects."""
    return {row.subject: row.seen for row in session.exec(select(AlertCursor))}


def see(session: Session, subject: str, row_id: int) -> None:
    """It was looked at up to there."""
    row = session.get(AlertCursor, subject)
    if row is None:
        session.add(AlertCursor(subject=subject, seen=row_id))
    elif row.seen != row_id:
        row.seen = row_id
        session.add(row)


def beat(session: Session, outcome: str, now: datetime) -> None:
    """A heartbeat is due; what waited of former ones is out of date."""
    session.execute(
        sa.update(Delivery)
        .where(col(Delivery.heartbeat).is_not(None), _waiting())
        .values(status=DeliveryStatus.failed, settled_at=now)
    )
    session.add(Delivery(heartbeat=outcome, made_at=now, due_at=now))


def due(session: Session, now: datetime) -> list[Item]:
    """What is to be delivered by now, in the order in which it was written.

    With a message of a channel come those before it that wait there to be tried again: none
    overtakes another.
    """
    later = sa.orm.aliased(Delivery)
    overtaken = (
        sa.exists()
        .where(
            col(later.channel_id) == col(Delivery.channel_id),
            col(later.id) > col(Delivery.id),
            col(later.status) == DeliveryStatus.waiting,
            col(later.due_at) <= now,
            col(later.digest).is_(False),
        )
        .correlate(Delivery)
    )
    is_due = col(Delivery.due_at) <= now
    query = (
        sa.select(Delivery, AlertRow, ChannelRow)
        .outerjoin(AlertRow, col(AlertRow.id) == col(Delivery.alert_id))
        .outerjoin(ChannelRow, col(ChannelRow.id) == col(Delivery.channel_id))
        .where(_waiting(), is_due | (col(Delivery.digest).is_(False) & overtaken))
        .order_by(col(Delivery.id))
        .limit(BATCH)
    )
    return [Item(*row) for row in session.execute(query)]


def next_due(session: Session) -> datetime | None:
    """When the next delivery is due; None while nothing waits."""
    query = select(Delivery).where(_waiting()).order_by(col(Delivery.due_at)).limit(1)
    row = session.exec(query).first()
    return row.due_at if row else None


def settle(session: Session, ids: Sequence[int], now: datetime) -> None:
    """These were taken."""
    values = {"status": DeliveryStatus.sent, "settled_at": now, "answer": None}
    session.execute(sa.update(Delivery).where(col(Delivery.id).in_(ids)).values(**values))


def postpone(
    session: Session, row: Delivery, answer: str, now: datetime, due_at: datetime | None
) -> None:
    """It was not taken: it is tried again then, or given up for None."""
    values: dict[str, object] = {"answer": answer, "tries": row.tries + 1}
    if due_at is None:
        values |= {"status": DeliveryStatus.failed, "settled_at": now}
    else:
        values |= {"due_at": due_at}
    session.execute(sa.update(Delivery).where(col(Delivery.id) == row.id).values(**values))


def newest(session: Session, limit: int = 20, offset: int = 0) -> list[AlertRow]:
    """Messages, the newest first."""
    query = select(AlertRow).order_by(col(AlertRow.id).desc()).limit(limit).offset(offset)
    return list(session.exec(query))


def how_many(session: Session) -> int:
    """How many messages are kept."""
    return int(session.scalar(sa.select(sa.func.count()).select_from(AlertRow)) or 0)


def deliveries(
    session: Session, alert_ids: Collection[int]
) -> Mapping[int, list[tuple[Delivery, ChannelRow]]]:
    """By message: where it goes or went, with what came of it."""
    query = (
        sa.select(Delivery, ChannelRow)
        .join(ChannelRow, col(ChannelRow.id) == col(Delivery.channel_id))
        .where(col(Delivery.alert_id).in_(alert_ids))
        .order_by(col(Delivery.id))
    )
    found: dict[int, list[tuple[Delivery, ChannelRow]]] = {id: [] for id in alert_ids}
    for delivery, channel in session.execute(query):
        found[delivery.alert_id].append((delivery, channel))
    return found


def last_beat(session: Session) -> Delivery | None:
    """The newest heartbeat."""
    query = select(Delivery).where(col(Delivery.heartbeat).is_not(None))
    return session.exec(query.order_by(col(Delivery.id).desc()).limit(1)).first()


def remove_old(session: Session, before: datetime, limit: int) -> int:
    """Forgets so many messages and heartbeats of before that don't wait any more; how many."""
    beats = sa.select(col(Delivery.id)).where(
        col(Delivery.heartbeat).is_not(None), ~_waiting(), col(Delivery.made_at) < before
    )
    waits = sa.select(col(Delivery.alert_id)).where(_waiting(), col(Delivery.alert_id).is_not(None))
    old = sa.select(col(AlertRow.id)).where(
        col(AlertRow.at) < before, col(AlertRow.id).not_in(waits)
    )
    n = 0
    table: type[Delivery] | type[AlertRow]
    for table, found in ((Delivery, beats), (AlertRow, old)):
        ids = list(session.scalars(found.limit(limit)))
        session.execute(sa.delete(table).where(col(table.id).in_(ids)))
        n += len(ids)
    return n


def _tell(
    session: Session,
    subject: Subject,
    reason: Reason,
    message: Message,
    now: datetime,
    *,
    recovered: bool = False,
) -> None:
    """The message, and its delivery to each channel that wants it."""
    wanted = [one for one in channels.everything(session) if _wants(one, subject, reason)]
    if recovered:
        wanted = [one for one in wanted if Reason.recovered in one.reasons]
    receiving = [one for one in wanted if _may_get(session, one, reason)]
    row = AlertRow(
        uid=secrets.token_hex(6),
        at=now,
        reason=reason,
        recovered=recovered,
        export_id=subject.export_id,
        title=message.title,
        text=message.text,
        path=message.path,
    )
    session.add(row)
    session.flush()
    zone = preferences.refresh(session).time_zone
    for channel in receiving:
        at = _goes_at(channel, zone, now)
        session.add(
            Delivery(
                alert_id=row.id,
                channel_id=channel.id,
                digest=channel.digest_at is not None,
                made_at=at,
                due_at=at,
            )
        )
    session.flush()


def _wants(channel: ChannelRow, subject: Subject, reason: Reason) -> bool:
    if reason not in channel.reasons:
        return False
    return not channel.exports or subject.exports is None or _meet(channel, subject.exports)


def _meet(channel: ChannelRow, exports: Collection[int]) -> bool:
    return bool(set(channel.exports) & set(exports))


def _may_get(session: Session, channel: ChannelRow, reason: Reason) -> bool:
    """The team's gets all; a person's what their role lets them see, while they may sign in."""
    if channel.account_id is None:
        return True
    owner = session.get(AccountRow, channel.account_id)
    return bool(
        owner and owner.disabled_at is None and owner.role >= SMALLEST.get(reason, Role.viewer)
    )


def _goes_at(channel: ChannelRow, zone: str, now: datetime) -> datetime:
    """At once, or with the next digest."""
    if channel.digest_at is None:
        return now
    daily = Schedule(times=(channel.digest_at,), time_zone=zone)
    return next_slot(daily, now) or now


def _waiting() -> sa.ColumnElement[bool]:
    return col(Delivery.status) == DeliveryStatus.waiting
