"""What the numbers of a preview rest on: a look, without reading, tells whether they still hold."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.access import Action, Person
from core.audience import gather
from core.audience.gather import Order
from core.errors import Conflict
from core.plan.ledger import ledger_path, read, released, state_of
from core.store import Store, exports, runs
from core.store.tables import ConnectionRow, ExportRow
from core.texts import _

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Basis:
    """An export's order, the state of its source and of its list's ledger, and the day."""

    order: Mapping[str, Any]
    source: Hashable
    ledger: Hashable
    day: date  # rules may be about it


def look(store: Store, person: Person, export: str | int, now: datetime) -> Basis:
    """What a preview or a run of the export rests on now. Raises Denied, Unknown, SourceFailed."""
    store.require(person, Action.preview)
    with store.begin() as session:
        found = asked(store, session, exports.find(session, export))
    return Basis(
        order=found.data,
        source=gather.source_state(found.order, store.settings),
        ledger=(state_of(found.path), found.claimants),
        day=now.astimezone(ZoneInfo(found.order.time_zone)).date(),
    )


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
    data = runs.order_of(session, row)
    order = gather.read_order(data)
    connection = exports.connection_of(session, row)
    account = runs.account_key(connection) if connection else ""
    path = ledger_path(store.settings.home, account, order.list_id)
    claimants = exports.claimants(session, row.list_id)
    return Asked(data, order, row.id, connection, path, claimants)


def hold_to(counted: Basis, now: Basis) -> None:
    """Raises Conflict, which says what has changed since it was counted."""
    if counted.order != now.order:
        why = _("The export has changed since this was counted.")
    elif counted.source != now.source:
        why = _("The source has changed since this was counted.")
    elif counted.ledger != now.ledger:
        why = _("What is known of the list has changed since this was counted.")
    elif counted.day != now.day:
        why = _("Another day has begun since this was counted.")
    else:
        return
    raise Conflict(f"{why} {_('Look at the new numbers, then run.')}")
