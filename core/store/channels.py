"""Channels: where alerts go and which ones; their addresses are secrets that nobody reads again."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from core.access import Action, Person, may, require
from core.configuration.alerts import Channel, Reason
from core.errors import Conflict, Denied, Invalid, Unknown
from core.store import assign, audit, named, ordered
from core.store.audit import Deed
from core.store.tables.alerts import ChannelRow
from core.store.tables.exports import ExportRow
from core.store.vault import Vault
from core.texts import _

WHAT = _("alert channel")
MOST_OWN = 5  # channels of one person
MAIL = "mail"  # the service of a person's own mail address
MAIL_SERVICES = ("mailto", "mailtos")
SEPARATOR = "://"
NONE = [0]  # the exports of a channel whose exports were all removed: it doesn't tell of all then


def everything(session: Session) -> list[ChannelRow]:
    """All channels: the team's and people's."""
    return list(session.exec(select(ChannelRow).order_by(col(ChannelRow.id))))


def first_added(session: Session) -> datetime | None:
    """Since when there is one; None without any."""
    return min((one.created_at for one in everything(session)), default=None)


def team(session: Session) -> list[ChannelRow]:
    """Those of the team, by name."""
    return _of(session, None)


def own(session: Session, person: Person) -> list[ChannelRow]:
    """Those of this person, by name."""
    return _of(session, person.id) if person.id is not None else []


def find(session: Session, id: int) -> ChannelRow:
    """The channel with this id. Raises Unknown."""
    if row := session.get(ChannelRow, id):
        return row
    raise Unknown(WHAT, str(id), [one.name for one in team(session)])


def look_up(session: Session, id: int) -> ChannelRow | None:
    """The same, or None: it may have been removed meanwhile."""
    return session.get(ChannelRow, id)


def mail_server(session: Session) -> ChannelRow | None:
    """The channel of the team through the server of which people get mail; None without one."""
    return next((one for one in team(session) if one.service in MAIL_SERVICES), None)


def add(
    session: Session,
    vault: Vault,
    person: Person,
    spec: Channel,
    *,
    address: str,
    reference: str | None = None,
    is_own: bool = False,
) -> ChannelRow:
    """A new channel of the team, or of the person; `address` is the secret itself.

    A person's own may be a mail address: it goes through the team's mail server. Raises Denied,
    Invalid, Unknown; Conflict where the person has MOST_OWN already.
    """
    row = ChannelRow(name="", service="", created_by=person.name)
    row.account_id = person.id if is_own else None
    require_change(person, row)
    if is_own and (person.id is None or len(own(session, person)) >= MOST_OWN):
        text = _("A person has at most {n} channels of their own. Remove one first.")
        raise Conflict(text.format(n=MOST_OWN))
    _refuse_taken(session, row, spec.name)
    assign(row, _described(session, spec) | _addressed(vault, address) | {"reference": reference})
    session.add(row)
    session.flush()
    audit.record(session, person, Deed.added, WHAT, _what(row))
    return row


def change(
    session: Session,
    vault: Vault,
    person: Person,
    row: ChannelRow,
    spec: Channel,
    *,
    address: str | None = None,
    reference: str | None = None,
) -> bool:
    """Whether anything differed; without `address` it stays. Raises Denied, Invalid, Unknown."""
    require_change(person, row)
    _refuse_taken(session, row, spec.name)
    values = _described(session, spec)
    if address is not None and address != address_of(vault, row):
        values |= _addressed(vault, address) | {"problem": None, "failing_since": None}
    if reference:
        values["reference"] = reference
    changed = assign(row, values)
    session.add(row)
    if changed:
        audit.record(session, person, Deed.changed, WHAT, _what(row))
    return changed


def remove(session: Session, person: Person, row: ChannelRow) -> None:
    """Removes it, with what still waits to go there. Raises Denied."""
    require_change(person, row)
    row.address = ""
    session.flush()  # overwritten first: a deleted row may stay readable in the file
    session.delete(row)
    session.flush()
    audit.record(session, person, Deed.removed, WHAT, _what(row))


def require_change(person: Person, row: ChannelRow) -> None:
    """Raises Denied unless it is theirs, or the team's and they manage those."""
    if row.account_id is None:
        require(person, Action.manage_alerts)
        return
    require(person, Action.own_alerts)
    if row.account_id != person.id:
        text = _("This channel belongs to somebody else, and only they change it.")
        raise Denied(text, person)


