"""What the numbers of a preview rest on: a look, without reading, tells whether they still hold."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.access import Action, Person
from core.audience import gather, looks
from core.audience.current import current
from core.configuration.order import Order, changed_lists
from core.errors import Conflict
from core.plan.ledger import state_of
from core.store import Store, exports
from core.texts import _


@dataclass(frozen=True, slots=True)
class Basis:
    """An export's order, the state of its source and of its list's ledger, and the day."""

    order: Order
    source: Hashable
    ledger: Hashable
    day: date  # rules may be about it


def look(store: Store, person: Person, export: str | int, now: datetime) -> Basis:
    """What a preview or a run of the export rests on now. Raises Denied, Unknown, SourceFailed."""
    store.require(person, Action.preview)
    with store.begin() as session:
        found = current(store, session, exports.find(session, export))
    source = looks.ready(store, found.order.source, found.order.source_id)
    order = replace(found.order, source=source)
    return Basis(
        order=found.order,
        source=gather.source_state(order, store.settings),
        ledger=(state_of(found.path), found.claimants),
        day=now.astimezone(ZoneInfo(found.order.time_zone)).date(),
    )


def hold_to(counted: Basis, now: Basis) -> None:
    """Raises Conflict, which says what has changed since it was counted."""
    if lists := changed_lists(counted.order, now.order):
        text = _("The address list “{names}” has changed since this was counted.")
        why = text.format(names="”, “".join(lists))
    elif counted.order != now.order:
        why = _("The export has changed since this was counted.")
    elif counted.source != now.source:
        why = _("The source has changed since this was counted.")
    elif counted.ledger != now.ledger:
        why = _("The list has changed since this was counted.")
    elif counted.day != now.day:
        why = _("This was counted on another day.")
    else:
        return
    raise Conflict(f"{why} {_('Check the new numbers, then run.')}")
