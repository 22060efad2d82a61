"""Opens a connection's account at its destination."""

from functools import partial

from core.connections import oauth
from core.destinations import Credentials, Destination, Stop, never
from core.destinations.register import kind_of, open_destination
from core.settings import Settings
from core.store import Store
from core.store.tables.connections import ConnectionRow

AT_ONCE: dict[str, object] = {"tries": 2}  # somebody waits: a quick word beats a patient one


def open_connection(store: Store, row: ConnectionRow, stopped: Stop = never) -> Destination:
    """The connection's account at its destination; close it after use. Raises Invalid."""
    return _opened(store, row, _given(store.settings, row.type, row.base_url), stopped)


def open_at_once(store: Store, row: ConnectionRow) -> Destination:
    """The same for somebody who waits: it gives up sooner. Raises Invalid."""
    return _opened(store, row, _given(store.settings, row.type, row.base_url) | AT_ONCE)


def credentials(store: Store, row: ConnectionRow) -> Credentials:
    """What opens the connection's account. Raises Invalid."""
    former = store.vault.unlock(row.former_secret) if row.former_secret else None
    token = partial(oauth.access, store, row.id) if row.oauth else None
    return Credentials(store.vault.unlock(row.secret), former, token)


def _opened(
    store: Store, row: ConnectionRow, given: dict[str, object], stopped: Stop = never
) -> Destination:
    return open_destination(row.type, given, credentials(store, row), store.runtime.limits, stopped)


def _given(settings: Settings, type: str, base_url: str) -> dict[str, object]:
    """The connection's settings, with what this installation sets for all of its type."""
    common = {"base_url": base_url, "timeout": settings.request_timeout}
    return common | dict(kind_of(type).installed(settings))
