"""Opens connections and asks what is there: whose account it is, which lists it has."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.access import Action, Person
from core.connections import readings
from core.connections.clients import AT_ONCE, open_at_once
from core.destinations import Account, Credentials, Destination
from core.destinations.clock import clock_off
from core.destinations.register import installed_settings, kind_of, open_destination
from core.errors import (
    AuthorizationEnded,
    DestinationFailed,
    Forbidden,
    SegferryError,
    Unavailable,
    WrongAccount,
)
from core.store import Store, connections
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.texts import _, many

LATELY = timedelta(minutes=5)  # so long what was found holds, for accounts answers seldom
NAMED = 5  # exports in a sentence
LOOKED_AT = 20  # lists of a connection in a day, for which few requests a minute are allowed
DAILY = timedelta(days=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What a key opens: whose account, how many lists, and the scopes of reading that it lacks.

    `clock` is the sentence for a clock of ours that is wrong by the destination's; `optional` are
    the missing scopes that no run needs.
    """

    account: Account
    lists: int
    missing: tuple[str, ...]
    clock: str | None = None
    optional: tuple[str, ...] = ()


def try_key(store: Store, person: Person, type: str, base_url: str, key: str) -> Look:
    """What a key opens, before anything is saved. Raises Denied, DestinationFailed, Invalid."""
    store.require(person, Action.manage_connections)
    given = installed_settings(type, store.settings, base_url) | AT_ONCE
    with open_destination(type, given, Credentials(key), store.runtime.limits) as destination:
        account, missing = destination.account(), destination.missing()
        lists = 0 if missing else sum(1 for _list in destination.lists())
        optional = () if missing else destination.missing_optional()
        return Look(account, lists, missing, clock_off(destination), optional)


def check(store: Store, person: Person, row: ConnectionRow) -> Account:
    """Whose account it is; recorded, as is a failure.

    Raises Denied, DestinationFailed; Forbidden when a scope is missing, WrongAccount.
    """
    store.require(person, Action.manage_connections)
    return _looked_at(store, row)


def check_due(store: Store) -> None:
    """Looks at each connection that nobody looked at for a day; what is wrong is recorded."""
    with store.begin() as session:
        rows = [row for row in connections.everything(session) if _is_due(row)]
    for row in rows:
        try:
            _looked_at(store, row)
            _look_at_lists(store, row)
        except SegferryError as error:
            log.debug("The connection “%s”: %s", row.name, error)


def recognise(store: Store, row: ConnectionRow, destination: Destination) -> Account:
    """Whose account a run is about to send to, asked for unless it was found lately.

    Raises DestinationFailed; WrongAccount when it isn't the one that the connection is pinned to.
    """
    known = connections.pinned(row)
    if known and row.state == ConnectionState.ok and _age(row) < LATELY:
        destination.remember(known)
        return known
    try:
        account = _same(row, destination.account())
    except DestinationFailed as error:
        if not isinstance(error, Unavailable):
            _note(store, row, state_after(error), problem=str(error))
        raise
    with store.begin() as session:
        connections.pin(session, connections.find(session, row.id), account)
    if row.state != ConnectionState.ok and not row.missing:
        _note(store, row, ConnectionState.ok)
    return account


def note_failure(store: Store, row: ConnectionRow, error: DestinationFailed) -> None:
    """What a run learnt: the key isn't accepted any more, or may not write."""
    lacks = error.scopes if isinstance(error, Forbidden) else ()
    missing = sorted({*row.missing, *lacks})
    _note(store, row, state_after(error), problem=str(error), missing=missing)


def state_after(error: DestinationFailed) -> ConnectionState:
    """How a connection stands after this failure; an outage may pass by itself."""
    if isinstance(error, Unavailable | Forbidden):
        return ConnectionState.degraded
    if isinstance(error, AuthorizationEnded):
        return ConnectionState.reconnect
    return ConnectionState.broken


def _looked_at(store: Store, row: ConnectionRow) -> Account:
    try:
        with open_at_once(store, row) as destination:
            account = _same(row, destination.account())
            missing, clock = destination.missing(), clock_off(destination)
            readings.note_usage(store, row, destination)
    except DestinationFailed as error:
        _note(store, row, state_after(error), problem=str(error))
        raise
    with store.begin() as session:
        connections.pin(session, connections.find(session, row.id), account)
    # Only a run can prove that a scope of writing is there, or not.
    lacks = sorted({*missing, *(scope for scope in row.missing if scope.endswith(":write"))})
    if not lacks:
        _note(store, row, ConnectionState.ok, missing=[], problem=clock)
        return account
    problem = _lacking(store, row, lacks)
    _note(store, row, ConnectionState.degraded, problem=problem, missing=lacks)
    raise Forbidden(problem, lacks)


def _look_at_lists(store: Store, row: ConnectionRow) -> None:
    """What depends on the lists of its exports, for their pages. Raises DestinationFailed."""
    with store.begin() as session:
        filled = [one.list_id for one in connections.used_by(session, row.id)]
    with open_at_once(store, row) as destination:
        for list_id in [*dict.fromkeys(filled)][:LOOKED_AT]:
            readings.note_dependents(store, row, destination, list_id)


def _lacking(store: Store, row: ConnectionRow, scopes: list[str]) -> str:
    with store.begin() as session:
        names = [export.name for export in connections.used_by(session, row.id)]
    text = kind_of(row.type).capabilities.key.lacking.format(scopes=", ".join(scopes))
    if not names:
        return text
    told = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    stops = many(
        "That stops {n} export: {names}.",
        "That stops {n} exports: {names}.",
        len(names),
        names=told,
    )
    return f"{text} {stops}"


def _same(row: ConnectionRow, account: Account) -> Account:
    if row.account_id in (None, account.id):
        return account
    text = _(
        "The key of “{name}” now belongs to the account {new} ({new_id}), but this "
        "connection is pinned to {old} ({old_id}), so nothing is sent. Enter a key of that "
        "account, or add a connection for the other one."
    )
    raise WrongAccount(
        text.format(
            name=row.name,
            new=account.name,
            new_id=account.id,
            old=row.account_name or row.account_id,
            old_id=row.account_id,
        )
    )


def _note(store: Store, row: ConnectionRow, state: ConnectionState, **found: object) -> None:
    with store.begin() as session:
        fresh = connections.find(session, row.id)
        before = connections.note(session, fresh, state, **found)
    if state != before:
        tell = log.info if state == ConnectionState.ok else log.warning
        tell("Connection “%s”: %s, was %s. %s", row.name, state, before, found.get("problem", ""))


def _is_due(row: ConnectionRow) -> bool:
    return row.removal is None and _age(row) > DAILY


def _age(row: ConnectionRow) -> timedelta:
    return datetime.now(UTC) - row.checked_at if row.checked_at else timedelta.max
