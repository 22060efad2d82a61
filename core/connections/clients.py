"""Opens a connection's account at its destination."""

from functools import partial

from core.connections import oauth
from core.destinations import Credentials, Destination, Stop, never
from core.destinations.register import installed_settings, open_destination
from core.store import Store
from core.store.tables.connections import ConnectionRow

AT_ONCE: dict[str, object] = {"tries": 2}  # somebody waits: a quick word beats a patient one

BRIEFLY: dict[str, object] = AT_ONCE | {"timeout": 10.0}  # seconds; nobody needs the answer


def open_connection(store: Store, row: ConnectionRow, stopped: Stop = never) -> Destination:
    """The connection's account at its destination; close it after use. Raises Invalid."""
    return _opened(store, row, {}, stopped)


def open_at_once(store: Store, row: ConnectionRow) -> Destination:
    """The same for somebody who waits: it gives up sooner. Raises Invalid."""
    return _opened(store, row, AT_ONCE)


def open_briefly(store: Store, row: ConnectionRow) -> Destination:
    """The same for what is good to know and not needed. Raises Invalid."""
    return _opened(store, row, BRIEFLY)


def credentials(store: Store, row: ConnectionRow) -> Credentials:
    """What opens the connection's account. Raises Invalid."""
    former = store.vault.unlock(row.former_secret) if row.former_secret else None
    token = partial(oauth.access, store, row.id) if row.oauth else None
    return Credentials(store.vault.unlock(row.secret), former, token)


def _opened(
    store: Store, row: ConnectionRow, more: dict[str, object], stopped: Stop = never
) -> Destination:
    given = installed_settings(row.type, store.settings, row.base_url) | more
    return open_destination(row.type, given, credentials(store, row), store.runtime.limits, stopped)
