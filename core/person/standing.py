"""Where a person is now: by the ledgers, and where it is asked, by the destinations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from core.access import Action, Person, may
from core.connections import clients
from core.destinations import Destination, Known
from core.errors import SegferryError
from core.person.addresses import InLedgers
from core.plan.ledger import PROFILES, ledger_path
from core.store import Store, connections, export_lists, exports
from core.store.orders import account_key
from core.store.tables.connections import ConnectionRow
from core.texts import _


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands with one list by its ledger, for one export; moments are UTC.

    `state` is one of `ledger.State`; `member`: whether the export wants them there. `list_id` is
    None for an export that only updates profiles.
    """

    email: str
    export: str
    account: str
    connection: str | None
    list_id: str | None
    list: str | None
    state: str
    member: bool
    since: datetime
    sent_at: datetime
    run: int
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a destination says of an address now; `known` is None where it has no profile.

    `lists` are those of our ledgers that it is on. `problem`: why it could not be asked.
    """

    email: str
    connection: str
    known: Known | None = None
    lists: tuple[str, ...] = ()
    problem: str | None = None


def standings(session: Session, ledgers: Path, found: InLedgers) -> list[Standing]:
    """The rows of the ledgers with the names of what they are about; by list and export."""
    names = {row.id: row.name for row in exports.everything(session)}
    lists, accounts = export_lists.list_names(session), _accounts(session, ledgers)
    return [
        _standing(row, names, lists, accounts)
        for row in found.rows.sort("ledger", "export", "email").iter_rows(named=True)
    ]


def _standing(
    row: Mapping[str, Any],
    names: Mapping[int, str],
    lists: Mapping[str, str],
    accounts: Mapping[str, ConnectionRow],
) -> Standing:
    path = Path(row["ledger"])
    account, list_id = path.parent.name, None if path.stem == PROFILES else path.stem
    connection = accounts.get(account)
    return Standing(
        email=row["email"],
        export=names.get(row["export"]) or _("export {n}, removed").format(n=row["export"]),
        account=connection.account_name or account if connection else account,
        connection=connection.name if connection else None,
        list_id=list_id,
        list=lists.get(list_id or "", list_id),
        state=row["state"],
        member=row["claimed"],
        since=row["first_at"],
        sent_at=row["sent_at"],
        run=row["run"],
        words=row["why"],
    )


def _accounts(session: Session, ledgers: Path) -> dict[str, ConnectionRow]:
    """The connections by the names of their ledgers' folders."""
    return {
        ledger_path(ledgers, account_key(row), None).parent.name: row
        for row in connections.everything(session)
    }


def ask(
    store: Store, person: Person, emails: Sequence[str], now: Iterable[Standing]
) -> list[Reply]:
    """Asks each destination that had the person, as far as they may use its connection."""
    lists: dict[str, dict[str, str]] = defaultdict(dict)
    for one in now:
        if one.connection:
            lists[one.connection] |= {one.list_id: one.list or ""} if one.list_id else {}
    with store.begin() as session:
        rows = {row.name: row for row in connections.everything(session)}
    return [
        answer
        for name, wanted in lists.items()
        if may(person, Action.run, rows[name])
        for answer in _replies_from(store, rows[name], emails, wanted)
    ]


def _replies_from(
    store: Store, row: ConnectionRow, emails: Sequence[str], lists: Mapping[str, str]
) -> list[Reply]:
    try:
        with clients.open_at_once(store, row) as destination:
            return _answers(destination, row.name, emails, lists)
    except SegferryError as error:
        return [Reply(email, row.name, problem=str(error)) for email in emails]


def _answers(
    destination: Destination, name: str, emails: Sequence[str], lists: Mapping[str, str]
) -> list[Reply]:
    known = destination.known(emails)
    on = {list_id: destination.members_among(list_id, emails) for list_id in lists}
    return [
        Reply(
            email,
            name,
            known.get(email),
            tuple(lists[list_id] for list_id, found in on.items() if email in found),
        )
        for email in emails
    ]
