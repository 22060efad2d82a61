"""Why a run may not begin yet: what stands against its segments, connection and export user."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from core.configuration.order import Order
from core.destinations.register import kind_of
from core.store import connections, segments
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.texts import _, many


class Held(Exception):
    """The run can't begin until a person has acted; nothing was sent.

    `asking` is the number that they have to confirm, if that is what is needed; `guards` those
    that were crossed, as data.
    """

    def __init__(
        self, why: str, asking: int | None = None, guards: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(why)
        self.asking = asking
        self.guards = guards


def by_segments(session: Session, order: Order) -> str | None:
    """A sentence where a segment of the export is switched off; None where none is."""
    rules = {**order.segments, **order.exclude}
    within = {name for group in rules.values() for name in group.segments()}
    names = segments.inactive(session, rules.keys() | within)
    if not names:
        return None
    return many(
        "The segment {names} of this export is inactive. Activate it and try again, or discard "
        "the run.",
        "The segments {names} of this export are inactive. Activate them and try again, or "
        "discard the run.",
        len(names),
        names=", ".join(f"“{name}”" for name in names),
    )


def reason(session: Session, row: ConnectionRow) -> str | None:
    """A sentence that says what to do first; None when nothing stands against the run."""
    user = connections.export_user(session, row)
    if user and user.disabled_at:
        text = _(
            "{user} is the export user of “{name}” and may no longer sign in. An "
            "administrator can become its export user; then run this again."
        )
        return text.format(user=user.name, name=row.name)
    needed = kind_of(row.type).capabilities.key.needed
    if row.state == ConnectionState.reconnect or needed & set(row.missing):
        return row.problem
    return None
