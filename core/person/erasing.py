"""Erases a person: step by step, each recorded when it is done, so that a crash loses none.

A step that is done again finds nothing more. Until the last one the addresses are kept encrypted;
then only their keyed hashes stay, by which runs leave the person out.
"""

import json
import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.access import Action, Person
from core.audience.erased import marks
from core.connections import clients
from core.errors import Invalid, SegferryError, Unavailable
from core.person import places
from core.person.addresses import in_ledgers
from core.person.look_up import checked
from core.person.purging import Addresses
from core.person.standing import standings
from core.profiles.sources import Progress, silent
from core.profiles.sources.stores.address import is_address
from core.runs.keeping import returned
from core.runs.steps.ledger import WRITING
from core.store import Store, addresses, connections, erasures, purge, sources
from core.store.locks import ERASING, alone
from core.store.tables.erasures import ErasureRow
from core.texts import _

log = logging.getLogger(__name__)
# What was found; None where it has to be tried again later.
Step = Callable[[Store, Addresses], Mapping[str, Any] | None]
PATIENCE = timedelta(days=1)  # for a destination that is away


def offered(store: Store, person: Person, address: str) -> list[str]:
    """The addresses that may be erased together: the one, and others of the same person.

    Raises Denied, Invalid, StorageFailed.
    """
    store.require(person, Action.erase)
    email = checked(address)
    return [email, *in_ledgers(store.settings, email).emails]


def begin(store: Store, person: Person, emails: Collection[str]) -> ErasureRow:
    """From now on no run sends these addresses; `carry` does the rest, and whoever resumes it.

    Raises Denied, Invalid, StorageFailed; Conflict while a run has people in its files.
    """
    store.require(person, Action.erase)
    if not emails:
        raise Invalid(_("Choose at least one address."), "emails")
    wanted = [checked(email) for email in emails]
    key = erasures.hashing_key(store)
    digests = [erasures.digest(key, email) for email in wanted]
    had = _connections_of(store, wanted)
    locked = store.vault.lock(json.dumps(wanted))
    with store.begin() as session:
        numbers = dict(zip(digests, marks(key, wanted), strict=True))
        return erasures.begin(session, person, numbers, locked, {"connections": had})


def again(store: Store, person: Person, progress: Progress = silent) -> ErasureRow | None:
    """Erases those once more whom a backup brought back; None where there are none.

    Raises as `begin` and `carry`.
    """
    store.require(person, Action.erase)
    emails = returned.find(store).emails
    return carry(store, begin(store, person, sorted(emails)).id, progress) if emails else None


def carry(store: Store, id: int, progress: Progress = silent) -> ErasureRow:
    """Does the steps that are left, and returns the receipt. Raises StorageFailed, Invalid."""
    with alone(store.engine, ERASING):
        with store.begin() as session:
            row = erasures.find(session, id)
        if row.locked is not None:
            wanted = Addresses(tuple(json.loads(store.vault.unlock(row.locked))))
            _carry(store, row, wanted, progress)
        with store.begin() as session:
            return erasures.find(session, id)


def resume(store: Store) -> None:
    """Does what a process that has ended left to do of erasures. Raises StorageFailed."""
    with store.begin() as session:
        ids = [row.id for row in erasures.unfinished(session)]
    for id in ids:
        carry(store, id)


def _carry(store: Store, row: ErasureRow, wanted: Addresses, progress: Progress) -> None:
    steps, left, done = dict(_steps(store, row)), 0, False
    for n, (name, step) in enumerate(steps.items()):
        if name in row.steps:
            continue
        progress(n / len(steps), _("Erasing"))
        if (found := step(store, wanted)) is None:
            left += 1
            continue
        with store.begin() as session:
            erasures.note(session, row.id, name, found)
        done = True
    if not left:
        with store.begin() as session:
            erasures.finish(session, row.id)
    if done:
        purge.leave_nothing(store)


def _steps(store: Store, row: ErasureRow) -> Iterator[tuple[str, Step]]:
    """In their order: what the destinations said is part of the receipt, so they come first."""
    for id in row.steps[erasures.BEGUN]["connections"]:
        yield f"connection {id}", _asker(int(id), store.clock() - row.at < PATIENCE)
    for place in places.PLACES:
        yield place.name, _purger(place)
    yield "address lists", _from_address_lists
    yield "sources", _sources_of_the_team
    yield "tables", _from_tables
    yield "engine", _from_engine


def _asker(id: int, patient: bool) -> Step:
    def ask(store: Store, wanted: Addresses) -> Mapping[str, Any] | None:
        try:
            return _request_deletion(store, id, wanted)
        except Unavailable as error:
            return None if patient else {"name": "", "problem": wanted.without(str(error))}

    return ask


def _request_deletion(store: Store, id: int, wanted: Addresses) -> Mapping[str, Any]:
    """What a destination says; a sentence where it can't or may not be asked. Raises Unavailable"""
    with store.begin() as session:
        row = next((one for one in connections.everything(session) if one.id == id), None)
    if row is None:
        return {"name": "", "problem": _("The connection was removed.")}
    try:
        with clients.open_connection(store, row) as destination:
            for email in wanted.emails:
                destination.erase(email)
    except Unavailable:
        raise
    except SegferryError as error:
        return {"name": row.name, "problem": wanted.without(str(error))}
    return {"name": row.name, "asked": len(wanted.emails)}


def _purger(place: places.Place) -> Step:
    def purge_place(store: Store, wanted: Addresses) -> Mapping[str, Any]:
        with WRITING:
            return _purged(place, place.files(store.settings), wanted)

    return purge_place


def _purged(place: places.Place, files: Collection[Path], wanted: Addresses) -> Mapping[str, Any]:
    rows, changed, left = 0, 0, list[str]()
    for file in files:
        try:
            found = place.purge(file, wanted)
        except (SegferryError, OSError, ValueError) as error:
            log.warning("A file can't be looked through for somebody to be erased: %s", error)
            found = None
        if found is None:
            left.append(file.name)
        rows += found or 0
        changed += bool(found)
    return {"files": changed, "rows": rows} | ({"left": left} if left else {})


def _sources_of_the_team(store: Store, _wanted: Addresses) -> Mapping[str, Any]:
    """The sources whose files lie outside the data folder, which stay as they are."""
    ours = {folder.resolve() for folder in store.settings.folders}
    with store.begin() as session:
        rows = sources.everything(session)
    names = [row.name for row in rows if not _is_inside(row.path, ours)]
    return {"names": sorted(names)}


def _is_inside(path: str, ours: set[Path]) -> bool:
    return not is_address(path) and not ours.isdisjoint(Path(path).resolve().parents)


def _from_address_lists(store: Store, wanted: Addresses) -> Mapping[str, Any]:
    return {"lists": addresses.forget(store, wanted.emails)}


def _from_tables(store: Store, wanted: Addresses) -> Mapping[str, Any]:
    return {"rows": purge.from_own_tables(store, wanted.emails, wanted.without)}


def _from_engine(store: Store, wanted: Addresses) -> Mapping[str, Any]:
    return {"rows": purge.from_engine_tables(store.settings, wanted.emails, wanted.without)}


def _connections_of(store: Store, emails: Collection[str]) -> list[int]:
    """The connections whose lists had one of the addresses, by the ledgers."""
    with store.begin() as session:
        names = {
            one.connection
            for email in emails
            for one in standings(session, store.settings.ledgers, in_ledgers(store.settings, email))
            if one.email in emails
        }
        return [row.id for row in connections.everything(session) if row.name in names]
