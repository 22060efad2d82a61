"""An export as a run would have it now, and the ledger its people are compared with."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlmodel import Session

from core.configuration.order import Order
from core.plan.ledger import ledger_path, read, released
from core.store import Store, exports, orders
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow


@dataclass(frozen=True, slots=True)
class CurrentExport:
    """An export as it is now, and what its people are compared with."""

    id: int
    order: Order
    connection: ConnectionRow | None
    path: Path  # of the ledger of its list
    claimants: frozenset[int]  # exports that want people there

    def ledger(self) -> pl.DataFrame:
        """The ledger, with the claims of these exports only. Raises StorageFailed."""
        return released(read(self.path), self.claimants)


def current(store: Store, session: Session, row: ExportRow) -> CurrentExport:
    """The export as it is now."""
    order = orders.order_of(session, row)
    connection = exports.connection_of(session, row)
    account = orders.account_key(connection) if connection else ""
    path = ledger_path(store.settings.home, account, order.list_id)
    claimants = exports.claimants(session, row.list_id)
    return CurrentExport(row.id, order, connection, path, claimants)
