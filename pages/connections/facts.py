"""What the cards of the connections show, read in one transaction."""

from dataclasses import dataclass

from core.store import accounts, billing, connections, runs
from core.store.billing import Bill
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from pages.ui import frame


@dataclass(frozen=True, slots=True)
class ConnectionCard:
    """A connection, its exports, which of them run now, and names of people by account.

    `bill` is what an administrator entered of the destination's billing page, if they did.
    """

    row: ConnectionRow
    exports: list[ExportRow]
    running: list[str]
    people: dict[int, str]
    bill: Bill | None = None


def read() -> list[ConnectionCard]:
    """All connections, by name."""
    with frame.store().begin() as s:
        people = {one.id: one.name for one in accounts.everybody(s)}
        return [
            ConnectionCard(
                row,
                connections.used_by(s, row.id),
                [run.export for run in runs.through(s, row)],
                people,
                billing.of(s, row),
            )
            for row in connections.everything(s)
        ]
