"""Lists of addresses that rules compare with: named here, their addresses encrypted."""

from collections.abc import Collection

from sqlmodel import Session

from core.access import Action, Person, require
from core.configuration.address_list import AddressListFile
from core.errors import Conflict, Invalid
from core.profiles.segments import lists_within
from core.profiles.segments.rules import Group
from core.store import (
    addresses,
    assign,
    audit,
    named,
    ordered,
    refuse_taken,
    segments_within,
)
from core.store.addresses import WHAT, Content
from core.store.audit import Deed
from core.store.tables.data import AddressListRow, SegmentRow
from core.store.vault import Vault
from core.texts import _

KIND = "address list"  # in the audit


def everything(session: Session) -> list[AddressListRow]:
    """All lists, by name."""
    return ordered(session, AddressListRow)


def find(session: Session, name: str | int) -> AddressListRow:
    """The list with this name or id. Raises Unknown."""
    return named(session, AddressListRow, WHAT, name)


def add(
    session: Session,
    person: Person,
    spec: AddressListFile,
    vault: Vault,
    given: Content | None,
) -> AddressListRow:
    """A new list. Raises Denied, Invalid."""
    require(person, Action.manage_segments)
    refuse_taken(session, AddressListRow, WHAT, spec.name)
    if given is None:
        text = _("There is no address list “{name}” yet: name the file with its addresses (path).")
        raise Invalid(text.format(name=spec.name), "path")
    values = addresses.keep(session, vault, given)
    row = AddressListRow(name=spec.name, path=spec.path, created_by=person.name, **values)
    session.add(row)
    session.flush()
    audit.record(session, person, Deed.added, KIND, row.name)
    return row


def change(
    session: Session,
    person: Person,
    row: AddressListRow,
    spec: AddressListFile,
    vault: Vault,
    given: Content | None = None,
) -> bool:
    """Another name, other addresses or both; whether anything differed. Raises Denied, Invalid.

    Rules follow its name. Segments with it are counted again once it has other addresses.
    """
    require(person, Action.manage_segments)
    refuse_taken(session, AddressListRow, WHAT, spec.name, own=row.id)
    if given and given.digest != row.digest:
        _uncount(session, row.name)
    if spec.name != row.name:
        _rename(session, row.name, spec.name)
    values = {"path": spec.path, **addresses.keep(session, vault, given)} if given else {}
    changed = assign(row, {"name": spec.name, **values})
    session.add(row)
    if changed:
        session.flush()
        addresses.drop_unused(session)
        audit.record(session, person, Deed.changed, KIND, row.name)
    return changed


def remove(session: Session, person: Person, row: AddressListRow) -> None:
    """Removes the list. Raises Denied; Conflict while a segment uses it."""
    require(person, Action.manage_segments)
    if users := [one.name for one in users_of(session, row.name)]:
        text = _("The address list “{name}” is used by: {users}. Take it out of those first.")
        raise Conflict(text.format(name=row.name, users=", ".join(users)))
    session.delete(row)
    session.flush()
    addresses.drop_unused(session)
    audit.record(session, person, Deed.removed, KIND, row.name)


def users_of(session: Session, name: str) -> list[SegmentRow]:
    """The segments whose own rules name the list, by name."""
    return [row for row in ordered(session, SegmentRow) if name in _lists_of(row)]


def users(rows: Collection[SegmentRow]) -> dict[str, dict[int, str]]:
    """By list: the segments whose own rules name it, their names by their ids."""
    found: dict[str, dict[int, str]] = {}
    for row in rows:
        for name in _lists_of(row):
            found.setdefault(name, {})[row.id] = row.name
    return found


def _lists_of(row: SegmentRow) -> set[str]:
    return lists_within.named(Group.model_validate(row.rules))


def _rename(session: Session, old: str, new: str) -> None:
    for row in users_of(session, old):
        rules = Group.model_validate(row.rules)
        row.rules = lists_within.renamed(rules, old, new).as_data()
        session.add(row)


def _uncount(session: Session, name: str) -> None:
    """The counts of the segments with it, and of those made from these, are no longer true."""
    for row in users_of(session, name):
        segments_within.uncount(session, row)
