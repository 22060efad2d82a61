"""Asks destinations seldom for what changes seldom, and keeps the answers for pages and runs.

That a plan's usage or what depends on a list can't be told harms nothing: nothing here raises
DestinationFailed. Where an answer fails to come, the one before it stands, with its time; where
the key may not ask, there is none.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from core.access import Action, Person
from core.connections.clients import open_at_once, open_briefly
from core.destinations import Destination, dependents
from core.destinations.dependents import Dependents
from core.destinations.register import kind_of
from core.errors import Conflict, Forbidden, Missing, SegferryError
from core.store import Store, readings
from core.store.tables.connections import ConnectionRow
from core.store.tables.readings import Reading

Opening = Callable[[Store, ConnectionRow], AbstractContextManager[Destination]]
OFTEN = timedelta(hours=1)  # the usage is asked for no more often, whether that works or not
log = logging.getLogger(__name__)


def note_usage(store: Store, row: ConnectionRow, destination: Destination) -> None:
    """Asks for the usage of the plan, where the destination bills one, and keeps the answer."""
    if destination.capabilities.billing is None:
        return
    _kept(store, row, readings.USAGE, _usage(row, destination))


def usage_of_this_hour(store: Store, row: ConnectionRow, opening: Opening = open_briefly) -> None:
    """The same unless it was asked for within the hour; `opening` opens the account."""
    if kind_of(row.type).capabilities.billing is None:
        return
    with store.begin() as session:
        last = readings.find(session, row.id, readings.USAGE)
    if last and datetime.now(UTC) - last.asked_at < OFTEN:
        return
    try:
        with opening(store, row) as destination:
            note_usage(store, row, destination)
    except SegferryError as error:
        log.debug("The usage of “%s”: %s", row.name, error)


def note_dependents(
    store: Store, row: ConnectionRow, destination: Destination, list_id: str
) -> Dependents:
    """What depends on the list, asked for and kept; of a part that can't be read what was known.

    Raises DestinationFailed where nothing can be read: what was kept stays.
    """
    found = destination.dependents(list_id)
    last = _last(store, row, list_id) if found.unread else None
    if last and last.data:
        found = dependents.completed(found, dependents.read(last.data), last.asked_at)
    _kept(store, row, readings.of_list(list_id), found.as_data())
    return found


def ask_dependents(store: Store, person: Person, row: ConnectionRow, list_id: str) -> Dependents:
    """What depends on the list, for somebody who asks. Raises Denied, DestinationFailed."""
    store.require(person, Action.see_lists, row)
    with open_at_once(store, row) as destination:
        return note_dependents(store, row, destination, list_id)


def dependents_now(
    store: Store, row: ConnectionRow, list_id: str, opening: Opening = open_briefly
) -> Dependents:
    """What depends on the list now; where that can't be told, as it was last, and why."""
    try:
        with opening(store, row) as destination:
            return note_dependents(store, row, destination, list_id)
    except SegferryError as error:
        log.debug("What depends on %s by “%s”: %s", list_id, row.name, error)
        why = str(error)
    last = _last(store, row, list_id)
    if last is None or not last.data:
        return dependents.unreadable(None, None, why)
    return dependents.unreadable(dependents.read(last.data), last.asked_at, why)


def _last(store: Store, row: ConnectionRow, list_id: str) -> Reading | None:
    with store.begin() as session:
        return readings.find(session, row.id, readings.of_list(list_id))


def _usage(row: ConnectionRow, destination: Destination) -> Mapping[str, Any] | None:
    """None where the former answer stands."""
    try:
        usage = destination.usage()
    except Forbidden as error:
        return {"missing": list(error.scopes)}
    except Missing as error:
        log.debug("The usage of “%s”: %s", row.name, error)
        return {}
    except SegferryError as error:
        log.debug("The usage of “%s”: %s", row.name, error)
        return None
    return {"usage": usage.as_data()} if usage else {}


def _kept(store: Store, row: ConnectionRow, what: str, data: Mapping[str, Any] | None) -> None:
    """Who keeps the same at the same time, or after the connection was removed, keeps nothing."""
    with suppress(Conflict), store.begin() as session:
        readings.keep(session, row.id, what, datetime.now(UTC), data)
