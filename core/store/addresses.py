"""The addresses of lists: kept encrypted by a keyed hash of them, and put into rules to compare."""

import hashlib
import hmac
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.profiles.segments import lists_within
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.rules import Group
from core.store import Store, assign, erasures, named, ordered, runs
from core.store.tables.data import AddressesRow, AddressListRow
from core.store.vault import Vault
from core.texts import _, many

WHAT = _("address list")


@dataclass(frozen=True, slots=True)
class Content:
    """Addresses that a list is to have, without those of people who were erased."""

    addresses: tuple[str, ...] = field(repr=False)
    digest: str  # keyed, so that nobody can try addresses
    erased: int = 0  # left out

    @property
    def left_out(self) -> str | None:
        """That people who were erased aren't in it; None where nobody was."""
        if not self.erased:
            return None
        return many(
            "{n} address isn't in it: its person was erased.",
            "{n} addresses aren't in it: their people were erased.",
            self.erased,
        )


def content(store: Store, addresses: Collection[str]) -> Content:
    """What is kept of these addresses, each as it is sent and once. Raises StorageFailed."""
    key = erasures.hashing_key(store)
    with store.begin() as session:
        gone = erasures.erased(session)
    kept = [one for one in addresses if not gone or erasures.digest(key, one) not in gone]
    return Content(tuple(kept), _digest(key, kept), len(addresses) - len(kept))


def known(session: Session) -> dict[str, AddressList]:
    """What rules keep of each list, by its name."""
    return {row.name: reference(row) for row in ordered(session, AddressListRow)}


def reference(row: AddressListRow) -> AddressList:
    """What rules keep of a list."""
    return AddressList(name=row.name, count=row.addresses, digest=row.digest)


def ready(store: Store, rules: Group) -> Group:
    """Resolved rules with the addresses of their lists, to be compared. Raises Unknown, Invalid."""
    if not lists_within.named(rules):
        return rules
    with store.begin() as session:
        return lists_within.filled(rules, lambda one: unlocked(session, store.vault, one))


def all_ready(store: Store, segments: Mapping[str, Group]) -> dict[str, Group]:
    """The same of several segments, by name."""
    return {name: ready(store, rules) for name, rules in segments.items()}


def _digest(key: bytes, addresses: Collection[str]) -> str:
    text = "\n".join(sorted(addresses)).encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def keep(session: Session, vault: Vault, given: Content) -> dict[str, Any]:
    """Writes the addresses, if they aren't there; what their list says of them."""
    if session.get(AddressesRow, given.digest) is None:
        session.add(AddressesRow(digest=given.digest, locked=_locked(vault, given.addresses)))
    return {"addresses": len(given.addresses), "digest": given.digest}


def _locked(vault: Vault, addresses: Collection[str]) -> str:
    packed = zlib.compress("\n".join(addresses).encode())
    return vault.lock(b64encode(packed).decode())


def _opened(vault: Vault, row: AddressesRow) -> tuple[str, ...]:
    text = zlib.decompress(b64decode(vault.unlock(row.locked))).decode()
    return tuple(text.split("\n")) if text else ()


def unlocked(session: Session, vault: Vault, wanted: AddressList) -> tuple[str, ...]:
    """The addresses as they were, else those that the list of this name has now. Raises Unknown."""
    row = session.get(AddressesRow, wanted.digest)
    if row is None:
        list_row = named(session, AddressListRow, WHAT, wanted.name)
        row = session.get_one(AddressesRow, list_row.digest)
    return _opened(vault, row)


def forget(store: Store, emails: Collection[str]) -> int:
    """Takes addresses out of all lists, for people who are erased; out of how many lists."""
    key, gone = erasures.hashing_key(store), set(emails)
    with store.begin() as session:
        return sum(_forget(session, store.vault, key, row, gone) for row in _all(session))


def having(store: Store, digests: Collection[str]) -> dict[str, list[str]]:
    """By list: its addresses that have one of these keyed hashes (see erasures). For backups."""
    key = erasures.hashing_key(store)
    with store.begin() as session:
        rows = ordered(session, AddressListRow)
        every = {row.name: unlocked(session, store.vault, reference(row)) for row in rows}
    found = {
        name: [one for one in some if erasures.digest(key, one) in digests]
        for name, some in every.items()
    }
    return {name: some for name, some in found.items() if some}


def relock(session: Session, old: Vault, new: Vault) -> int:
    """Encrypts them with another vault's key; how many. Raises Invalid for unreadable ones."""
    rows = _all(session)
    for row in rows:
        row.locked = new.lock(old.unlock(row.locked))
        session.add(row)
    return len(rows)


def _forget(
    session: Session, vault: Vault, key: bytes, row: AddressesRow, gone: Collection[str]
) -> int:
    before = _opened(vault, row)
    kept = [one for one in before if one not in gone]
    if len(kept) == len(before):
        return 0
    values = keep(session, vault, Content(tuple(kept), _digest(key, kept)))
    lists = session.exec(select(AddressListRow).where(AddressListRow.digest == row.digest)).all()
    for one in lists:
        assign(one, values)
        session.add(one)
    session.delete(row)
    session.flush()
    return max(1, len(lists))


def _all(session: Session) -> list[AddressesRow]:
    return list(session.exec(select(AddressesRow)))


def drop_unused(session: Session) -> int:
    """Removes addresses that no list has any more, unless a run waits for them; of how many."""
    digests = set(session.scalars(sa.select(col(AddressesRow.digest))))
    unused = digests - set(session.scalars(sa.select(col(AddressListRow.digest))))
    if not unused:
        return 0
    orders = json.dumps([run.order_data for run in runs.active(session)])
    gone = [one for one in unused if one not in orders]
    session.execute(sa.delete(AddressesRow).where(col(AddressesRow.digest).in_(gone)))
    return len(gone)
