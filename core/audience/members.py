"""Who meets the rules of a segment: counts for a source, rows for a page, all of them as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl
from sqlmodel import Session

from core.access import Action, Person
from core.audience.looks import opened
from core.errors import Invalid
from core.profiles import sources
from core.profiles.segments import checks, counts
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, Source
from core.profiles.sources.misfits import explained
from core.readers import by_reader
from core.store import Store, addresses, preferences, segments_within
from core.store import segments as segments_store
from core.store import sources as sources_store
from core.store.downloads import Download, csv
from core.store.tables.data import SegmentRow, SourceRow


@dataclass(frozen=True, slots=True)
class Recounted:
    """A segment that was counted: its members now and before, or why it could not be."""

    id: int
    name: str
    members: int | None
    before: int | None
    problem: str | None = None


def count(
    store: Store, person: Person, row: SourceRow, rules: Mapping[str, Group]
) -> counts.Counts:
    """How many rows each set of rules lets through; they may name segments of the source.

    Raises Denied, SourceFailed, Unknown, Invalid.
    """
    store.require(person, Action.manage_segments)
    return _counted(store, row, resolved(store, row, rules))


def recount(store: Store, person: Person, row: SourceRow) -> list[Recounted]:
    """Counts every active segment of the source and records the numbers, or why not.

    One that doesn't fit the source any more stops no other. Raises Denied, SourceFailed.
    """
    store.require(person, Action.manage_segments)
    with store.begin() as session:
        every = segments_store.everything(session)
        rows = [segment for segment in every if segment.source_id == row.id and segment.active]
        rules = {segment.name: segments_within.whole(session, segment) for segment in rows}
    if not rows:
        return []
    counted, misfits = _recounted(store, row, addresses.all_ready(store, rules))
    with store.begin() as session:
        return [_noted(session, s, counted, misfits.get(s.name)) for s in rows]


def _noted(
    session: Session, row: SegmentRow, counted: counts.Counts, problem: str | None
) -> Recounted:
    before = row.members
    if problem is not None:
        segments_store.note_problem(session, row, problem)
        return Recounted(row.id, row.name, None, before, problem)
    members = counted.segments[row.name]
    segments_store.note_count(session, row, members, counted.rows)
    return Recounted(row.id, row.name, members, before)


def members(
    store: Store, person: Person, row: SourceRow, rules: Group, n: int
) -> list[dict[str, Any]]:
    """The first n rows that meet the rules, in the order of the source. Raises Denied."""
    store.require(person, Action.see_addresses)
    return _first(store, row, resolved(store, row, {"": rules})[""], n)


def members_csv(store: Store, person: Person, segment: SegmentRow) -> bytes:
    """All members as CSV, cells made harmless for spreadsheets. Raises Denied, SourceFailed."""

    def collected() -> pl.DataFrame:
        with store.begin() as session:
            row = sources_store.find(session, segment.source_id)
            rules = segments_within.whole(session, segment)
        return _all(store, row, addresses.ready(store, rules))

    return csv(store, person, Download.members, segment.name, collected)


def resolved(store: Store, row: SourceRow, rules: Mapping[str, Group]) -> dict[str, Group]:
    """The rules with all that they name, segments and addresses. Raises Unknown, Invalid."""
    with store.begin() as session:
        whole = {
            name: segments_within.resolved(session, group, row.id) for name, group in rules.items()
        }
    return addresses.all_ready(store, whole)


@by_reader
def _counted(store: Store, row: SourceRow, rules: Mapping[str, Group]) -> counts.Counts:
    source, today, zone = _opened(store, row)
    with explained(source):
        for name, group in rules.items():
            checks.check(group, source.schema(), name)
    return counts.counts(source, rules, today, zone)


@by_reader
def _recounted(
    store: Store, row: SourceRow, rules: Mapping[str, Group]
) -> tuple[counts.Counts, dict[str, str]]:
    """The counts of those that fit the source, and why the others don't."""
    source, today, zone = _opened(store, row)
    misfits: dict[str, str] = {}
    for name, group in rules.items():
        try:
            with explained(source):
                checks.check(group, source.schema(), name)
        except Invalid as error:
            misfits[name] = str(error)
    fitting = {name: group for name, group in rules.items() if name not in misfits}
    return counts.counts(source, fitting, today, zone), misfits


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