def spec(session: Session, row: ChannelRow, address: str) -> Channel:
    """The channel as a value; `address` stands for its secret, which nobody reads again."""
    return Channel(
        name=row.name,
        address=address,
        reasons=tuple(Reason(one) for one in row.reasons),
        exports=tuple(one.name for one in exports_of(session, row)),
        digest=row.digest_at,
    )


def exports_of(session: Session, row: ChannelRow) -> list[ExportRow]:
    """The exports that it tells of, by name; none where it tells of all."""
    return [one for one in ordered(session, ExportRow) if one.id in row.exports]


def tells_nothing(row: ChannelRow) -> bool:
    """Whether all exports that it told of were removed."""
    return row.exports == NONE


def address_of(vault: Vault, row: ChannelRow) -> str:
    """Where it leads, in the clear: for sending alone. Raises Invalid for another key."""
    return row.mail or vault.unlock(row.address)


def relock(session: Session, old: Vault, new: Vault) -> int:
    """Encrypts the addresses with another key; how many there are. Raises Invalid."""
    locked = [row for row in everything(session) if row.address]
    for row in locked:
        try:
            row.address = new.lock(old.unlock(row.address))
        except Invalid:
            text = _(
                "The address of the alert channel “{name}” can't be read with the current key, so "
                "the key is not changed. Enter it again or remove the channel, then repeat this."
            )
            raise Invalid(text.format(name=row.name)) from None
        session.add(row)
    return len(locked)


def delivered(row: ChannelRow, at: datetime) -> None:
    """Something arrived there."""
    row.delivered_at, row.problem, row.failing_since = at, None, None


def failing(row: ChannelRow, answer: str, at: datetime) -> None:
    """Nothing arrives there; since when is kept."""
    row.problem, row.failing_since = answer, row.failing_since or at


def forget_export(session: Session, export_id: int) -> None:
    """It goes for good: a channel of it alone would tell of all exports from then on."""
    for row in everything(session):
        if export_id in row.exports:
            row.exports = [one for one in row.exports if one != export_id] or NONE
            session.add(row)


def failing_rows(session: Session, person: Person) -> list[ChannelRow]:
    """Channels at which nothing arrives, as far as the person can do something about it."""
    managed = may(person, Action.manage_alerts)
    return [
        row
        for row in everything(session)
        if row.failing_since is not None
        and (managed if row.account_id is None else row.account_id == person.id)
    ]


def _of(session: Session, account_id: int | None) -> list[ChannelRow]:
    query = select(ChannelRow).where(col(ChannelRow.account_id).is_not_distinct_from(account_id))
    return sorted(session.exec(query), key=lambda row: row.name.casefold())


def _described(session: Session, spec: Channel) -> dict[str, object]:
    return {
        "name": spec.name,
        "reasons": [str(one) for one in spec.reasons],
        "exports": [named(session, ExportRow, _("export"), name).id for name in spec.exports],
        "digest_at": spec.digest,
    }


def _addressed(vault: Vault, address: str) -> dict[str, str | None]:
    service, found, _rest = address.partition(SEPARATOR)
    if not found:  # a mail address, which is no secret
        return {"service": MAIL, "mail": address, "address": ""}
    return {"service": service.lower(), "mail": None, "address": vault.lock(address)}


def _refuse_taken(session: Session, row: ChannelRow, name: str) -> None:
    others: Sequence[ChannelRow] = _of(session, row.account_id)
    if any(one.name == name and one is not row for one in others):
        text = _("There is already a channel “{name}”. Choose another name.")
        raise Invalid(text.format(name=name), "name")


def _what(row: ChannelRow) -> str:
    """As the audit has it: whose it is, not where it leads."""
    return row.name if row.account_id is None else _("{name} (own)").format(name=row.name)
