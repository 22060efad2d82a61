"""Makes the configuration match a file: all of it in one transaction, or nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from sqlmodel import Session

from core.access import Action, Person
from core.configuration import Configuration
from core.configuration.address_list import addresses_in
from core.configuration.connection import Connection
from core.configuration.export import Export
from core.configuration.segment import in_order
from core.configuration.source import Source, check_columns, open_source, url_key
from core.configuration.source import in_order as in_order_joined
from core.configuration.values import reference
from core.errors import Conflict, Invalid, SourceFailed
from core.profiles import sources as profiles
from core.profiles.given_addresses import Given
from core.profiles.joined.aggregates import Day
from core.profiles.sources import Progress, Schema
from core.profiles.sources.misfits import explained
from core.store import (
    Store,
    address_lists,
    addresses,
    alert_file,
    connections,
    exports,
    joined,
    look_up,
    lost_columns,
    preferences,
    segments,
    segments_within,
    sources,
)
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import AddressListRow, SegmentRow, SourceRow
from core.store.tables.exports import ExportRow

What = Literal["created", "changed", "unchanged", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of the configuration, and what applying the file did to it."""

    section: str
    name: str
    what: What


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked file, its secrets, and the fields of its sources as they are now."""

    configuration: Configuration
    keys: Mapping[str, str]  # secrets, as `file.read` names them
    schemas: Mapping[str, Schema]
    sources: Mapping[str, profiles.Source] = field(default_factory=dict)  # as they were opened
    given: Mapping[str, Given] = field(default_factory=dict)  # of address lists with a file
    contents: Mapping[str, addresses.Content] = field(default_factory=dict)  # what is kept of them


class _DryRun(Exception):
    """Rolls the transaction back after everything was tried."""


def prepare(
    store: Store, found: Configuration, keys: Mapping[str, str], progress: Progress | None = None
) -> Plan:
    """Reads the fields of each source in the file, wherever its files are, and address lists.

    Raises Invalid for one that can't be read.
    """
    specs = {spec.name: _with_url(spec, keys) for spec in found.sources or ()}
    opened = {
        spec.name: _opened(store, specs[spec.name], specs, progress)
        for spec in in_order_joined(found.sources or ())
    }
    lists = [spec for spec in found.address_lists or () if spec.path]
    given = {spec.name: _given(store, spec.name, spec.path or "") for spec in lists}
    return Plan(
        found,
        keys,
        {name: schema for name, (_one, schema) in opened.items()},
        {name: source for name, (source, _schema) in opened.items()},
        given,
        {name: addresses.content(store, one.addresses) for name, one in given.items()},
    )


def apply(
    store: Store, person: Person, plan: Plan, *, dry_run: bool = False, prune: bool = False
) -> list[Change]:
    """Makes the configuration match the file; `prune` removes what its sections don't name.

    Raises Denied, Unknown; Invalid also when something to remove is in use.
    """
    store.require(person, Action.configure)
    changes: list[Change] = []
    try:
        with store.applying(), store.begin() as session:
            gone = _dropped(session, plan)
            changes += _put(session, store, person, plan)
            if prune:
                changes += _pruned(session, person, plan.configuration)
            _refuse_dropped(session, gone)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return changes


def _dropped(session: Session, plan: Plan) -> dict[str, set[str]]:
    """By source: the columns that it loses by the file."""
    specs = {spec.name: _with_url(spec, plan.keys) for spec in plan.configuration.sources or ()}
    rows = {name: look_up(session, SourceRow, name) for name in specs}
    return {
        name: lost_columns.dropped(row, specs[name], plan.schemas[name])
        for name, row in rows.items()
        if row is not None
    }


def _refuse_dropped(session: Session, gone: Mapping[str, set[str]]) -> None:
    """Raises Invalid where a column is in use by what there is now."""
    for name, columns in gone.items():
        with _about("sources", name), _as_invalid():
            lost_columns.refuse_dropped(session, sources.find(session, name), columns)


def _with_url(spec: Source, keys: Mapping[str, str]) -> Source:
    """A database with its URL itself."""
    if not spec.is_database:
        return spec
    return spec.model_copy(update={"url": keys[url_key(spec.name)]})


def _opened(
    store: Store, spec: Source, given: Mapping[str, Source], progress: Progress | None
) -> tuple[profiles.Source, Schema]:
    """A file that names a source that isn't there is a wrong file."""
    try:
        with store.begin() as session:
            day = Day(*preferences.day_of_rules(session))
            whole = joined.whole(session, spec, given=given)
            ready = sources.with_url(session, store.vault, whole, None)
        source = open_source(ready, store.settings, progress, confined=False, day=day)
        check_columns(source, spec)
        return source, source.schema()
    except (SourceFailed, Invalid) as error:
        raise Invalid(f"sources “{spec.name}”: {error}") from error


def _given(store: Store, name: str, path: str) -> Given:
    try:
        return addresses_in(path, store.settings, confined=False)
    except (SourceFailed, Invalid) as error:
        raise Invalid(f"address_lists “{name}”: {error}") from error


