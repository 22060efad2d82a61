"""Opens connections to Klaviyo and asks what is there: whose account it is, which lists it has."""

from functools import partial

from core import oauth
from core.access import Action, Person
from core.destinations import Account, Credentials, Destination, ListFacts, Stop, never
from core.destinations.limits import Limits
from core.destinations.register import open_destination
from core.errors import DestinationFailed
from core.models import ConnectionRow
from core.settings import Settings
from core.store import Store, connections

AT_ONCE: dict[str, object] = {"tries": 2}  # somebody waits: a quick word beats a patient one
LIMITS = Limits()  # of this process: Klaviyo counts requests per account, whoever makes them


def open_connection(store: Store, row: ConnectionRow, stopped: Stop = never) -> Destination:
    """A way to the connection's account; close it after use. Raises Invalid."""
    given = _given(store.settings, row.base_url)
    return open_destination(row.type, given, credentials(store, row), LIMITS, stopped)


def credentials(store: Store, row: ConnectionRow) -> Credentials:
    """What opens the connection's account. Raises Invalid."""
    former = store.vault.unlock(row.former_secret) if row.former_secret else None
    token = partial(oauth.access, store, row.id) if row.oauth else None
    return Credentials(store.vault.unlock(row.secret), former, token)


def try_key(store: Store, person: Person, type: str, base_url: str, key: str) -> Account:
    """Whose account a key opens, before anything is saved.

    Raises Denied, DestinationFailed, Invalid.
    """
    store.require(person, Action.manage_connections)
    return _whose(store, type, base_url, Credentials(key))


def check(store: Store, person: Person, row: ConnectionRow) -> Account:
    """Whose account it is; recorded, as is a failure. Raises Denied, DestinationFailed."""
    store.require(person, Action.manage_connections)
    try:
        account = _whose(store, row.type, row.base_url, credentials(store, row))
    except DestinationFailed as error:
        with store.begin() as session:
            connections.note_check(session, row, problem=str(error))
        raise
    with store.begin() as session:
        connections.note_check(session, row, account=(account.id, account.name))
    return account


def lists(store: Store, person: Person, row: ConnectionRow) -> list[ListFacts]:
    """Every list of the account, by name. Raises Denied, DestinationFailed."""
    store.require(person, Action.see_lists, row)
    given = _given(store.settings, row.base_url) | AT_ONCE
    with open_destination(row.type, given, credentials(store, row), LIMITS) as destination:
        return sorted(destination.lists(), key=lambda found: found.name.casefold())


def _whose(store: Store, type: str, base_url: str, opener: Credentials) -> Account:
    given = _given(store.settings, base_url) | AT_ONCE
    with open_destination(type, given, opener, LIMITS) as destination:
        return destination.account()


def _given(settings: Settings, base_url: str) -> dict[str, object]:
    return {
        "base_url": base_url,
        "revision": settings.klaviyo_revision,
        "timeout": settings.request_timeout,
    }
