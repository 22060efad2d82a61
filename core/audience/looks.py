"""Looks into sources for a person: what is there, as far as they may see it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.access import Action, Person, may
from core.configuration import source as configured
from core.configuration.source import check_columns, open_source
from core.errors import Outside, SegferryError
from core.masking import Everyday, Masks, mask
from core.profiles import sources
from core.profiles.everyday import everyday
from core.profiles.freshness import Freshness, freshness
from core.profiles.joined.aggregates import Day
from core.profiles.matching.examples import Held, held
from core.profiles.sources import Progress, Schema, Source
from core.profiles.sources.conversion import Detected
from core.profiles.sources.facts import Facts, facts
from core.profiles.sources.sampled import sampled
from core.readers import by_reader
from core.store import Store, preferences
from core.store import sources as sources_store
from core.store.database import moment
from core.store.tables.data import SourceRow

SAMPLE = 5  # rows


@dataclass(frozen=True, slots=True)
class Found:
    """What a source holds: its fields, how many rows, the first of them, and how it was read.

    And how old it is.
    """

    schema: Schema
    rows: int
    sample: list[dict[str, Any]]
    facts: Facts
    freshness: Freshness


def look(
    store: Store,
    person: Person,
    spec: configured.Source,
    row: SourceRow | None = None,
    progress: Progress | None = None,
) -> Found:
    """What is where the person says, before it is saved; `row` is the source that they edit.

    Raises Denied, SourceFailed; Outside, which the audit notes, for a path they may not name.
    """
    check_reads(store, person, row, spec)
    confined = sources_store.confined(person, spec, row)
    spec = ready(store, spec, row.id if row else None)
    try:
        return _looked(store, spec, confined, progress)
    except Outside as error:
        store.note_refusal(str(error), person)
        raise


def check(
    store: Store, person: Person, spec: configured.Source, row: SourceRow | None = None
) -> Freshness | None:
    """How old its data is by a column, where all that the source says of its columns is true.

    Where it says nothing of any, it isn't read: None. Raises Unknown, Invalid where its key is no
    column, is empty or repeats, or where the column that says how old it is holds no dates.
    Raises Denied, SourceFailed.
    """
    check_reads(store, person, row, spec)
    if spec.key is None and spec.fresh_by is None and not spec.joins:
        return None
    confined = sources_store.confined(person, spec, row)
    return _checked(store, ready(store, spec, row.id if row else None), confined)


def check_reads(
    store: Store, person: Person, row: SourceRow | None, spec: configured.Source | None
) -> None:
    """As `core.store.sources.check_reads`, for what isn't saved: the audit notes a refusal."""
    store.require(person, Action.manage_sources)
    with store.begin():
        sources_store.check_reads(person, row, spec, store.settings)


def saved(store: Store, person: Person, row: SourceRow, sample: int = SAMPLE) -> Found:
    """What a saved source holds, its values masked for those who may not see them.

    Raises Denied, SourceFailed.
    """
    store.require(person, Action.look)
    found = _read(store, row, sample)
    if may(person, Action.see_addresses):
        return found
    seen = masks(store, row)
    without_rows = replace(
        found.facts, sample=found.facts.sample.clear(), detected=_masked(found.facts.detected, seen)
    )
    return replace(found, sample=[seen.row(one) for one in found.sample], facts=without_rows)


def masks(store: Store, row: SourceRow) -> Masks:
    """What those see of a source's values who may not see them all. Raises SourceFailed.

    A source that wasn't read since that is asked is looked at for it, and it is kept.
    """
    if row.everyday is None:
        found = _everyday(store, row)
        with store.begin() as session:
            row = sources_store.note_everyday(session, row.id, found)
    with store.begin() as session:
        return sources_store.masks(session, row)


def _masked(detected: Detected | None, seen: Masks) -> Detected | None:
    """With the cells and words masked that it shows."""
    if detected is None:
        return None
    return replace(
        detected,
        notes=tuple(note.masked(seen) for note in detected.notes),
        readings=tuple(mask(word) for word in detected.readings),
    )


def columns(store: Store, person: Person, row: SourceRow, names: Iterable[str]) -> dict[str, Held]:
    """What these columns of a saved source hold, as far as it still has them.

    Values are masked for those who may not see them. Raises Denied, SourceFailed.
    """
    store.require(person, Action.look)
    found = _held(store, row, list(names))
    if may(person, Action.see_addresses):
        return found
    seen = masks(store, row)
    return {n: replace(o, examples=tuple(seen.value(n, o.examples))) for n, o in found.items()}


def read(store: Store, person: Person, row: SourceRow, progress: Progress | None = None) -> Found:
    """What a saved source holds now; recorded, as is a failure. Raises Denied, SourceFailed."""
    store.require(person, Action.manage_sources)
    try:
        found = _read(store, row, progress=progress)
        seen = _everyday(store, row)
    except SegferryError as error:
        with store.begin() as session:
            sources_store.note_reading(session, row, problem=str(error))
        raise
    with store.begin() as session:
        known = found.schema, found.rows
        sources_store.note_reading(session, row, *known, everyday=seen, freshness=found.freshness)
    return found


def opened(store: Store, row: SourceRow, progress: Progress | None = None) -> Source:
    """A saved source, as it is confined. Raises SourceFailed, StorageFailed, Invalid."""
    spec = ready(store, sources_store.spec(row), row.id)
    return open_source(
        spec, store.settings, progress, confined=row.confined, day=day_of_rules(store)
    )


def day_of_rules(store: Store) -> Day:
    """From which the last days are counted back."""
    with store.begin() as session:
        return Day(*preferences.day_of_rules(session))


def ready(store: Store, spec: configured.Source, source_id: int | None) -> configured.Source:
    """A source that can be opened: see `core.store.sources.with_url`, which raises the same."""
    if not spec.joins and (not spec.is_database or spec.url is not None):
        return spec
    with store.begin() as session:
        return sources_store.with_url(session, store.vault, spec, source_id)


@by_reader
def _looked(
    store: Store, spec: configured.Source, confined: bool, progress: Progress | None
) -> Found:
    day = day_of_rules(store)
    source = open_source(spec, store.settings, progress, confined=confined, day=day)
    return _found(store, spec, source)


@by_reader
def _checked(store: Store, spec: configured.Source, confined: bool) -> Freshness:
    source = open_source(spec, store.settings, confined=confined, day=day_of_rules(store))
    check_columns(source, spec)
    return _freshness(store, spec, source)


@by_reader
def _read(
    store: Store, row: SourceRow, sample: int = SAMPLE, progress: Progress | None = None
) -> Found:
    source = opened(store, row, progress)
    return _found(store, sources_store.spec(row), source, sample)


@by_reader
def _everyday(store: Store, row: SourceRow) -> Everyday:
    return everyday(opened(store, row))


@by_reader
def _held(store: Store, row: SourceRow, names: list[str]) -> dict[str, Held]:
    source = opened(store, row)
    with sources.translated(source):
        frame, known = sampled(source, names)
        return held(frame.to_native(), [name for name in names if name in known])


def _found(store: Store, spec: configured.Source, source: Source, sample: int = SAMPLE) -> Found:
    known, fresh = facts(source, sample), _freshness(store, spec, source)
    return Found(known.columns, known.rows, known.sample.to_dicts(), known, fresh)


def _freshness(store: Store, spec: configured.Source, source: Source) -> Freshness:
    with store.begin() as session:
        now, zone = moment(session), preferences.refresh(session).time_zone
    return freshness(source, spec.fresh_by, now, zone)
