"""Keys that this installation makes for itself, once: they are kept encrypted by the vault."""

from collections.abc import Callable

from sqlmodel import Session, select

from core.errors import Conflict
from core.store import Store
from core.store.tables.erasures import OwnKey
from core.store.vault import Vault


def own_key(store: Store, name: str, make: Callable[[], str]) -> str:
    """The key of that name, made on first use; of two at once both get the first one's.

    Raises Invalid where the vault no longer has the key that locked it, StorageFailed.
    """
    locked = _kept(store, name)
    if locked is None:
        try:
            with store.begin() as session:
                session.add(OwnKey(name=name, value=store.vault.lock(make())))
        except Conflict:  # another process has just made it
            pass
        locked = _kept(store, name) or ""
    return store.vault.unlock(locked)


def relock(session: Session, old: Vault, new: Vault) -> int:
    """Encrypts them with another vault's key; how many. Raises Invalid for an unreadable one."""
    found = list(session.exec(select(OwnKey)))
    for row in found:
        row.value = new.lock(old.unlock(row.value))
        session.add(row)
    return len(found)


def _kept(store: Store, name: str) -> str | None:
    with store.begin() as session:
        row = session.get(OwnKey, name)
        return row.value if row else None
