"""Who meets the rules of a segment: counts for a source, rows for a page, all of them as CSV."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from core.access import Action, Person
from core.audience.looks import opened
from core.profiles import sources
from core.profiles.segments import checks, counts
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, Source
from core.profiles.sources.misfits import explained
from core.readers import by_reader
from core.store import Store, preferences
from core.store import segments as segments_store
from core.store import sources as sources_store
from core.store.downloads import Download, csv
from core.store.tables.data import SegmentRow, SourceRow


def count(
    store: Store, person: Person, row: SourceRow, rules: Mapping[str, Group]
) -> counts.Counts:
    """How many rows each set of rules lets through.

    Raises Denied, SourceFailed, Unknown, Invalid.
    """
    store.require(person, Action.manage_segments)
    return _counted(store, row, dict(rules))


def recount(store: Store, person: Person, row: SourceRow) -> None:
    """Counts every segment of the source and records the numbers. Raises Denied, SourceFailed."""
    store.require(person, Action.manage_segments)
    with store.begin() as session:
        rows = [s for s in segments_store.everything(session) if s.source_id == row.id]
    if not rows:
        return
    counted = count(store, person, row, {s.name: Group.model_validate(s.rules) for s in rows})
    with store.begin() as session:
        for segment in rows:
            members = counted.segments[segment.name]
            segments_store.note_count(session, segment, members, counted.rows)


def members(
    store: Store, person: Person, row: SourceRow, rules: Group, n: int
) -> list[dict[str, Any]]:
    """The first n rows that meet the rules, in the order of the source. Raises Denied."""
    store.require(person, Action.see_addresses)
    return _first(store, row, rules, n)


def members_csv(store: Store, person: Person, segment: SegmentRow) -> bytes:
    """All members as CSV, cells made harmless for spreadsheets. Raises Denied, SourceFailed."""

    def collected() -> pl.DataFrame:
        with store.begin() as session:
            row = sources_store.find(session, segment.source_id)
        return _all(store, row, Group.model_validate(segment.rules))

    return csv(store, person, Download.members, segment.name, collected)


@by_reader
def _counted(store: Store, row: SourceRow, rules: Mapping[str, Group]) -> counts.Counts:
    source, today, zone = _opened(store, row)
    with explained(source):
        for name, group in rules.items():
            checks.check(group, source.schema(), name)
    return counts.counts(source, rules, today, zone)


@by_reader
def _first(store: Store, row: SourceRow, rules: Group, n: int) -> list[dict[str, Any]]:
    source, frame = _members(store, row, rules)
    with sources.translated(source):
        return source.fetched(frame.head(n)).drop(ROW).collect().to_dicts()


@by_reader
def _all(store: Store, row: SourceRow, rules: Group) -> pl.DataFrame:
    source, frame = _members(store, row, rules)
    with sources.translated(source):
        return source.fetched(frame).drop(ROW).collect()


def _members(store: Store, row: SourceRow, rules: Group) -> tuple[Source, nw.LazyFrame[Any]]:
    source, today, zone = _opened(store, row)
    schema = source.schema()
    checks.check(rules, schema, row.name)
    return source, counts.members(source.scan(), {"": rules}, schema, today, zone)


def _opened(store: Store, row: SourceRow) -> tuple[Source, date, str]:
    with store.begin() as session:
        today, zone = preferences.day_of_rules(session)
    return opened(store, row), today, zone
