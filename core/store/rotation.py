"""Changes the key of the vault: every secret is encrypted with another one."""

from sqlmodel import Session

from core.access import Action, Person, require
from core.errors import Invalid
from core.store import (
    addresses,
    alert_settings,
    assign,
    audit,
    authorizations,
    channels,
    connections,
    own_keys,
    sources,
)
from core.store.audit import Deed
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SourceRow
from core.store.vault import Vault
from core.texts import _

SECRETS = ("secret", "former_secret", "oauth")  # columns of a connection, encrypted


def relock(session: Session, person: Person, old: Vault, new: Vault) -> int:
    """Encrypts every secret with another vault's key; how many there are.

    Raises Denied; Invalid for a secret that can't be read, and then none is changed.
    """
    require(person, Action.manage_connections)
    n = authorizations.relock(session, old, new) + own_keys.relock(session, old, new)
    n += channels.relock(session, old, new) + alert_settings.relock(session, old, new)
    for row in connections.everything(session):
        held = [name for name in SECRETS if getattr(row, name)]
        locked = {name: new.lock(_unlocked(old, row, name)) for name in held}
        assign(row, locked)
        session.add(row)
        n += len(locked)
    n += _of_databases(session, old, new) + addresses.relock(session, old, new)
    audit.record(session, person, Deed.changed, "key", "")
    return n


def _of_databases(session: Session, old: Vault, new: Vault) -> int:
    rows = [row for row in sources.everything(session) if row.secret]
    for row in rows:
        row.secret = new.lock(_url(old, row))
        session.add(row)
    return len(rows)


def _url(vault: Vault, row: SourceRow) -> str:
    try:
        return vault.unlock(row.secret or "")
    except Invalid:
        raise Invalid(
            _(
                "The URL of the source “{name}” can't be read with the current key, so the key is "
                "not changed. Enter the URL again or remove the source, then repeat this."
            ).format(name=row.name)
        ) from None


def _unlocked(vault: Vault, row: ConnectionRow, name: str) -> str:
    try:
        return vault.unlock(getattr(row, name))
    except Invalid:
        raise Invalid(
            _(
                "The secret of the connection “{name}” can't be read with the current key, "
                "so the key is not changed. Enter the secret again or remove the "
                "connection, then repeat this."
            ).format(name=row.name)
        ) from None
