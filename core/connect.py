"""Opens connections to Klaviyo and asks what is there: whose account it is, which lists it has."""

from core.access import Person, Role, require
from core.destinations import Account, Destination, ListFacts, Stop, never
from core.destinations.limits import Limits
from core.destinations.register import open_destination
from core.errors import DestinationFailed
from core.models import ConnectionRow
from core.settings import Settings
from core.store import Store, connections

LIMITS = Limits()  # of this process: Klaviyo counts requests per account, whoever makes them


def open_connection(store: Store, row: ConnectionRow, stopped: Stop = never) -> Destination:
    """A way to the connection's account; close it after use. Raises Invalid."""
    key = store.vault.unlock(row.secret)
    return _open(store.settings, row.type, row.base_url, key, stopped)


def try_key(settings: Settings, type: str, base_url: str, key: str) -> Account:
    """Whose account a key opens, before anything is saved. Raises DestinationFailed, Invalid."""
    with _open(settings, type, base_url, key) as destination:
        return destination.account()


def check(store: Store, person: Person, row: ConnectionRow) -> Account:
    """Whose account it is; recorded, as is a failure. Raises Denied, DestinationFailed."""
    require(person, Role.contributor)
    try:
        with open_connection(store, row) as destination:
            account = destination.account()
    except DestinationFailed as error:
        with store.begin() as session:
            connections.note_check(session, row, problem=str(error))
        raise
    with store.begin() as session:
        connections.note_check(session, row, account=(account.id, account.name))
    return account


def lists(store: Store, person: Person, row: ConnectionRow) -> list[ListFacts]:
    """Every list of the account, by name. Raises Denied, DestinationFailed."""
    require(person, Role.contributor)
    with open_connection(store, row) as destination:
        return sorted(destination.lists(), key=lambda found: found.name.casefold())


def _open(
    settings: Settings, type: str, base_url: str, key: str, stopped: Stop = never
) -> Destination:
    given = {
        "base_url": base_url,
        "revision": settings.klaviyo_revision,
        "timeout": settings.request_timeout,
    }
    return open_destination(type, given, key, LIMITS, stopped)
