"""What the destination knows already of the people that an export is about to send."""

from collections.abc import Iterable

import polars as pl

from core.access import Action, Person
from core.connections import clients
from core.destinations.knowledge import Knowledge, about
from core.destinations.sample import MOST
from core.store import Store
from core.store.tables.connections import ConnectionRow


def ask(
    store: Store,
    person: Person,
    row: ConnectionRow,
    emails: pl.Series | Iterable[str],
    list_id: str | None = None,
    most: int = MOST,
) -> Knowledge:
    """What the connection's account knows of these people, who are to join the list.

    Raises Denied, DestinationFailed.
    """
    store.require(person, Action.see_lists, row)
    with clients.open_at_once(store, row) as destination:
        return about(destination, emails, list_id, most)
