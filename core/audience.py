"""Whom an export is for: its order read back, its source opened, its segments counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl

from core import configuration, matching, segments, sources
from core.rules import Group
from core.settings import Settings
from core.sources import EXCLUDED, Progress, Schema
from core.sources.fence import Fence
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
    counts: segments.Counts


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
    fence = Fence(settings.allowed_folders, closed=settings.closed) if confined else None
    reading = sources.Reading(spec.name, spec.type, Path(spec.path), spec.options, fence)
    return sources.open_source(reading, settings.cache, progress)


def gather(
    order: Order, settings: Settings, now: datetime, progress: Progress | None = None
) -> Audience:
    """Opens the source, checks that it still has every field, and counts the segments.

    Raises SourceFailed, Unknown or Invalid when a field that the export needs is gone.
    """
    source = open_source(order.source, settings, progress, confined=order.confined)
    schema = source.schema()
    _check(order, schema)
    today = now.astimezone(ZoneInfo(order.time_zone)).date()
    counts = segments.counts(source, order.segments, today, order.time_zone)
    frame = segments.members(source.scan(), order.segments, schema, today, order.time_zone)
    if order.exclude:
        frame = segments.marked(frame, EXCLUDED, order.exclude, schema, today, order.time_zone)
    return Audience(source, _native(frame), counts)


def _check(order: Order, schema: Schema) -> None:
    for name, rules in (*order.segments.items(), *order.exclude.items()):
        segments.check(rules, schema, name)
    matching.check(order.export.match, order.export.phone_region, schema)


def _native(frame: nw.LazyFrame[Any]) -> pl.LazyFrame:
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        raise TypeError(_("This source can't be read by polars."))
    return native
