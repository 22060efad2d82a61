"""Whom an export is for: its order read back, its source opened, its segments counted."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core import configuration
from core.errors import Invalid
from core.profiles import sources
from core.profiles.matching import fields, rows
from core.profiles.matching.emails import as_sent
from core.profiles.matching.exclusions import addresses, left_out
from core.profiles.matching.rows import REASONS, Reason
from core.profiles.segments import checks
from core.profiles.segments import counts as segments_counts
from core.profiles.segments.rules import Group
from core.profiles.sources import LEFT_OUT, Progress, Schema, translated
from core.profiles.sources.fence import Fence
from core.settings import Settings
from core.texts import _


@dataclass(frozen=True, slots=True)
class Order:
    """An export with all that it names, as it was when a run or a preview was asked for."""

    export: configuration.Export
    source: configuration.Source
    segments: Mapping[str, Group]
    time_zone: str
    exclude: Mapping[str, Group] = field(default_factory=dict)  # segments that are left out
    only_email: str | None = None
    confined: bool = True  # its files lie in the allowed folders
    send_all: bool = False  # also what was sent before as it is

    @property
    def list_id(self) -> str | None:
        """The list that people join; None for an export that only updates profiles."""
        return self.export.joins


@dataclass(frozen=True, slots=True)
class Audience:
    """The rows in any of the segments, unread yet, and how many each segment has."""

    source: sources.Source
    frame: pl.LazyFrame
    counts: segments_counts.Counts


def read_order(data: Mapping[str, Any]) -> Order:
    """The order as `core.store.runs` wrote it."""
    return Order(
        export=configuration.Export.model_validate(data["export"]),
        source=configuration.Source.model_validate(data["source"]),
        segments={name: Group.model_validate(rules) for name, rules in data["segments"].items()},
        time_zone=data["time_zone"],
        exclude={n: Group.model_validate(rules) for n, rules in data.get("exclude", {}).items()},
        only_email=data.get("only_email"),
        confined=data.get("confined", False),  # asked for before folders were confined
        send_all=bool(data.get("send_all")),
    )


def open_source(
    spec: configuration.Source,
    settings: Settings,
    progress: Progress | None = None,
    *,
    confined: bool,
) -> sources.Source:
    """The source, converted first if its files changed. Raises SourceFailed.

    A confined one reads nothing outside the folders that the settings allow.
    """
    return sources.open_source(_reading(spec, settings, confined), settings.cache, progress)


def source_state(order: Order, settings: Settings) -> Hashable:
    """What the order's source is at this moment; nothing of it is read. Raises SourceFailed."""
    return sources.state_of(_reading(order.source, settings, order.confined))


def _reading(spec: configuration.Source, settings: Settings, confined: bool) -> sources.Reading:
    fence = Fence(settings.allowed_folders, closed=settings.closed) if confined else None
    return sources.Reading(spec.name, spec.type, Path(spec.path), spec.options, fence)


def gather(
    order: Order, settings: Settings, now: datetime, progress: Progress | None = None
) -> Audience:
    """Opens the source, checks that it still has every field, and counts the segments.

    Raises SourceFailed, Unknown or Invalid when a field that the export needs is gone.
    """
    source = open_source(order.source, settings, progress, confined=order.confined)
    schema = source.schema()
    _fits(order, schema)
    today = now.astimezone(ZoneInfo(order.time_zone)).date()
    counts = segments_counts.counts(source, order.segments, today, order.time_zone)
    when = schema, today, order.time_zone
    frame = segments_counts.members(source.scan(), order.segments, *when)
    if not order.exclude:
        return Audience(source, _native(frame), counts)
    marked = _native(segments_counts.marked(frame, LEFT_OUT, order.exclude, *when))
    excluded = _native(segments_counts.members(source.scan(), order.exclude, *when))
    return Audience(source, _without(order, marked, excluded), counts)


def matching_of(order: Order, frame: pl.LazyFrame) -> rows.Matching:
    """The export's matching over these rows. Raises Unknown, Invalid."""
    export = order.export
    return rows.Matching.of(frame, export.match, export.phone_region, export.clear)


def people(order: Order, found: Audience) -> pl.Series:
    """The different addresses of the rows, or the one that the order is about: email."""
    every = addresses(found.frame, matching_of(order, found.frame))
    if order.only_email is not None:
        every = every.filter(email=as_sent(order.only_email))
    with translated(found.source):
        return every.sort("email").collect(engine="streaming")["email"]


def without(order: Order, found: Audience, suppressed: pl.Series) -> Audience:
    """The audience with these people (emails) left out as suppressed."""
    how, gone = matching_of(order, found.frame), suppressed.unique().to_frame("email")
    return replace(found, frame=left_out(found.frame, how, gone.lazy(), Reason.suppressed))


def _without(order: Order, marked: pl.LazyFrame, excluded: pl.LazyFrame) -> pl.LazyFrame:
    """Left out are the marked rows, and those of people whom any row of theirs excludes."""
    reason = pl.when(LEFT_OUT).then(pl.lit(Reason.excluded, REASONS))
    frame, how = marked.with_columns(reason.alias(LEFT_OUT)), matching_of(order, marked)
    return left_out(frame, how, addresses(excluded, how), Reason.excluded)


def _fits(order: Order, schema: Schema) -> None:
    """Raises Unknown or Invalid, with what to do, where the source has changed under the export."""
    try:
        _check(order, schema)
    except Invalid as error:
        text = _(
            "The source “{source}” doesn't fit the export “{export}” any more. {why} Put the "
            "source right, or change the export and its segments."
        )
        told = text.format(source=order.source.name, export=order.export.name, why=error)
        error.args = (told,)
        raise


def _check(order: Order, schema: Schema) -> None:
    for name, rules in (*order.segments.items(), *order.exclude.items()):
        checks.check(rules, schema, name)
    fields.check(order.export.match, order.export.phone_region, schema)


def _native(frame: nw.LazyFrame[Any]) -> pl.LazyFrame:
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        raise TypeError(_("This source can't be read by polars."))
    return native
