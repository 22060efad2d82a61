"""What the rows and the page of connections show, read in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from core.store import accounts, billing, connections, exports, runs
from core.store.billing import Bill
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.store.tables.exports import ExportRow
from pages.connections import consent
from pages.ui import frame

FAULTY = (ConnectionState.broken, ConnectionState.reconnect, ConnectionState.degraded)


@dataclass(frozen=True, slots=True)
class ConnectionItem:
    """A connection with its exports, and names of people by account."""

    row: ConnectionRow
    exports: Sequence[ExportRow]
    people: Mapping[int, str]

    @property
    def is_faulty(self) -> bool:
        """Whether it doesn't work as it should."""
        return self.row.state in FAULTY

    @property
    def needs_somebody(self) -> bool:
        """Whether an administrator has something to do about it."""
        return self.is_faulty or consent.has_changed(self.row)


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known of one connection, for its page and for the question before it goes."""

    item: ConnectionItem
    running: Sequence[str]  # names of its exports that run now
    replacements: Sequence[ConnectionRow]  # where its exports can be moved
    bill: Bill | None  # as the destination told it, or as an administrator entered it
    unbilled: Sequence[str]  # scopes without which the destination doesn't tell it


def read() -> list[ConnectionItem]:
    """All connections, by name."""
    with frame.store().begin() as session:
        return _items(session)


def around(connection: int | str) -> Around:
    """One of them. Raises Unknown."""
    with frame.store().begin() as session:
        row = connections.find(session, connection)
        item = next(one for one in _items(session) if one.row.id == row.id)
        running = [run.export for run in runs.through(session, row)]
        others = connections.replacements(session, row)
        bill, missing = billing.of(session, row), billing.missing(session, row)
        return Around(item, running, others, bill, missing)


def _items(session: Session) -> list[ConnectionItem]:
    people = {one.id: one.name for one in accounts.everybody(session)}
    users: dict[int | None, list[ExportRow]] = defaultdict(list)
    for export in exports.everything(session):
        users[export.connection_id].append(export)
    rows = connections.everything(session)
    return [ConnectionItem(row, users.get(row.id, []), people) for row in rows]
