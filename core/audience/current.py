"""An export as a run would have it now, and the ledger its people are compared with."""

import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlmodel import Session

from core.configuration.order import Order
from core.errors import Conflict
from core.plan.ledger import ledger_path, read, released
from core.store import Store, export_lists, exports, orders, runs
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _

RECORDED_WITHIN = 10.0  # seconds
LOOK_EVERY = 0.1  # seconds between two looks whether it is


@dataclass(frozen=True, slots=True)
class CurrentExport:
    """An export as it is now, and what its people are compared with."""

    id: int
    order: Order
    connection: ConnectionRow | None
    path: Path  # of the ledger of its list
    claimants: frozenset[int]  # exports that want people there

    def ledger(self, store: Store) -> pl.DataFrame:
        """The ledger, with the claims of these exports only.

        What a cancelled run delivered is waited for. Raises StorageFailed; Conflict where that
        isn't recorded for long.
        """
        self._until_recorded(store)
        return released(read(self.path), self.claimants)

    def _until_recorded(self, store: Store) -> None:
        end = time.monotonic() + RECORDED_WITHIN
        while run := self._recording(store):
            if time.monotonic() > end:
                text = _(
                    "What run {run} delivered before it was cancelled is not recorded yet, so "
                    "nobody knows what a run would change. Try again in a moment, or finish it "
                    "with “segferry resume”."
                )
                raise Conflict(text.format(run=run.id))
            time.sleep(LOOK_EVERY)

    def _recording(self, store: Store) -> Run | None:
        """A cancelled run whose deliveries are to be written to this ledger."""
        with store.begin() as session:
            found = [run for run in runs.settling(session) if run.is_recording]
        ledgers = store.settings.ledgers
        paths = {ledger_path(ledgers, run.account, run.order.list_id): run for run in found}
        return paths.get(self.path)


def current(store: Store, session: Session, row: ExportRow) -> CurrentExport:
    """The export as it is now."""
    order = orders.order_of(session, row)
    connection = exports.connection_of(session, row)
    account = orders.account_key(connection) if connection else ""
    path = ledger_path(store.settings.ledgers, account, order.list_id)
    claimants = export_lists.claimants(session, row.list_id)
    return CurrentExport(row.id, order, connection, path, claimants)
