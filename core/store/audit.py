"""Who did what to what, when and from where: rows are added, and leave only by their age."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Action, Person, require
from core.errors import Denied
from core.store.database import moment
from core.store.some import remove_some
from core.store.tables.people import AuditRow
from core.texts import _


class Deed(StrEnum):
    """What is written down."""

    added = "added"
    changed = "changed"
    removed = "removed"
    revoked = "revoked"
    detached = "detached"
    asked = "asked for"
    confirmed = "confirmed"
    cancelled = "cancelled"
    retried = "retried"
    drafted = "drafted"
    proposed = "proposed"
    approved = "approved"
    rejected = "rejected"
    looked_up = "looked up"
    erased = "erased"
    undone = "undone"
    restored = "restored"
    downloaded = "downloaded"
    signed_in = "signed in"
    signed_out = "signed out"
    refused = "refused"
    invited = "invited"
    lifted = "lifted"
    disabled = "disabled"
    enabled = "enabled"
    role = "role changed"
    password = "password changed"  # noqa: S105 - a deed, not a password


BOUNDED = (Deed.refused, Deed.downloaded, Deed.looked_up)  # what anybody can do again and again
MOST = 30  # of each of those, a person's in a minute
_TOO_MANY = {
    Deed.downloaded: _(
        "No more than {n} downloads a minute are allowed. Wait a minute, then try again."
    ),
    Deed.looked_up: _(
        "No more than {n} people may be looked up in a minute. Wait a minute, then try again."
    ),
}
LONGEST = 500  # letters of what a row says


def record(session: Session, person: Person, deed: Deed, kind: str, what: str) -> None:
    """One row, in the transaction of the deed itself: neither is there without the other.

    Of a person's refusals in a minute no more than MOST are written. Raises Denied for as many
    downloads or look-ups, since none may be unwritten.
    """
    if deed in BOUNDED and _in_last_minute(session, person, deed) >= MOST:
        if deed is Deed.refused:
            return
        raise Denied(_TOO_MANY[deed].format(n=MOST))
    session.add(
        AuditRow(
            at=moment(session),
            by=person.name,
            role=person.capacity,
            origin=person.origin,
            action=deed,
            kind=kind,
            what=what[:LONGEST],
            refused=deed is Deed.refused,
        )
    )


def _in_last_minute(session: Session, person: Person, deed: Deed) -> int:
    query = sa.select(sa.func.count()).where(
        col(AuditRow.at) > datetime.now(UTC) - timedelta(minutes=1),
        col(AuditRow.by) == person.name,
        col(AuditRow.origin) == person.origin,
        col(AuditRow.action) == deed,
    )
    return int(session.scalar(query) or 0)


def people(session: Session, person: Person) -> list[str]:
    """The names under which anything was written down, in order. Raises Denied."""
    require(person, Action.read_audit)
    query = sa.select(col(AuditRow.by)).distinct().order_by(col(AuditRow.by))
    return list(session.scalars(query))


def entries(
    session: Session,
    person: Person,
    *,
    by: str | None = None,
    deed: Deed | None = None,
    since: datetime | None = None,
    limit: int | None = 200,
) -> list[AuditRow]:
    """What was written down, the newest first. Raises Denied."""
    require(person, Action.read_audit)
    query = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(limit)
    if by:
        query = query.where(AuditRow.by == by)
    if deed:
        query = query.where(AuditRow.action == deed)
    if since:
        query = query.where(AuditRow.at >= since)
    return list(session.exec(query))


def last_change(session: Session, kind: str, name: str) -> AuditRow | None:
    """Who changed something last, and when; `name` is what it is called since."""
    query = select(AuditRow).where(
        AuditRow.kind == kind,
        AuditRow.what == name[:LONGEST],
        col(AuditRow.action).in_((Deed.added, Deed.changed, Deed.detached)),
    )
    return session.exec(query.order_by(col(AuditRow.id).desc()).limit(1)).first()


def remove_old(session: Session, before: datetime, n: int) -> int:
    """Removes at most n entries from before then; how many."""
    past = sa.select(col(AuditRow.id)).where(col(AuditRow.at) < before).limit(n)
    return remove_some(session, AuditRow, col(AuditRow.id), past)
