"""Sets up the demo: made-up people, segments of them, and exports to the local Klaviyo."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session

from core.access import Action, Person, Role
from core.audience import looks, members
from core.connections import checks, lists
from core.errors import Conflict, DestinationFailed
from core.sandbox.demo import content, people
from core.store import Store, accounts, apply, connections, look_up, samples, sources
from core.store.export_lists import name_list
from core.store.exports import find
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.texts import _

PEOPLE = (
    ("Anna", Role.administrator),
    ("Kaspars", Role.contributor),
    ("Vita", Role.viewer),
)
KEY = "pk_demo_4821_local_only"  # any key pk_… opens the local Klaviyo
NAMES = (content.CONNECTION, content.SOURCE, *content.RULES, *(row[0] for row in content.EXPORTS))


@dataclass(frozen=True, slots=True)
class Seeded:
    """The names of the demo's things, and whether they were made only now."""

    connection: str
    source: str
    segments: tuple[str, ...]
    exports: tuple[str, ...]
    new: bool


def seed(store: Store, person: Person, base_url: str, today: date, n: int = people.MANY) -> Seeded:
    """Sets up the demo of n people, all or nothing; where it is, follows the Klaviyo's address.

    Raises Denied, StorageFailed; Conflict when its names are taken by things of one's own.
    """
    store.require(person, Action.configure)
    with store.begin() as session:
        connection = look_up(session, ConnectionRow, content.CONNECTION)
        held = bool(connection or look_up(session, SourceRow, content.SOURCE))
        if connection:
            _follow(session, store, person, connection, base_url)
        if not held:
            _refuse_taken(session)
    if not held:
        _bring(store, person, base_url, today, n)
        _introduce(store, person)
    return Seeded(content.CONNECTION, content.SOURCE, tuple(content.RULES), _exports(), not held)


def profiles_of(home: Path) -> Path:
    """The file of the demo's people in a data folder."""
    return home.absolute() / "demo" / "profiles.parquet"


def sign_ins(store: Store, person: Person) -> list[tuple[str, str, str]]:
    """One person for each role with a new password: (name, role, password). Raises Denied."""
    return [(name, role.name, _let_in(store, person, name, role)) for name, role in PEOPLE]


def _let_in(store: Store, person: Person, name: str, role: Role) -> str:
    """Made again at each start, for it is kept nowhere."""
    password = secrets.token_urlsafe(12)
    with store.begin() as session:
        if row := accounts.look_up(session, name):
            accounts.set_password(session, person, row, password)
        else:
            accounts.add(session, person, name, role, password=password)
    return password


def _bring(store: Store, person: Person, base_url: str, today: date, n: int) -> None:
    path = profiles_of(store.settings.home)
    found = content.configuration(base_url, KEY, path)
    people.write(path, n, today=today)
    try:
        plan = apply.prepare(store, found, {content.CONNECTION: KEY})
        apply.apply(store, person, plan)
        with store.begin() as session:
            samples.mark(session, NAMES)
    except BaseException:
        path.unlink()
        raise
    _count(store, person)


def _introduce(store: Store, person: Person) -> None:
    """The account and its lists by name; without an answer they stay unnamed until a run."""
    with store.begin() as session:
        row = connections.find(session, content.CONNECTION)
    with suppress(DestinationFailed):
        checks.check(store, person, row)
        names = {found.id: found.name for found in lists.lists(store, person, row)}
        with store.begin() as session:
            for name, _segment, list_id in content.EXPORTS:
                export = find(session, name)
                name_list(session, export.id, list_id, names.get(list_id, list_id))


def _count(store: Store, person: Person) -> None:
    """So that the pages show numbers from the first look on."""
    with store.begin() as session:
        row = sources.find(session, content.SOURCE)
    looks.read(store, person, row)
    members.recount(store, person, row)


def _follow(
    session: Session, store: Store, person: Person, row: ConnectionRow, base_url: str
) -> None:
    """The local Klaviyo may listen elsewhere than last time."""
    # Whoever made it a connection to the real Klaviyo keeps that: http is for this machine alone.
    if not row.base_url.startswith("http:"):
        return
    spec = connections.spec(session, row, KEY).model_copy(update={"base_url": base_url})
    sample = row.sample
    connections.change(session, store.vault, person, row, spec)
    row.sample = sample  # nobody has changed what it is


def _refuse_taken(session: Session) -> None:
    """Applying a configuration changes what has its names: never someone's own things."""
    taken = [name for name in content.RULES if look_up(session, SegmentRow, name)]
    taken += [name for name in _exports() if look_up(session, ExportRow, name)]
    if taken:
        raise Conflict(
            _(
                "The demo would change your “{name}”. Set SEGFERRY_HOME to another folder for the "
                "demo, or rename yours."
            ).format(name=taken[0])
        )


def _exports() -> tuple[str, ...]:
    return tuple(name for name, _segment, _list in content.EXPORTS)
