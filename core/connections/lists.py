"""The lists of a connection's account."""

from contextlib import suppress

from core.access import Action, Person
from core.connections.checks import _same
from core.connections.clients import open_at_once
from core.destinations import ListFacts
from core.errors import Forbidden
from core.store import Store, audit
from core.store.audit import Deed
from core.store.tables.connections import ConnectionRow


def lists(store: Store, person: Person, row: ConnectionRow) -> list[ListFacts]:
    """Every list of the account, by name. Raises Denied, DestinationFailed."""
    store.require(person, Action.see_lists, row)
    with open_at_once(store, row) as destination:
        return sorted(destination.lists(), key=lambda found: found.name.casefold())


def create_list(
    store: Store, person: Person, row: ConnectionRow, name: str, *, double_opt_in: bool
) -> ListFacts:
    """Makes a list in the connection's account. Raises Denied, Invalid, DestinationFailed."""
    store.require(person, Action.manage_exports, row)
    with open_at_once(store, row) as destination:
        with suppress(Forbidden):  # the key may lack accounts:read
            _same(row, destination.account())
        made = destination.create_list(name, double_opt_in)
    with store.begin() as session:
        audit.record(session, person, Deed.added, "list", f"{made.name} ({made.id}, {row.name})")
    return made
