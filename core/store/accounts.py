"""People who may sign in: their names, roles and passwords; one administrator always stays."""

import unicodedata
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Action, Person, Role, require
from core.errors import Conflict, Invalid, Unknown, storable
from core.store import audit, passwords, sessions
from core.store.audit import Deed
from core.store.tables.people import AccountRow
from core.texts import _

LONGEST_NAME = 120


def everybody(session: Session) -> list[AccountRow]:
    """All people, by name."""
    return list(session.exec(select(AccountRow).order_by(col(AccountRow.handle))))


def find(session: Session, name: str | int) -> AccountRow:
    """The person with this name, in whatever case, or id. Raises Unknown."""
    if row := look_up(session, name):
        return row
    raise Unknown(_("person"), str(name), [row.name for row in everybody(session)])


def look_up(session: Session, name: str | int) -> AccountRow | None:
    """The same, or None."""
    if isinstance(name, int):
        return session.get(AccountRow, name)
    return session.exec(select(AccountRow).where(AccountRow.handle == handle(name))).first()


def of_email(session: Session, email: str) -> AccountRow | None:
    """The account with the address, in lower case; only a verified one may be looked up."""
    return session.exec(select(AccountRow).where(AccountRow.email == email)).first()


def handle(name: str) -> str:
    """The form in which names are compared: without case, compatibility forms or odd spaces."""
    return " ".join(unicodedata.normalize("NFKC", storable(name)).casefold().split())


def none_yet(session: Session) -> bool:
    """Whether there is no administrator who could sign in: then set-up is all there is."""
    return not administrators(session)


def administrators(session: Session) -> list[AccountRow]:
    """Those who could sign in, by name."""
    query = select(AccountRow).where(
        AccountRow.role == Role.administrator,
        col(AccountRow.disabled_at).is_(None),
        col(AccountRow.password).is_not(None),
    )
    return list(session.exec(query.order_by(col(AccountRow.handle))))


def add(
    session: Session,
    person: Person,
    name: str,
    role: Role,
    *,
    password: str | None = None,
    email: str | None = None,
) -> AccountRow:
    """A new person; without a password they are invited by a link. Raises Denied, Invalid."""
    require(person, Action.manage_people)
    name = _checked_name(session, name)
    if password is not None:
        passwords.check(password, name)
    row = AccountRow(
        name=name,
        handle=handle(name),
        email=_checked_email(session, email),
        role=role,
        password=None if password is None else passwords.locked(password),
        created_by=person.name,
    )
    session.add(row)
    session.flush()
    audit.record(session, person, Deed.added, "person", row.name)
    return row


def set_role(session: Session, person: Person, row: AccountRow, role: Role) -> None:
    """Another role, from the next click on; links that were made for the old one end.

    Raises Denied; Conflict for the last administrator.
    """
    require(person, Action.manage_people)
    if role is not Role.administrator:
        _keep_an_administrator(session, row)
    step = f"{row.name}: {Role(row.role).name} → {role.name}"
    row.role = role
    session.add(row)
    sessions.end_tickets(session, row.id)
    audit.record(session, person, Deed.role, "person", step)


def disable(session: Session, person: Person, row: AccountRow) -> None:
    """They can't sign in any more, and are signed out. Raises Denied, Conflict."""
    require(person, Action.manage_people)
    _keep_an_administrator(session, row)
    row.disabled_at = datetime.now(UTC)
    session.add(row)
    sessions.end_all(session, row.id)
    audit.record(session, person, Deed.disabled, "person", row.name)


def enable(session: Session, person: Person, row: AccountRow) -> None:
    """They may sign in again. Raises Denied."""
    require(person, Action.manage_people)
    row.disabled_at = None
    session.add(row)
    audit.record(session, person, Deed.enabled, "person", row.name)


def set_password(
    session: Session,
    person: Person,
    row: AccountRow,
    password: str,
    keep: str | None = None,
) -> None:
    """Their new password; every browser of theirs is signed out, save the one of token `keep`.

    Raises Denied for somebody else's, Invalid.
    """
    if person.id != row.id:
        require(person, Action.manage_people)
    passwords.check(password, row.name)
    row.password = passwords.locked(password)
    session.add(row)
    sessions.end_all(session, row.id, keep)
    audit.record(session, person, Deed.password, "person", row.name)


def sign_out(session: Session, person: Person, row: AccountRow, keep: str | None = None) -> None:
    """Ends all their sessions, save the one of token `keep`. Raises Denied for somebody else's."""
    if person.id != row.id:
        require(person, Action.manage_people)
    sessions.end_all(session, row.id, keep)
    audit.record(session, person, Deed.signed_out, "person", row.name)


def _keep_an_administrator(session: Session, row: AccountRow) -> None:
    """Locks the administrators, so that two who demote each other at once can't both succeed."""
    session.execute(sa.update(AccountRow).values(role=AccountRow.role))
    if [one.id for one in administrators(session)] == [row.id]:
        text = _("“{name}” is the last administrator. Make somebody else an administrator first.")
        raise Conflict(text.format(name=row.name))


def _checked_name(session: Session, name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        text = _("A name has 1 to {n} characters.").format(n=LONGEST_NAME)
        raise Invalid(text, "name")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cn") for letter in name):
        text = _("The name has invisible characters. Type it again.")
        raise Invalid(text, "name")
    if look_up(session, name):
        raise Invalid(
            _("There is already a “{name}”. Choose another name.").format(name=name), "name"
        )
    return name


def _checked_email(session: Session, email: str | None) -> str | None:
    """Lower case; only verified addresses of an OpenID provider are ever compared with it."""
    email = (email or "").strip().lower()
    if not email:
        return None
    local, _at, host = email.rpartition("@")
    if not local or "." not in host or any(c.isspace() for c in email) or len(email) > 254:
        text = _("“{email}” is not an email address.").format(email=email[:80])
        raise Invalid(text, "email")
    if of_email(session, email):
        raise Invalid(_("Somebody else has the address “{email}”.").format(email=email), "email")
    return email
