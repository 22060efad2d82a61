"""Keyed hashes of addresses, and the people who were erased."""

import hmac
import secrets

from sqlmodel import Session, col, select

from core.profiles.matching.emails import as_sent
from core.store import Store
from core.store.own_keys import own_key
from core.store.tables.erasures import ErasedRow

HASHES = "hashes"  # the name of the key
SHORT = 12  # hexadecimal digits that tell people apart where a person reads them


def hashing_key(store: Store) -> bytes:
    """The key of hashes: without it nobody can try addresses. Raises Invalid, StorageFailed."""
    return bytes.fromhex(own_key(store, HASHES, lambda: secrets.token_hex(32)))


def digest(key: bytes, address: str) -> str:
    """The keyed hash of an address (HMAC-SHA-256, hexadecimal), however it is written."""
    return hmac.digest(key, as_sent(address).encode(), "sha256").hex()


def mark_of_person(store: Store, address: str) -> str:
    """What stands for a person in the audit: it tells people apart, and nobody who they are."""
    return f"#{digest(hashing_key(store), address)[:SHORT]}"


def erased(session: Session) -> dict[str, int]:
    """The keyed hashes of all addresses that were erased, and the mark of each."""
    query = select(col(ErasedRow.digest), col(ErasedRow.mark))
    return {row[0]: row[1] for row in session.execute(query)}
