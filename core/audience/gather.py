"""The people an export is for: its source opened, its segments counted, its matching applied."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core.audience import rows
from core.columns import column
from core.configuration.order import Order
from core.configuration.source import open_source, standing_of, state_of
from core.errors import Invalid, Unknown
from core.profiles import sources
from core.profiles.freshness import Freshness, freshness
from core.profiles.joined.aggregates import Day
from core.profiles.matching import fields
from core.profiles.matching.emails import as_sent
from core.profiles.matching.exclusions import addresses, left_out
from core.profiles.matching.matching import Matching
from core.profiles.matching.reasons import REASONS, Reason
from core.profiles.segments import checks
from core.profiles.segments import counts as segment_counts
from core.profiles.sources import (
    LEFT_OUT,
    POLARS,
    ROW,
    SEGMENTS,
    Kind,
    Progress,
    Schema,
    engine_of,
    translated,
    written,
)
from core.profiles.sources.databases.order import settled
from core.profiles.sources.dbt.standing import Standing
from core.profiles.sources.misfits import explained
from core.profiles.sources.notes import OF_TEXT, Note, Noted
from core.profiles.summary import Summary
from core.settings import Settings
from core.texts import _


@dataclass(frozen=True, slots=True)
class Audience:
    """The rows in any of the segments, not read yet, and how they become profiles."""

    source: sources.Source
    frame: pl.LazyFrame
    matching: Matching
    counts: segment_counts.Counts  # of each segment
    notes: tuple[Note, ...] = ()  # what reading changed in the columns that the export uses
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # of columns sent with their own type
    summary: Summary | None = None  # of the source, where it was counted
    freshness: Freshness | None = None  # up to when the source's data goes
    dbt: Standing | None = None  # what dbt said last of the model that the source is

    def in_frame(self, frame: pl.LazyFrame) -> "Audience":
        """The same people in a frame that says who is left out."""
        matching = replace(self.matching, schema=frame.collect_schema())
        return replace(self, frame=frame, matching=matching)


def source_state(order: Order, settings: Settings) -> Hashable:
    """What the order's source is at this moment; nothing of it is read. Raises SourceFailed."""
    return state_of(order.source, settings, order.confined)


def gather(
    order: Order,
    settings: Settings,
    now: datetime,
    progress: Progress | None = None,
    *,
    summarises: bool = False,
    numbers_segments: bool = False,
) -> Audience:
    """Opens the source, checks that it still has every field, and counts the segments.

    With `summarises` also what the source looks like is counted; with `numbers_segments` the rows
    of an export that has several say in which of them they are: SEGMENTS.
    Raises SourceFailed, Unknown or Invalid when a field that the export needs is missing.
    """
    day = Day(now.astimezone(ZoneInfo(order.time_zone)).date(), order.time_zone)
    source = open_source(order.source, settings, progress, confined=order.confined, day=day)
    fresh = freshness(source, order.source.fresh_by, now, order.time_zone)
    found = _gathered(order, source, now, summarises=summarises, numbers_segments=numbers_segments)
    dbt = standing_of(order.source, settings, confined=order.confined)
    summary = replace(found.summary, freshness=fresh, dbt=dbt) if found.summary else None
    return replace(found, freshness=fresh, dbt=dbt, summary=summary)


def _gathered(
    order: Order,
    source: sources.Source,
    now: datetime,
    *,
    summarises: bool,
    numbers_segments: bool,
) -> Audience:
    schema = source.schema()
    try:
        _fits(order, source, schema)
    except Unknown:
        raise
    except Invalid:
        if not _is_empty(source):
            raise
        return _nobody(order, source, schema)
    today = now.astimezone(ZoneInfo(order.time_zone)).date()
    when = schema, today, order.time_zone
    every = source.scan(_exact(order))
    if order.exclude:  # of everybody, for rules may take the first of all
        every = segment_counts.marked(every, LEFT_OUT, order.exclude, *when)
    summed = [*_looked_at(order), *_sent(order)] if summarises else None
    read = rows.read(order, source, every, today, _needed(order), summed)
    frame = read.frame if numbers_segments else read.frame.drop(SEGMENTS, strict=False)
    found = _audience(order, source, schema, frame, read.counts)
    if order.exclude:
        others = segment_counts.members(source.scan(_exact(order)), order.exclude, *when)
        excluded = source.fetched(others, [order.export.match.email])
        found = _without_excluded(found, excluded)
    return replace(found, summary=read.summary)


def _looked_at(order: Order) -> list[str]:
    """The columns that rules look at."""
    rules = (*order.segments.values(), *order.exclude.values())
    return [name for group in rules for name in group.fields()]


def _needed(order: Order) -> list[str]:
    """The columns that matching needs of a row."""
    return [*_sent(order), *([order.source.key] if order.source.key else [])]


def _sent(order: Order) -> list[str]:
    return list(fields.columns(order.export.match, order.export.phone_region))


def _is_empty(source: sources.Source) -> bool:
    with translated(source):
        return not source.small(source.scan().select(nw.len())).item()


def _nobody(order: Order, source: sources.Source, schema: Schema) -> Audience:
    """The audience of a source without rows, whose columns can't show what they hold."""
    numbers = _numbers(order)
    types = {name: pl.Float64 if name in numbers else pl.String for name in schema}
    frame = pl.LazyFrame(schema={ROW: pl.Int64, **types})
    none = segment_counts.Counts(dict.fromkeys(order.segments, 0), members=0, rows=0)
    found = _audience(order, source, schema, frame, none)
    return replace(found, summary=Summary(0, {}))


