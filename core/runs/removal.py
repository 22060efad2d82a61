"""Removes connections: their runs are stopped softly first, their secrets are overwritten."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from core.access import Action, Person, Role
from core.connections import oauth
from core.store import Store, connections, database, requests, runs
from core.store.locks import REMOVING, alone
from core.store.tables.connections import ConnectionRow
from core.store.tables.runs import ENDED

log = logging.getLogger(__name__)


def ask(
    store: Store,
    person: Person,
    connection_id: int,
    fates: Mapping[int, str],
    to: int | None = None,
) -> bool:
    """Takes the connection away as soon as no run uses it; whether that is so already.

    `fates` and `to`, an id, are those of `connections.remove`. From now on nothing starts through
    it, and what runs is asked to stop; `finish_all` does the rest. Raises Denied, Unknown; Conflict
    where exports are to be moved to what is no other connection to the same account.
    """
    store.require(person, Action.manage_connections)
    with store.begin() as session:
        row = connections.find(session, connection_id)
        if connections.MOVE in fates.values():
            connections.replacement(session, row, to)
        kept = {str(id): fate for id, fate in fates.items()}
        row.removal = {"by": person.name, "fates": kept, "to": to}
        session.add(row)
        for run in runs.through(session, row):
            requests.ask_stop(session, person, run)
    return _finish(store, connection_id)


def finish_all(store: Store) -> None:
    """Removes the connections that were waiting for runs to end."""
    with store.begin() as session:
        rows = connections.everything(session)
        waiting = [row.id for row in rows if row.removal is not None]
    for id in waiting:
        _finish(store, id)


def _finish(store: Store, id: int) -> bool:
    """Whether it is gone. One at a time: the page that asked does it, and the server that looks."""
    with alone(store.engine, REMOVING):
        with store.begin() as session:
            row = session.get(ConnectionRow, id)
            if row is None:
                return True
            if any(run.status not in ENDED for run in runs.through(session, row)):
                return False
        if failed := oauth.revoke(store, row):
            log.warning("Connection “%s”: %s", row.name, failed)
        with store.begin() as session:
            if (fresh := session.get(ConnectionRow, id)) is not None:
                _remove(session, fresh)
    database.forget(store.engine)
    return True


def _remove(session: Session, row: ConnectionRow) -> None:
    """As whoever asked for it chose."""
    removal = row.removal or {}
    fates = {int(id): fate for id, fate in removal.get("fates", {}).items()}
    remover = Person(removal.get("by", ""), Role.administrator, None, "removal")
    connections.remove(session, remover, row, fates, _target(session, row, removal))


def _target(
    session: Session, row: ConnectionRow, removal: Mapping[str, Any]
) -> ConnectionRow | None:
    """Where its exports are to be moved; None where that is no longer possible."""
    wanted = removal.get("to")
    return next((one for one in connections.replacements(session, row) if one.id == wanted), None)
