"""Connections: who may use which account, with a secret that is never read out again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from core.access import PEOPLE, Action, Person, Role, require
from core.configuration.connection import Connection, Consent
from core.destinations import Account
from core.errors import Conflict, Invalid
from core.store import accounts, assign, audit, billing, drafts, named, ordered, refuse_taken
from core.store import exports as exports_store
from core.store.audit import Deed
from core.store.database import moment
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.store.tables.exports import ExportRow
from core.store.tables.people import AccountRow
from core.store.vault import Vault, ending
from core.texts import _

WHAT = _("connection")
# What becomes of an export whose connection is removed: REMOVE and MOVE, else it is detached.
REMOVE, MOVE = "remove", "move"
WATCH = Person("Segferry", Role.administrator, None, "watch")  # in the audit
UNPINNED: dict[str, Any] = {
    "account_id": None,
    "account_name": None,
    "test_account": None,
    "former_secret": None,
    "former_ending": None,
    "oauth": None,
    "checked_at": None,
    "problem": None,
    "missing": [],
    "state": ConnectionState.unchecked,
}


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
    """A new connection; `key` is the secret itself. Raises Denied, Invalid, Unknown."""
    require(person, Action.manage_connections)
    refuse_taken(session, ConnectionRow, WHAT, spec.name)
    row = ConnectionRow(
        **_described(session, spec),
        **billing.entered(spec),
        **_agreed(spec),
        secret=vault.lock(key),
        secret_ending=ending(key),
        secret_reference=reference,
        owner_id=person.id,
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
    """Whether anything differed; without `key` the secret stays, and the former one of another.

    The account stays the one it is pinned to, unless the type or the address is another. Raises
    Denied, Invalid, Unknown; Conflict for such a change while an export of it runs.
    """
    require(person, Action.manage_connections)
    refuse_taken(session, ConnectionRow, WHAT, spec.name, own=row.id)
    values = _changes(session, vault, row, spec, key)
    values["secret_reference"] = reference or row.secret_reference
    if (spec.type, spec.base_url) != (row.type, row.base_url):
        for user in used_by(session, row.id):
            exports_store.refuse_active(session, user)  # half of a run to another account: never
        values |= UNPINNED
    changed = assign(row, values)
    row.sample &= not changed
    session.add(row)
    if changed:
        audit.record(session, person, Deed.changed, "connection", row.name)
    return changed


def _changes(
    session: Session, vault: Vault, row: ConnectionRow, spec: Connection, key: str | None
) -> dict[str, Any]:
    """The columns as `spec` has them; the secret's only for another key."""
    values = _described(session, spec) | billing.entered(spec, row)
    if (spec.consent.agreed_by, spec.consent.version) != (row.agreed_by, row.agreed_version):
        values |= _agreed(spec)
    if key is not None and not _holds(vault, row, key):
        values |= _rekeyed(vault, row, key)
    return values


def spec(session: Session, row: ConnectionRow, key: str) -> Connection:
    """The connection as a value; `key` stands for its secret, which nobody reads again."""
    agreed = Consent(agreed_by=row.agreed_by, version=row.agreed_version, agreed_at=row.agreed_at)
    return Connection(
        name=row.name,
        type=row.type,
        api_key=key,
        base_url=row.base_url,
        shared_with=_shared_with(session, row),
        billing=billing.plan_of(row),
        consent=agreed,
    )


def forget_former(session: Session, person: Person, row: ConnectionRow) -> None:
    """Ends the change-over: the former key isn't used any more. Raises Denied."""
    require(person, Action.manage_connections)
    row.former_secret = row.former_ending = None
    session.add(row)
    audit.record(session, person, Deed.changed, "connection", row.name)


def set_export_user(session: Session, person: Person, row: ConnectionRow) -> None:
    """Exports of the connection run in this person's name from now on. Raises Denied."""
    require(person, Action.manage_connections)
    row.export_user_id = person.id
    session.add(row)
    audit.record(session, person, Deed.changed, "export user", row.name)


def export_user(session: Session, row: ConnectionRow) -> AccountRow | None:
    """The person in the name of whom its exports run, if anybody."""
    return session.get(AccountRow, row.export_user_id) if row.export_user_id else None


def note(
    session: Session, row: ConnectionRow, state: ConnectionState, **found: Any
) -> ConnectionState:
    """Keeps what the last look found; the state before it. Another state stands in the audit."""
    before = row.state
    assign(row, {"state": state, "problem": None, "checked_at": moment(session)} | found)
    session.add(row)
    if state != before:
        step = f"{row.name}: {before} → {state}"
        audit.record(session, WATCH, Deed.changed, "state of connection", step)
    return before


def used(session: Session, row: ConnectionRow) -> None:
    """A run sends through it now."""
    row.used_at = moment(session)
    session.add(row)


def pin(session: Session, row: ConnectionRow, account: Account) -> None:
    """Keeps which account it is."""
    found = {
        "account_id": account.id,
        "account_name": account.name,
        "test_account": account.test,
        "time_zone": account.time_zone,
    }
    assign(row, found)
    session.add(row)


