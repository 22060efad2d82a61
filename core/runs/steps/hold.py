"""Why a run may not begin yet: what stands against its connection and its export user."""

from sqlmodel import Session

from core.destinations.register import kind_of
from core.store import connections
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.texts import _


class Held(Exception):
    """The run can't begin until a person has acted; nothing was sent.

    `asking` is the number that they have to confirm, if that is what is needed.
    """

    def __init__(self, why: str, asking: int | None = None) -> None:
        super().__init__(why)
        self.asking = asking


def reason(session: Session, row: ConnectionRow) -> str | None:
    """A sentence that says what to do first; None when nothing stands against the run."""
    user = connections.export_user(session, row)
    if user and user.disabled_at:
        text = _(
            "{user} is the export user of “{name}” and may not sign in any more. An administrator "
            "can add themselves as its export user; then run this again."
        )
        return text.format(user=user.name, name=row.name)
    needed = kind_of(row.type).capabilities.key.needed
    if row.state == ConnectionState.reconnect or needed & set(row.missing):
        return row.problem
    return None
