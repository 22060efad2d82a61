"""Where each list comes from: sources, segments, exports, lists, and what hangs on what is out."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from core.access import Action, Person
from core.runs.history import size_after
from core.store import (
    Store,
    address_lists,
    connections,
    export_segments,
    exports,
    joined,
    runs,
    segments,
    segments_within,
    sources,
)
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.store.tables.data import AddressListRow, SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus


class Kind(StrEnum):
    """What a thing is; see COLUMNS for the order in which people pass.

    A source may also lead to another one, which has fields that are made of it, and a segment to
    one that is made from it. Address lists lead to the segments that name them.
    """

    source = "source"
    segment = "segment"
    export = "export"
    list = "list"
    addresses = "addresses"


COLUMNS = (Kind.source, Kind.segment, Kind.export, Kind.list)  # each leads to the next


class Trouble(StrEnum):
    """What is wrong with a thing itself, so that what hangs on it isn't brought up to date."""

    unreadable = "unreadable"  # a source whose last reading failed
    inactive = "inactive"  # a segment that is switched off: runs with it are held
    disconnected = "disconnected"  # an export through a connection that doesn't work
    detached = "detached"  # an export without a connection
    failed = "failed"  # an export whose last run failed
    held = "held"  # an export whose last run waits for a person
    paused = "paused"  # an export that its schedule doesn't run


BROKEN = frozenset({ConnectionState.broken, ConnectionState.reconnect})
OF_RUN = {RunStatus.failed: Trouble.failed, RunStatus.held: Trouble.held}


@dataclass(frozen=True, slots=True)
class Thing:
    """A source, a segment, an export, a list or an address list.

    `size` counts its rows, members, profiles or addresses, None where unknown; `at` is when it was
    read, counted or run last. `because` are the keys of the things with trouble that it hangs on.
    """

    kind: Kind
    id: int  # of a list that of the first of its exports, for it has none of its own
    name: str
    key: str  # such as source-3; of a list list-2-Y6nRLr, with the id of its connection
    size: int | None = None
    at: datetime | None = None
    connection: str | None = None  # of an export and of a list, its name
    connection_id: int | None = None
    trouble: Trouble | None = None
    because: tuple[str, ...] = ()

    @property
    def column(self) -> Kind:
        """Where it stands: address lists beside sources."""
        return Kind.source if self.kind is Kind.addresses else self.kind

    @property
    def affected(self) -> bool:
        """Whether it has trouble itself, or hangs on something that has."""
        return bool(self.trouble or self.because)


@dataclass(frozen=True, slots=True)
class Link:
    """One thing leads to another; `excluded`: the export leaves the segment's members out."""

    start: str
    end: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Lineage:
    """Things, by kind and name, and the links between them."""

    things: tuple[Thing, ...] = ()
    links: tuple[Link, ...] = ()
    broken: tuple[str, ...] = ()  # names of the connections that don't work

    def of(self, kind: Kind) -> list[Thing]:
        """The things of a kind."""
        return [one for one in self.things if one.kind is kind]

    def column(self, kind: Kind) -> list[Thing]:
        """The things that stand in a column."""
        return [one for one in self.things if one.column is kind]

    def only(self, keys: Collection[str]) -> "Lineage":
        """These things, and the links between them."""
        things = tuple(one for one in self.things if one.key in keys)
        links = tuple(one for one in self.links if {one.start, one.end} <= set(keys))
        return replace(self, things=things, links=links)

    def through(self, keys: Collection[str]) -> "Lineage":
        """These things, all that hangs on them, and all that they hang on."""
        found = _reached(keys, _next(self.links)) | _reached(keys, _next(self.links, back=True))
        return self.only(found | set(keys))

    def affected(self) -> "Lineage":
        """What has trouble, or hangs on something that has."""
        return self.only([one.key for one in self.things if one.affected])

    def below(self, keys: Collection[str]) -> list[Thing]:
        """All that hangs on these things, without themselves."""
        found = _reached(keys, _next(self.links)) - set(keys)
        return [one for one in self.things if one.key in found]


@dataclass(slots=True)
class _Found:
    things: list[Thing] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def read(store: Store, person: Person) -> Lineage:
    """Everything, in one transaction. Raises Denied, StorageFailed."""
    store.require(person, Action.look)
    found = _Found()
    with store.begin() as session:
        accounts = {row.id: row for row in connections.everything(session)}
        _sources(session, found)
        _segments(session, found)
        _exports(session, found, accounts)
    broken = [row.name for row in accounts.values() if row.state in BROKEN]
    return _with_causes(Lineage(tuple(found.things), tuple(found.links), tuple(broken)))


