"""Keyed hashes of addresses, and the people who were erased."""

import hmac
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import Session, col, select

from core.access import Action, Person, require
from core.errors import Conflict, Unknown
from core.profiles.matching.emails import as_sent
from core.store import Store, audit, runs
from core.store.audit import Deed
from core.store.database import moment
from core.store.own_keys import own_key
from core.store.tables.erasures import ErasedRow, ErasureRow
from core.store.tables.runs import Run, RunStatus
from core.texts import _

BEGUN = "begun"  # the first step
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


def begin(
    session: Session,
    person: Person,
    marks: Mapping[str, int],
    locked: str,
    facts: Mapping[str, Any],
) -> ErasureRow:
    """An erasure of these hashes, with the mark of each: from now on no run sends them.

    `locked` are the addresses, encrypted; `facts` are kept as the first step. Raises Denied;
    Conflict while a run has its rows frozen, or is recorded.
    """
    require(person, Action.erase)
    if busy := sorted({run.export for run in _under_way(session)}):
        text = _(
            "Runs of {exports} have people in their files just now. Wait until they end, or "
            "discard those that are held."
        )
        raise Conflict(text.format(exports=", ".join(busy)))
    at = moment(session)
    row = ErasureRow(by=person.name, at=at, digests=list(marks), locked=locked)
    row.steps = {BEGUN: {"at": at.isoformat(), **facts}}
    session.add(row)
    session.flush()
    for digest, mark in marks.items():
        if session.get(ErasedRow, digest) is None:
            session.add(ErasedRow(digest=digest, mark=mark, erasure_id=row.id, at=at))
    what = ", ".join(f"#{digest[:SHORT]}" for digest in marks)
    audit.record(session, person, Deed.erased, "person", what)
    return row


def _under_way(session: Session) -> list[Run]:
    """Runs with frozen rows, or whose deliveries aren't in the ledger yet."""
    active = [run for run in runs.active(session) if run.status != RunStatus.queued]
    return [*active, *runs.settling(session)]


def find(session: Session, id: int) -> ErasureRow:
    """The erasure with this id. Raises Unknown."""
    if row := session.get(ErasureRow, id):
        return row
    raise Unknown(_("erasure"), str(id), [])


def unfinished(session: Session) -> list[ErasureRow]:
    """Those of which a step is left to do, the oldest first."""
    query = select(ErasureRow).where(col(ErasureRow.finished_at).is_(None))
    return list(session.exec(query.order_by(col(ErasureRow.id))))


def of_digests(session: Session, digests: Collection[str]) -> list[ErasureRow]:
    """Those of any of these addresses, the newest first."""
    query = select(col(ErasedRow.erasure_id)).where(col(ErasedRow.digest).in_(digests))
    ids = set(session.scalars(query))
    found = session.exec(select(ErasureRow).where(col(ErasureRow.id).in_(ids)))
    return sorted(found, key=lambda row: -row.id)


def note(session: Session, id: int, step: str, found: Mapping[str, Any]) -> None:
    """That a step is done, when, and what it found."""
    row = find(session, id)
    row.steps = {**row.steps, step: {"at": moment(session).isoformat(), **found}}
    session.add(row)


def finish(session: Session, id: int) -> ErasureRow:
    """All is done: the addresses are forgotten, their hashes stay."""
    row = find(session, id)
    row.locked, row.finished_at = None, moment(session)
    session.add(row)
    return row
