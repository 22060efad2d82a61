"""Adds and changes what a configuration file names."""

from functools import partial
from typing import Any

from sqlmodel import Session

from core.access import Person
from core.configuration.configuration import Configuration
from core.configuration.connection import Connection
from core.configuration.export import Export
from core.configuration.segment import in_order
from core.configuration.source import in_order as in_order_joined
from core.configuration.values import reference
from core.profiles.sources.misfits import explained
from core.store import (
    Store,
    address_lists,
    alert_file,
    connections,
    exports,
    look_up,
    preferences,
    segments,
    sources,
)
from core.store.applied import Change, about, what
from core.store.apply_plan import Plan, with_url
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import AddressListRow, SegmentRow, SourceRow
from core.store.tables.exports import ExportRow


def put(session: Session, store: Store, person: Person, plan: Plan) -> list[Change]:
    """In the order in which things need each other."""
    found, changes = plan.configuration, []
    if found.refresh:
        changed = preferences.change_refresh(session, person, found.refresh)
        changes.append(Change("refresh", "", what(changed)))
    defaults = _put_defaults(session, person, found)
    for connection in found.connections or ():
        key = plan.keys[connection.name]
        changes.append(_put_connection(session, store, person, connection, key))
    put_thing = partial(_put_thing, session, person)
    for source in in_order_joined(found.sources or ()):
        schema, spec = plan.schemas[source.name], with_url(source, plan.keys)
        locks = (store.vault, reference(source.url or "")) if source.is_database else ()
        changes.append(put_thing("sources", sources, SourceRow, spec, schema, *locks))
    for one in found.address_lists or ():
        content = plan.contents.get(one.name)
        changes.append(
            put_thing("address_lists", address_lists, AddressListRow, one, store.vault, content)
        )
    for segment in in_order(found.segments or ()):
        with explained(plan.sources.get(segment.source)):
            changes.append(put_thing("segments", segments, SegmentRow, segment))
    read = {segment.name: plan.sources.get(segment.source) for segment in found.segments or ()}
    for export in found.exports or ():
        with explained(next(map(read.get, export.segments), None)):
            changes.append(put_thing("exports", exports, ExportRow, _guarded(session, export)))
    if found.alerts:
        put_alerts = alert_file.put(session, store, person, found.alerts, plan.keys)
        changes += [Change("alerts", name, done) for name, done in put_alerts]
    return changes + defaults


def _put_defaults(session: Session, person: Person, found: Configuration) -> list[Change]:
    changes = []
    if found.guards:
        changed = preferences.change_defaults(session, person, chosen=found.guards)
        changes.append(Change("guards", "", what(changed)))
    if found.retention:
        changed = preferences.change_defaults(session, person, kept=found.retention)
        changes.append(Change("retention", "", what(changed)))
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
    return Change("connections", spec.name, what(changed))


def _put_thing(
    session: Session, person: Person, section: str, room: Any, table: Any, spec: Any, *more: Any
) -> Change:
    """Adds or changes what the room of the store keeps in the table."""
    with about(section, spec.name):
        row = look_up(session, table, spec.name)
        if row is None:
            room.add(session, person, spec, *more)
            return Change(section, spec.name, "created")
        changed = room.change(session, person, row, spec, *more)
        return Change(section, spec.name, what(changed))
