"""What destinations answered, kept so that neither a page nor each run has to ask them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from core.store.tables.readings import Reading

USAGE = "usage"  # of the account's plan


def of_list(list_id: str) -> str:
    """What the reading of a list is called."""
    return f"list:{list_id}"


def find(session: Session, connection_id: int, what: str) -> Reading | None:
    """The last one, if it was ever asked for."""
    return session.get(Reading, (connection_id, what))


def keep(
    session: Session, connection_id: int, what: str, at: datetime, data: Mapping[str, Any] | None
) -> Reading:
    """Notes when it was asked for, and the answer; None leaves the former answer in place."""
    row = find(session, connection_id, what)
    row = row or Reading(connection_id=connection_id, what=what, asked_at=at)
    row.asked_at = at
    if data is not None:
        row.data = dict(data)
    session.add(row)
    return row