def people(order: Order, audience: Audience) -> pl.Series:
    """The different addresses of the rows, or the one that the order is about: email.

    Not those of people who were erased.
    """
    frame = audience.frame
    if LEFT_OUT in audience.matching.schema:
        frame = frame.filter(pl.col(LEFT_OUT).ne_missing(pl.lit(Reason.erased, REASONS)))
    every = addresses(frame, audience.matching)
    if order.only_email is not None:
        every = every.filter(email=as_sent(order.only_email))
    with translated(audience.source):
        return every.sort("email").collect(engine="streaming")["email"]


def without(audience: Audience, people: pl.Series, reason: Reason) -> Audience:
    """The audience with these people (emails) left out for a reason."""
    emails = people.unique().to_frame("email").lazy()
    frame = left_out(audience.frame, audience.matching, emails, reason)
    return audience.in_frame(frame)


def _audience(
    order: Order,
    source: sources.Source,
    schema: Schema,
    frame: pl.LazyFrame,
    counts: segment_counts.Counts,
) -> Audience:
    """Raises Unknown, Invalid where the matching doesn't fit the rows."""
    export, layout = order.export, order.capabilities.layout
    unknown = [name for name in _numbers(order) if schema[name] is Kind.nothing]
    frame = frame.with_columns(column(name).cast(pl.Float64) for name in unknown)
    match = fields.replaced(export.match, _written(order, frame))
    key = _key(order, frame)
    matching = Matching.of(frame, match, export.phone_region, layout, export.clear, key)
    matching = replace(matching, whole=frozenset(source.whole()))
    if engine_of(schema) != POLARS:
        with translated(source):
            frame = settled(frame, matching.email(), [key] if key else _sent(order))
    notes, kinds = _notes(order, source, schema), _kinds(order, schema)
    return Audience(source, frame, matching, counts, notes, kinds)


def _numbers(order: Order) -> frozenset[str]:
    """The columns of which numbers are wanted."""
    targets = fields.targets(order.export.match)
    return frozenset(target.column for target in targets if target.use is fields.Use.number)


def _kinds(order: Order, schema: Schema) -> dict[str, Kind]:
    """What the columns hold whose values are sent with their own type, those aside without any."""
    typed = {t.column for t in fields.targets(order.export.match) if t.use is fields.Use.value}
    return {name: schema[name] for name in sorted(typed) if schema[name] is not Kind.nothing}


def _exact(order: Order) -> frozenset[str]:
    """The columns of ids and phone numbers, which are read as they are written."""
    targets = fields.targets(order.export.match)
    key = {order.source.key} if order.source.key else set()
    return frozenset(target.column for target in targets if target.exact) | key


def _key(order: Order, frame: pl.LazyFrame) -> str | None:
    """The column of the source's key, or the one with its text."""
    key = order.source.key
    return None if key is None else written(key, frame.collect_schema())


def _written(order: Order, frame: pl.LazyFrame) -> dict[str, str]:
    """Of the attributes that are ids or phone numbers: the column that holds what is written."""
    schema, targets = frame.collect_schema(), fields.targets(order.export.match)
    return {target.name: written(target.column, schema) for target in targets if target.exact}


def _notes(order: Order, source: sources.Source, schema: Schema) -> tuple[Note, ...]:
    """On the columns that are sent or that rules look at; of one person alone nothing is told.

    What became of a column's values doesn't matter where only its text is sent, but for numbers in
    place of texts: a program may have taken the zeros at their beginning. A database sends no text
    beside a value.
    """
    if order.only_email is not None:
        return ()
    numbers = {name for name in _exact(order) if schema.get(name) is Kind.number}
    export = order.export
    values = {t.column for t in fields.targets(export.match) if not t.exact}
    values |= set(_looked_at(order))
    used = values.union(_sent(order))
    if engine_of(schema) != POLARS:
        values = used
    columns: dict[StrEnum, set[str]] = dict.fromkeys(OF_TEXT, used)
    columns[Noted.changed_column] = values | numbers
    columns[Noted.short_row] = set(schema)
    return tuple(note for note in source.notes() if note.column in columns.get(note.kind, values))


def _without_excluded(audience: Audience, excluded: pl.LazyFrame) -> Audience:
    """Left out are the marked rows, and all rows of a person one of whose rows is excluded."""
    reason = pl.when(LEFT_OUT).then(pl.lit(Reason.excluded, REASONS))
    marked = audience.frame.with_columns(reason.alias(LEFT_OUT))
    matching = audience.matching
    frame = left_out(marked, matching, addresses(excluded, matching), Reason.excluded)
    return audience.in_frame(frame)


def _fits(order: Order, source: sources.Source, schema: Schema) -> None:
    """Raises Unknown or Invalid, with what to do, where the source no longer fits the export."""
    try:
        with explained(source):
            _check(order, schema)
    except Invalid as error:
        text = _(
            "The source “{source}” no longer fits the export “{export}”. {why} Fix the "
            "source, or change the export and its segments."
        )
        sentence = text.format(source=order.source.name, export=order.export.name, why=error)
        error.args = (sentence,)
        raise


def _check(order: Order, schema: Schema) -> None:
    for name, rules in (*order.segments.items(), *order.exclude.items()):
        checks.check(rules, schema, name)
    export, layout = order.export, order.capabilities.layout
    fields.check(export.match, export.phone_region, layout, schema)