def _sources(session: Session, found: _Found) -> None:
    rows = sources.everything(session)
    found.things += [_source(row) for row in rows]
    keys = {row.name: f"source-{row.id}" for row in rows}
    for row in rows:
        joined_names = sorted(joined.names(row) & keys.keys())
        found.links += [Link(keys[name], keys[row.name]) for name in joined_names]


def _segments(session: Session, found: _Found) -> None:
    rows, lists = segments.everything(session), address_lists.everything(session)
    found.things += [*map(_segment, rows), *map(_addresses, lists)]
    found.links += [Link(f"source-{row.source_id}", f"segment-{row.id}") for row in rows]
    for inner, users in segments_within.users(rows).items():
        found.links += [Link(f"segment-{inner}", f"segment-{user}") for user in users]
    by_list = address_lists.users(rows)
    found.links += [
        Link(f"addresses-{row.id}", f"segment-{user}")
        for row in lists
        for user in by_list.get(row.name, ())
    ]


def _exports(session: Session, found: _Found, accounts: dict[int, ConnectionRow]) -> None:
    latest = runs.latest(session)
    lists: dict[str, Thing] = {}
    for row in exports.everything(session):
        connection = accounts.get(row.connection_id or 0)
        parts = latest.get(row.id, [])
        found.things.append(_export(row, connection, parts))
        target = _list(row, connection, parts)
        lists[target.key] = _newer(lists.get(target.key), target)
        found.links.append(Link(f"export-{row.id}", target.key))
    found.things += sorted(lists.values(), key=lambda one: one.name.casefold())
    found.links += [
        Link(f"segment-{one.segment_id}", f"export-{one.export_id}", one.excluded)
        for one in export_segments.uses(session)
    ]


def _source(row: SourceRow) -> Thing:
    trouble = Trouble.unreadable if row.problem else None
    key = f"source-{row.id}"
    return Thing(Kind.source, row.id, row.name, key, row.rows, row.read_at, trouble=trouble)


def _segment(row: SegmentRow) -> Thing:
    trouble = None if row.active else Trouble.inactive
    key = f"segment-{row.id}"
    return Thing(Kind.segment, row.id, row.name, key, row.members, row.counted_at, trouble=trouble)


def _addresses(row: AddressListRow) -> Thing:
    return Thing(Kind.addresses, row.id, row.name, f"addresses-{row.id}", row.addresses)


def _export(row: ExportRow, connection: ConnectionRow | None, parts: list[Run]) -> Thing:
    return Thing(
        Kind.export,
        row.id,
        row.name,
        f"export-{row.id}",
        sum(part.valid for part in parts) if parts else None,
        parts[0].created_at if parts else None,
        connection.name if connection else None,
        row.connection_id,
        _trouble(row, connection, parts),
    )


def _trouble(row: ExportRow, connection: ConnectionRow | None, parts: list[Run]) -> Trouble | None:
    if connection is None:
        return Trouble.detached
    if connection.state in BROKEN:
        return Trouble.disconnected
    if parts and (found := OF_RUN.get(RunStatus(runs.standing_for(parts).status))):
        return found
    return Trouble.paused if exports.paused(row) else None


def _list(row: ExportRow, connection: ConnectionRow | None, parts: list[Run]) -> Thing:
    sizes = [size for part in parts if (size := size_after(part)) is not None]
    return Thing(
        Kind.list,
        row.id,
        row.list_name or row.list_id,
        f"list-{row.connection_id or 0}-{row.list_id}",
        sizes[-1] if sizes else None,
        parts[-1].created_at if sizes else None,
        connection.name if connection else None,
        row.connection_id,
    )


def _newer(known: Thing | None, found: Thing) -> Thing:
    """A list as the run that counted it last says; it keeps the id of its first export."""
    if known is None:
        return found
    newer = found.at is not None and (known.at is None or found.at > known.at)
    return replace(found, id=known.id) if newer else known


def _with_causes(lineage: Lineage) -> Lineage:
    forward = _next(lineage.links)
    causes: dict[str, list[str]] = {}
    for one in lineage.things:
        if one.trouble:
            for key in _reached([one.key], forward) - {one.key}:
                causes.setdefault(key, []).append(one.key)
    things = (replace(one, because=tuple(causes.get(one.key, ()))) for one in lineage.things)
    return replace(lineage, things=tuple(things))


def _next(links: Iterable[Link], back: bool = False) -> Callable[[str], list[str]]:
    """What follows a thing at once, or with `back` what it hangs on at once."""
    found: dict[str, list[str]] = {}
    for one in links:
        start, end = (one.end, one.start) if back else (one.start, one.end)
        found.setdefault(start, []).append(end)
    return lambda key: found.get(key, [])


def _reached(keys: Iterable[str], following: Callable[[str], list[str]]) -> set[str]:
    """The keys, and all that can be reached from them."""
    found, left = set(keys), list(keys)
    while left:
        new = set(following(left.pop())) - found
        found |= new
        left += new
    return found
