"""An export as a run would have it now, and the ledger its people are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from sqlmodel import Session

from core.configuration.order import Order, read_order
from core.plan.ledger import ledger_path, read, released
from core.store import Store, exports, orders
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow


@dataclass(frozen=True, slots=True)
class Asked:
    """An export as it is now, and what its people are compared with."""

    data: Mapping[str, Any]  # the order as a run would have it
    order: Order
    id: int
    connection: ConnectionRow | None
    path: Path  # of the ledger of its list
    claimants: frozenset[int]  # exports that want people there

    def ledger(self) -> "pl.DataFrame":
        """The ledger, with the claims of these exports only. Raises StorageFailed."""
        return released(read(self.path), self.claimants)


def asked(store: Store, session: Session, row: ExportRow) -> Asked:
    """The export as it is now."""
    data = orders.order_of(session, row)
    order = read_order(data)
    connection = exports.connection_of(session, row)
    account = orders.account_key(connection) if connection else ""
    path = ledger_path(store.settings.home, account, order.list_id)
    claimants = exports.claimants(session, row.list_id)
    return Asked(data, order, row.id, connection, path, claimants)
