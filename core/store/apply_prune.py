"""Removes what a configuration file doesn't name."""

from typing import Any

from sqlmodel import Session

from core.access import Person
from core.configuration.configuration import Configuration
from core.store import (
    address_lists,
    alert_file,
    connections,
    exports,
    joined,
    segments,
    segments_within,
    sources,
)
from core.store.applied import Change, as_invalid


def pruned(session: Session, person: Person, found: Configuration) -> list[Change]:
    """What its sections leave out; a section that isn't there removes nothing. Raises Invalid."""
    with as_invalid():
        return _prune(session, person, found)


def _prune(session: Session, person: Person, found: Configuration) -> list[Change]:
    """Users before what they use."""
    gone = alert_file.prune(session, person, found.alerts)
    changes = [Change("alerts", name, done) for name, done in gone]
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
