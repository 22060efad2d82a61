"""What is billed: the plan of a connection's account, and what exports added to it since."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from core.configuration.connection import Billing, Connection
from core.destinations import usage
from core.store import orders, readings
from core.store.tables.connections import ConnectionRow
from core.store.tables.runs import Run


@dataclass(frozen=True, slots=True)
class Bill:
    """Numbers of profiles: what the plan includes, how many were active at `at`.

    `read`: the destination told both; else a person entered them. `created` are those that exports
    have created since, as estimated when they were guarded; of a bill that was read also those
    that they added without anybody asking how many of them were new.
    """

    plan: int
    active: int
    at: datetime
    created: int
    read: bool = False

    @property
    def room(self) -> int:
        """How many more the plan includes; below zero when it is exceeded already."""
        return self.plan - self.active - self.created


def of(session: Session, connection: ConnectionRow) -> Bill | None:
    """The bill of the connection's account: as it was read last, else as it was entered.

    None where the destination doesn't tell the numbers, or its key may not ask, and nobody
    entered them.
    """
    account = orders.account_key(connection)
    last = readings.find(session, connection.id, readings.USAGE)
    if last and "usage" in last.data:
        found = usage.read(last.data["usage"])
        since = _created_since(session, account, found.at, with_unknown=True)
        return Bill(found.plan, found.active, found.at, since, read=True)
    plan, active, at = connection.plan_profiles, connection.active_profiles, connection.active_at
    if plan is None or active is None or at is None:
        return None
    return Bill(plan, active, at, _created_since(session, account, at))


def missing(session: Session, connection: ConnectionRow) -> tuple[str, ...]:
    """The scopes without which the destination refuses to tell its numbers."""
    last = readings.find(session, connection.id, readings.USAGE)
    return tuple(last.data.get("missing", ())) if last else ()


def created(run: Run) -> int:
    """How many of its new profiles an ended run really created, as far as it was accepted."""
    return _share(run.new_profiles or 0, run.accepted, run.sent)


def _created_since(session: Session, account: str, at: datetime, with_unknown: bool = False) -> int:
    """By all exports of the account, through whichever connection."""
    return sum(
        _share(added if new is None else new, accepted, sent)
        for new, added, accepted, sent in session.execute(_ended_since(account, at))
        if with_unknown or new is not None
    )


def _ended_since(account: str, at: datetime) -> sa.Select[int | None, int, int, int]:
    columns = (col(Run.new_profiles), col(Run.added), col(Run.accepted), col(Run.sent))
    return sa.select(*columns).where(
        col(Run.account) == account,
        col(Run.finished_at) >= at,
        sa.or_(col(Run.new_profiles) > 0, col(Run.new_profiles).is_(None)),
    )


def _share(new: int, accepted: int, sent: int) -> int:
    return round(new * accepted / sent) if sent else 0


def entered(spec: Connection, row: ConnectionRow | None = None) -> dict[str, Any]:
    """The columns of a connection for what was entered about its plan; `row` is as it was before.

    What exports create is counted from when another number was entered.
    """
    if spec.billing is None:
        return {"plan_profiles": None, "active_profiles": None, "active_at": None}
    same = row is not None and row.active_profiles == spec.billing.active
    facts = {"plan_profiles": spec.billing.plan, "active_profiles": spec.billing.active}
    return facts if same else facts | {"active_at": datetime.now(UTC)}


def plan_of(row: ConnectionRow) -> Billing | None:
    """What was entered about the plan, if anything."""
    if row.plan_profiles is None or row.active_profiles is None:
        return None
    return Billing(plan=row.plan_profiles, active=row.active_profiles)
