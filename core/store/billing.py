"""What is billed: the plan of a connection's account, and what exports added to it since."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from core.configuration.connection import Billing, Connection
from core.store import orders
from core.store.tables.connections import ConnectionRow
from core.store.tables.runs import Run


@dataclass(frozen=True, slots=True)
class Bill:
    """Numbers of profiles: what the plan includes, how many were active at `at`.

    `created` are those that exports have created since, as estimated when they were guarded.
    """

    plan: int
    active: int
    at: datetime
    created: int

    @property
    def room(self) -> int:
        """How many more the plan includes; below zero when it is exceeded already."""
        return self.plan - self.active - self.created


def of(session: Session, connection: ConnectionRow) -> Bill | None:
    """The bill of the connection's account; None when nobody entered its numbers.

    A destination's API may give neither of them, so a person reads them there.
    """
    plan, active, at = connection.plan_profiles, connection.active_profiles, connection.active_at
    if plan is None or active is None or at is None:
        return None
    return Bill(plan, active, at, _created_since(session, orders.account_key(connection), at))


def created(run: Run) -> int:
    """How many of its new profiles an ended run really created, as far as it was accepted."""
    return _share(run.new_profiles or 0, run.accepted, run.sent)


def _created_since(session: Session, account: str, at: datetime) -> int:
    """By all exports of the account, through whichever connection."""
    columns = (col(Run.new_profiles), col(Run.accepted), col(Run.sent))
    query = sa.select(*columns).where(
        col(Run.account) == account, col(Run.finished_at) >= at, col(Run.new_profiles) > 0
    )
    return sum(_share(*numbers) for numbers in session.execute(query))


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