def _put(session: Session, store: Store, person: Person, plan: Plan) -> list[Change]:
    """In the order in which things need each other."""
    found, changes = plan.configuration, []
    if found.refresh:
        changed = preferences.change_refresh(session, person, found.refresh)
        changes.append(Change("refresh", "", _what(changed)))
    defaults = _put_defaults(session, person, found)
    for connection in found.connections or ():
        key = plan.keys[connection.name]
        changes.append(_put_connection(session, store, person, connection, key))
    put = partial(_put_thing, session, person)
    for source in in_order_joined(found.sources or ()):
        schema, spec = plan.schemas[source.name], _with_url(source, plan.keys)
        locks = (store.vault, reference(source.url or "")) if source.is_database else ()
        changes.append(put("sources", sources, SourceRow, spec, schema, *locks))
    for one in found.address_lists or ():
        content = plan.contents.get(one.name)
        changes.append(
            put("address_lists", address_lists, AddressListRow, one, store.vault, content)
        )
    for segment in in_order(found.segments or ()):
        with explained(plan.sources.get(segment.source)):
            changes.append(put("segments", segments, SegmentRow, segment))
    read = {segment.name: plan.sources.get(segment.source) for segment in found.segments or ()}
    for export in found.exports or ():
        with explained(next(map(read.get, export.segments), None)):
            changes.append(put("exports", exports, ExportRow, _guarded(session, export)))
    if found.alerts:
        put_alerts = alert_file.put(session, store, person, found.alerts, plan.keys)
        changes += [Change("alerts", name, what) for name, what in put_alerts]
    return changes + defaults


def _put_defaults(session: Session, person: Person, found: Configuration) -> list[Change]:
    changes = []
    if found.guards:
        changed = preferences.change_defaults(session, person, chosen=found.guards)
        changes.append(Change("guards", "", _what(changed)))
    if found.retention:
        changed = preferences.change_defaults(session, person, kept=found.retention)
        changes.append(Change("retention", "", _what(changed)))
    return changes


def _guarded(session: Session, export: Export) -> Export:
    """What the file leaves out of an export's guards is as the installation has it."""
    named = export.guards.model_dump(include=export.guards.model_fields_set)
    return export.model_copy(
        update={"guards": preferences.guards(session).model_copy(update=named)}
    )


def _put_connection(
    session: Session, store: Store, person: Person, spec: Connection, key: str
) -> Change:
    variable = reference(spec.api_key)
    row = look_up(session, ConnectionRow, spec.name)
    if row is None:
        connections.add(session, store.vault, person, spec, key=key, reference=variable)
        return Change("connections", spec.name, "created")
    changed = connections.change(
        session, store.vault, person, row, spec, key=key, reference=variable
    )
    return Change("connections", spec.name, _what(changed))


def _put_thing(
    session: Session, person: Person, section: str, room: Any, table: Any, spec: Any, *more: Any
) -> Change:
    """Adds or changes what the room of the store keeps in the table."""
    with _about(section, spec.name):
        row = look_up(session, table, spec.name)
        if row is None:
            room.add(session, person, spec, *more)
            return Change(section, spec.name, "created")
        changed = room.change(session, person, row, spec, *more)
        return Change(section, spec.name, _what(changed))


def _pruned(session: Session, person: Person, found: Configuration) -> list[Change]:
    with _as_invalid():
        return _prune(session, person, found)


def _prune(session: Session, person: Person, found: Configuration) -> list[Change]:
    """Users before what they use."""
    gone = alert_file.prune(session, person, found.alerts)
    changes = [Change("alerts", name, what) for name, what in gone]
    for row in _unnamed(exports.everything(session), found.exports):
        exports.remove(session, person, row)
        changes.append(Change("exports", row.name, "removed"))
    unnamed = _unnamed(segments.everything(session), found.segments)
    for segment in segments_within.outermost_first(unnamed):
        segments.remove(session, person, segment)
        changes.append(Change("segments", segment.name, "removed"))
    for unused in _unnamed(address_lists.everything(session), found.address_lists):
        address_lists.remove(session, person, unused)
        changes.append(Change("address_lists", unused.name, "removed"))
    unneeded = _unnamed(sources.everything(session), found.sources)
    for source in reversed(joined.joined_first(unneeded)):
        sources.remove(session, person, source)
        changes.append(Change("sources", source.name, "removed"))
    for connection in _unnamed(connections.everything(session), found.connections):
        detached = connections.remove(session, person, connection)
        changes.append(Change("connections", connection.name, "removed"))
        changes += [Change("exports", name, "changed") for name in detached]
    return changes


def _unnamed(rows: list[Any], named: tuple[Any, ...] | None) -> list[Any]:
    """The rows that the section leaves out; a section that isn't there says nothing."""
    if named is None:
        return []
    kept = {spec.name for spec in named}
    return [row for row in rows if row.name not in kept]


def _what(changed: bool) -> What:
    return "changed" if changed else "unchanged"


@contextmanager
def _as_invalid() -> Iterator[None]:
    """A file that leaves out what is needed is a wrong file."""
    try:
        yield
    except Conflict as error:
        raise Invalid(str(error)) from error


@contextmanager
def _about(section: str, name: str) -> Iterator[None]:
    """Says which thing of the file is at fault, unless the sentence does."""
    try:
        yield
    except Invalid as error:
        if name not in str(error):
            error.args = (f"{section} “{name}”: {error}",)
        raise