def pinned(row: ConnectionRow) -> Account | None:
    """The account that it is pinned to, as it was found last."""
    if row.account_id is None:
        return None
    return Account(row.account_id, row.account_name or "", bool(row.test_account), row.time_zone)


def renew(session: Session, row: ConnectionRow, tokens: str) -> None:
    """Keeps renewed tokens of OAuth, encrypted; those of a new authorization stay."""
    if now := _unchanged(session, row):
        now.oauth = tokens
        session.add(now)


def reconnect(session: Session, row: ConnectionRow, problem: str) -> None:
    """The destination withdrew the authorization: somebody has to authenticate again."""
    if now := _unchanged(session, row):
        note(session, now, ConnectionState.reconnect, problem=problem)


def used_by(session: Session, connection_id: int) -> list[ExportRow]:
    """The exports that use the connection, by name."""
    query = select(ExportRow).where(ExportRow.connection_id == connection_id)
    return list(session.exec(query.order_by(col(ExportRow.name))))


def replacements(session: Session, row: ConnectionRow) -> list[ConnectionRow]:
    """Other connections to the same account, where the lists of its exports are; by name."""
    if row.account_id is None:
        return []
    place = (row.type, row.base_url, row.account_id)
    return [
        other
        for other in everything(session)
        if other.id != row.id
        and other.removal is None
        and (other.type, other.base_url, other.account_id) == place
    ]


def replacement(session: Session, row: ConnectionRow, id: int | None) -> ConnectionRow:
    """The one of `replacements` with this id. Raises Conflict."""
    for other in replacements(session, row):
        if other.id == id:
            return other
    text = _(
        "The exports of “{name}” can only be moved to another connection to the same account, "
        "for their lists are there. Detach them, or choose such a connection."
    )
    raise Conflict(text.format(name=row.name))


def remove(
    session: Session,
    person: Person,
    row: ConnectionRow,
    fates: Mapping[int, str] | None = None,
    to: ConnectionRow | None = None,
) -> list[str]:
    """Removes the connection and its secrets; the names of its exports.

    `fates` says for the ids of exports to “remove” them too, or to “move” them to the connection
    `to`; the others are detached, and so are those to be moved without `to`. Raises Denied;
    Conflict while one of them runs, or where `to` is of another account.
    """
    require(person, Action.manage_connections)
    target = replacement(session, row, to.id) if to else None
    users = used_by(session, row.id)
    for user in users:
        exports_store.refuse_active(session, user)
        fate = (fates or {}).get(user.id)
        if fate == REMOVE:
            exports_store.remove(session, person, user)
        elif fate == MOVE and target:
            exports_store.move(session, person, user, target)
        else:
            exports_store.detach(session, person, user)
    row.secret, row.secret_ending, row.former_secret, row.oauth = "", "", None, None
    session.flush()  # overwritten first: a deleted row may stay readable in the file
    drafts.forget(session, drafts.Form("connection", row.id))
    session.delete(row)
    session.flush()
    audit.record(session, person, Deed.removed, "connection", row.name)
    return [user.name for user in users]


def _unchanged(session: Session, row: ConnectionRow) -> ConnectionRow | None:
    """The connection, unless it was removed or authenticated again since `row` was read."""
    now = session.get(ConnectionRow, row.id)
    return now if now and now.oauth == row.oauth else None


def _holds(vault: Vault, row: ConnectionRow, key: str) -> bool:
    """Whether the connection has this key; one that can't be read any more is none."""
    try:
        return vault.unlock(row.secret) == key
    except Invalid:
        return False


def _rekeyed(vault: Vault, row: ConnectionRow, key: str) -> dict[str, Any]:
    """Another key; the former one goes on to hold until somebody ends the change-over."""
    return {
        "secret": vault.lock(key),
        "secret_ending": ending(key),
        "former_secret": row.secret,
        "former_ending": row.secret_ending,
        "checked_at": None,
        "problem": None,
        "missing": [],
        "state": ConnectionState.unchecked,
    }


def _described(session: Session, spec: Connection) -> dict[str, Any]:
    known: dict[str, Any] = {"shared_with": spec.shared_with, "people": []}
    if not isinstance(spec.shared_with, str):
        ids = [accounts.find(session, name).id for name in spec.shared_with]
        known = {"shared_with": PEOPLE, "people": ids}
    return spec.model_dump(include={"name", "type", "base_url"}) | known


def _shared_with(session: Session, row: ConnectionRow) -> Any:
    if row.shared_with != PEOPLE:
        return row.shared_with
    return tuple(accounts.find(session, id).name for id in row.people)


def _agreed(spec: Connection) -> dict[str, Any]:
    return {
        "agreed_by": spec.consent.agreed_by,
        "agreed_version": spec.consent.version,
        "agreed_at": spec.consent.agreed_at or datetime.now(UTC),
    }
