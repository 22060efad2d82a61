"""Connections: who may use which account, with a secret that is never read out again."""

from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Action, Person, require
from core.configuration import Connection
from core.errors import Invalid
from core.models import ConnectionRow, ConnectionState, ExportRow
from core.store import assign, audit, authorizations, named, ordered, refuse_taken
from core.store import exports as exports_store
from core.store.audit import Deed
from core.texts import _
from core.vault import Vault, ending

WHAT = _("connection")
SECRETS = ("secret", "former_secret", "oauth")  # columns that hold them, encrypted


def everything(session: Session) -> list[ConnectionRow]:
    """All connections, by name."""
    return ordered(session, ConnectionRow)


def find(session: Session, name: str | int) -> ConnectionRow:
    """The connection with this name or id. Raises Unknown."""
    return named(session, ConnectionRow, WHAT, name)


def add(
    session: Session,
    vault: Vault,
    person: Person,
    spec: Connection,
    *,
    key: str,
    reference: str | None = None,
) -> ConnectionRow:
    """A new connection; `key` is the secret itself. Raises Denied, Invalid."""
    require(person, Action.manage_connections)
    refuse_taken(session, ConnectionRow, WHAT, spec.name)
    row = ConnectionRow(
        **_described(spec),
        secret=vault.lock(key),
        secret_ending=ending(key),
        secret_reference=reference,
        agreed_by=spec.consent.agreed_by,
        agreed_version=spec.consent.version,
        agreed_at=spec.consent.agreed_at or datetime.now(UTC),
        created_by=person.name,
    )
    session.add(row)
    session.flush()
    audit.record(session, person, Deed.added, "connection", row.name)
    return row


def change(
    session: Session,
    vault: Vault,
    person: Person,
    row: ConnectionRow,
    spec: Connection,
    *,
    key: str | None = None,
    reference: str | None = None,
) -> bool:
    """Whether anything differed; without `key` the secret stays. Raises Denied, Invalid;
    Conflict for another key or address while an export of it runs."""
    require(person, Action.manage_connections)
    refuse_taken(session, ConnectionRow, WHAT, spec.name, own=row.id)
    values = _described(spec) | {"secret_reference": reference or row.secret_reference}
    if spec.consent.agreed_by != row.agreed_by or spec.consent.version != row.agreed_version:
        values |= {
            "agreed_by": spec.consent.agreed_by,
            "agreed_version": spec.consent.version,
            "agreed_at": spec.consent.agreed_at or datetime.now(UTC),
        }
    rekeyed = key is not None and not _holds(vault, row, key)
    if rekeyed and key is not None:
        values |= {"secret": vault.lock(key), "secret_ending": ending(key)}
    if rekeyed or spec.base_url != row.base_url:
        for user in used_by(session, row.id):
            exports_store.refuse_active(session, user)  # half of a run to another account: never
        values |= {"account_id": None, "account_name": None, "checked_at": None, "problem": None}
    if spec.base_url != row.base_url:
        values |= {"oauth": None}  # tokens go nowhere but where they came from
    changed = assign(row, values)
    session.add(row)
    if changed:
        audit.record(session, person, Deed.changed, "connection", row.name)
    return changed


def relock(session: Session, person: Person, old: Vault, new: Vault) -> int:
    """Locks every secret anew with another vault's key; how many there are.

    Raises Denied; Invalid for a secret that can't be read, and then none is changed.
    """
    require(person, Action.manage_connections)
    n = authorizations.relock(session, old, new)
    for row in everything(session):
        held = [name for name in SECRETS if getattr(row, name)]
        locked = {name: new.lock(_unlocked(old, row, name)) for name in held}
        assign(row, locked)
        session.add(row)
        n += len(locked)
    audit.record(session, person, Deed.changed, "key", "")
    return n


def note_check(
    session: Session,
    row: ConnectionRow,
    account: tuple[str, str] | None = None,
    problem: str | None = None,
) -> None:
    """Keeps what the last look at the account found: (id, name), or what went wrong."""
    if account:
        row.account_id, row.account_name = account
    row.checked_at, row.problem = datetime.now(UTC), problem
    session.add(row)


def renew(session: Session, row: ConnectionRow, tokens: str) -> None:
    """Keeps renewed tokens of OAuth, encrypted; those of a new authorization stay."""
    if now := _unchanged(session, row):
        now.oauth = tokens
        session.add(now)


def reconnect(session: Session, row: ConnectionRow, problem: str) -> None:
    """Klaviyo withdrew the authorization: somebody has to authenticate again."""
    if now := _unchanged(session, row):
        now.state, now.problem = ConnectionState.reconnect, problem
        session.add(now)


def used_by(session: Session, connection_id: int) -> list[ExportRow]:
    """The exports that use the connection, by name."""
    query = select(ExportRow).where(ExportRow.connection_id == connection_id)
    return list(session.exec(query.order_by(col(ExportRow.name))))


def remove(
    session: Session,
    person: Person,
    row: ConnectionRow,
    exports: Literal["detach", "remove"] = "detach",
) -> list[str]:
    """Removes the connection and detaches or removes its exports; their names.

    Raises Denied; Conflict while one of them runs.
    """
    require(person, Action.manage_connections)
    users = used_by(session, row.id)
    for user in users:
        exports_store.refuse_active(session, user)
        if exports == "remove":
            exports_store.remove(session, person, user)
    session.execute(
        sa.update(ExportRow)
        .where(col(ExportRow.connection_id) == row.id)
        .values(connection_id=None)
    )
    session.delete(row)
    session.flush()
    audit.record(session, person, Deed.removed, "connection", row.name)
    return [user.name for user in users]


def _unlocked(vault: Vault, row: ConnectionRow, name: str) -> str:
    try:
        return vault.unlock(getattr(row, name))
    except Invalid:
        raise Invalid(
            _(
                "The secret of the connection “{name}” can't be read with the present key, so the "
                "key stays. Enter the secret again or remove the connection, then repeat this."
            ).format(name=row.name)
        ) from None


def _unchanged(session: Session, row: ConnectionRow) -> ConnectionRow | None:
    """The connection, unless it was removed or authenticated anew since `row` was read."""
    now = session.get(ConnectionRow, row.id)
    return now if now and now.oauth == row.oauth else None


def _holds(vault: Vault, row: ConnectionRow, key: str) -> bool:
    """Whether the connection has this key; one that can't be read any more is none."""
    try:
        return vault.unlock(row.secret) == key
    except Invalid:
        return False


def _described(spec: Connection) -> dict[str, Any]:
    return spec.model_dump(include={"name", "type", "base_url", "shared_with"})
