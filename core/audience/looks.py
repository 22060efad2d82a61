"""Looks into sources for a person: what is there, how many meet the rules, who they are."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from core import configuration, masks
from core.access import Action, Person, may
from core.audience import gather
from core.errors import Outside, SegferryError
from core.profiles import sources
from core.profiles.matching.examples import Held, held
from core.profiles.segments import checks, counts
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, Progress, Schema, Source
from core.profiles.sources.facts import Facts, facts
from core.settings import Settings
from core.store import Store, audit, preferences
from core.store import segments as segments_store
from core.store import sources as sources_store
from core.store.audit import Deed
from core.store.tables import SegmentRow, SourceRow

SAMPLE = 5  # rows
FORMULA = ["=", "+", "-", "@", "\t", "\n", "\r"]  # how a cell that spreadsheets run begins


@dataclass(frozen=True, slots=True)
class Found:
    """What a source holds: its fields, how many rows, the first of them, and how it was read."""

    schema: Schema
    rows: int
    sample: list[dict[str, Any]]
    facts: Facts


def look(
    store: Store,
    person: Person,
    spec: configuration.Source,
    row: SourceRow | None = None,
    progress: Progress | None = None,
) -> Found:
    """What is where the person says, before it is saved; `row` is the source that they edit.

    Raises Denied, SourceFailed; Outside, which the audit notes, for a path they may not name.
    """
    store.require(person, Action.manage_sources)
    confined = sources_store.confined(person, spec, row)
    try:
        return _found(gather.open_source(spec, store.settings, progress, confined=confined))
    except Outside as error:
        store.note_refusal(str(error), person)
        raise


def saved(store: Store, person: Person, row: SourceRow, sample: int = SAMPLE) -> Found:
    """What a saved source holds, its addresses masked for those who may not see them.

    Raises Denied, SourceFailed.
    """
    store.require(person, Action.look)
    found = _found(_source(store.settings, row), sample)
    if may(person, Action.see_addresses):
        return found
    told = replace(found.facts, sample=found.facts.sample.clear())
    return replace(found, sample=masks.masked(found.sample), facts=told)


def columns(store: Store, person: Person, row: SourceRow, names: Iterable[str]) -> dict[str, Held]:
    """What these columns of a saved source hold, as far as it still has them.

    Addresses are masked for those who may not see them. Raises Denied, SourceFailed.
    """
    store.require(person, Action.look)
    source = _source(store.settings, row)
    known = source.schema()
    with sources.translated(source):
        found = held(source.scan().to_native(), [name for name in names if name in known])
    if may(person, Action.see_addresses):
        return found
    return {n: replace(one, examples=tuple(masks.masked(one.examples))) for n, one in found.items()}


def read(store: Store, person: Person, row: SourceRow, progress: Progress | None = None) -> Found:
    """What a saved source holds now; recorded, as is a failure. Raises Denied, SourceFailed."""
    store.require(person, Action.manage_sources)
    try:
        found = _found(_source(store.settings, row, progress))
    except SegferryError as error:
        with store.begin() as session:
            sources_store.note_reading(session, row, problem=str(error))
        raise
    with store.begin() as session:
        sources_store.note_reading(session, row, found.schema, found.rows)
    return found


def count(
    store: Store, person: Person, row: SourceRow, rules: Mapping[str, Group]
) -> counts.Counts:
    """How many rows each set of rules lets through.

    Raises Denied, SourceFailed, Unknown, Invalid.
    """
    store.require(person, Action.manage_segments)
    source, today, zone = _opened(store, row)
    for name, group in rules.items():
        checks.check(group, source.schema(), name)
    return counts.counts(source, rules, today, zone)


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
    source, frame = _members(store, row, rules)
    with sources.translated(source):
        return frame.head(n).collect().to_dicts()


def members_csv(store: Store, person: Person, segment: SegmentRow) -> bytes:
    """All members as CSV, cells made harmless for spreadsheets. Raises Denied, SourceFailed."""
    store.require(person, Action.see_addresses)
    with store.begin() as session:
        row = sources_store.find(session, segment.source_id)
    source, frame = _members(store, row, Group.model_validate(segment.rules))
    with sources.translated(source):
        found = csv(frame.collect())
    with store.begin() as session:
        audit.record(session, person, Deed.downloaded, "members", segment.name)
    return found


def csv(frame: pl.DataFrame) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it; no cell can start a formula in one."""
    cells = frame.select(_as_text(name, kind) for name, kind in frame.schema.items())
    texts = [name for name, kind in cells.schema.items() if kind == pl.String]
    safe = cells.with_columns(_harmless(pl.col(name)).alias(name) for name in texts)
    file = io.BytesIO()
    safe.rename(_harmless_name).write_csv(file, include_bom=True)
    return file.getvalue()


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    """What can hold text, or has no form in CSV, as text; the rest as it is."""
    column = pl.col(name)
    if kind.is_nested():
        json = pl.struct(value=column).struct.json_encode()
        text = json.str.slice(len('{"value":')).str.head(-1)
        return pl.when(column.is_not_null()).then(text).alias(name)
    if isinstance(kind, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    if isinstance(kind, pl.Binary):
        return column.bin.encode("base64")
    return column.dt.to_string() if isinstance(kind, pl.Duration) else column


def _harmless(text: pl.Expr) -> pl.Expr:
    marked = pl.concat_str(pl.lit("'"), text)
    return pl.when(text.str.head(1).is_in(FORMULA)).then(marked).otherwise(text)


def _harmless_name(name: str) -> str:
    return f"'{name}" if name[:1] in FORMULA else name


def _members(store: Store, row: SourceRow, rules: Group) -> tuple[Source, pl.LazyFrame]:
    source, today, zone = _opened(store, row)
    schema = source.schema()
    checks.check(rules, schema, row.name)
    found = counts.members(source.scan(), {"": rules}, schema, today, zone)
    native: pl.LazyFrame = found.to_native()
    return source, native.drop(ROW)


def _opened(store: Store, row: SourceRow) -> tuple[Source, Any, str]:
    with store.begin() as session:
        zone = preferences.refresh(session).time_zone
    source = _source(store.settings, row)
    return source, datetime.now(UTC).astimezone(ZoneInfo(zone)).date(), zone


def _source(settings: Settings, row: SourceRow, progress: Progress | None = None) -> Source:
    spec = sources_store.spec(row)
    return gather.open_source(spec, settings, progress, confined=row.confined)


def _found(source: Source, sample: int = SAMPLE) -> Found:
    told = facts(source, sample)
    return Found(told.columns, told.rows, told.sample.to_dicts(), told)
