"""Removes what the demo made, and nothing else: what is one's own stays, with what it needs."""

from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import urlsplit

import polars as pl
from sqlmodel import Session

from core.access import Action, Person
from core.audience import kept
from core.plan import journal, ledger
from core.sandbox import demo, moving
from core.settings import Settings
from core.store import (
    Store,
    audit,
    connections,
    exports,
    look_up,
    samples,
    segments,
    segments_within,
    sources,
)
from core.store.audit import Deed
from core.store.runs import active_of
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _, many


@dataclass(frozen=True, slots=True)
class Stays:
    """Something of the demo that isn't removed, and why, a sentence."""

    kind: str  # export, segment, source, connection
    name: str
    why: str


@dataclass(slots=True)
class Removal:
    """What goes, in the order in which it can, and what stays."""

    exports: list[ExportRow] = field(default_factory=list)
    segments: list[SegmentRow] = field(default_factory=list)
    sources: list[SourceRow] = field(default_factory=list)
    connections: list[ConnectionRow] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    stays: list[Stays] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing goes."""
        return not (self.exports or self.segments or self.sources or self.connections or self.runs)


def plan(session: Session) -> Removal:
    """What would be removed now."""
    found = Removal()
    for row in samples.of(session, ExportRow):
        if active_of(session, row):
            _keep(found, "export", row, _("A run of it has not ended."))
        else:
            found.exports.append(row)
    _needed(session, found)
    found.runs = _runs(session, found)
    _own(session, found)
    return found


def remove(store: Store, person: Person) -> Removal:
    """Removes it, all in one transaction, then the files of its runs and people. Raises Denied."""
    store.require(person, Action.configure)
    with store.begin() as session:
        found = plan(session)
        _remove_rows(session, person, found)
        resets = _is_unused(session, found)
    _remove_files(store, found, resets)
    return found


def _keep(found: Removal, kind: str, row: samples.Thing, why: str) -> None:
    found.stays.append(Stays(kind, row.name, why))


def _needed(session: Session, found: Removal) -> None:
    """Segments, sources and connections that nothing which stays needs."""
    going = {row.name for row in found.exports}
    for segment in segments_within.outermost_first(samples.of(session, SegmentRow)):
        users = [name for name in segments.used_by(session, segment.id) if name not in going]
        outer = segments_within.outer(session, segment)
        users += [one.name for one in outer if one not in found.segments]
        _sort(found, found.segments, "segment", segment, users)
    going = {row.name for row in found.segments}
    for source in samples.of(session, SourceRow):
        users = [name for name in sources.used_by(session, source.id) if name not in going]
        _sort(found, found.sources, "source", source, users)
    going = {row.name for row in found.exports}
    for row in samples.of(session, ConnectionRow):
        names = [user.name for user in connections.used_by(session, row.id)]
        _sort(found, found.connections, "connection", row, [n for n in names if n not in going])


def _sort(found: Removal, goes: list[Any], kind: str, row: samples.Thing, users: list[str]) -> None:
    if users:
        text = _("It is used by {names}.")
        _keep(found, kind, row, text.format(names=", ".join(f"“{name}”" for name in users)))
    else:
        goes.append(row)


def _runs(session: Session, found: Removal) -> list[Run]:
    """Runs of the demo; those that a run of one's own retries stay."""
    retried = samples.retried(session)
    runs = samples.of(session, Run)
    for run in (run for run in runs if run.id in retried):
        text = _("Another run retries it.")
        found.stays.append(Stays("run", f"{run.export}, {run.id}", text))
    return [run for run in runs if run.id not in retried]


def _own(session: Session, found: Removal) -> None:
    """What has a name of the demo's and is no sample: somebody has changed it."""
    why = _("Somebody has changed it, so it is yours.")
    kinds = dict(zip(samples.THINGS, ("connection", "source", "segment", "export"), strict=True))
    for name in demo.NAMES:
        for table, kind in kinds.items():
            row = look_up(session, table, name)
            if row is not None and not row.sample:
                _keep(found, kind, row, why)


def _remove_rows(session: Session, person: Person, found: Removal) -> None:
    """Users before what they use."""
    samples.remove_runs(session, found.runs)
    for export in found.exports:
        exports.remove(session, person, export)
    for segment in segments_within.outermost_first(found.segments):
        segments.remove(session, person, segment)
    for source in found.sources:
        sources.remove(session, person, source)
    for connection in found.connections:
        connections.remove(session, person, connection)
    if found.runs:
        what = many("{n} run of the demo", "{n} runs of the demo", len(found.runs))
        audit.record(session, person, Deed.removed, "sample", what)


def _is_unused(session: Session, found: Removal) -> bool:
    """Whether no other connection goes to the sandbox that the demo's went to."""
    places = {urlsplit(row.base_url).netloc for row in found.connections}
    used = {urlsplit(row.base_url).netloc for row in connections.everything(session)}
    return bool(places) and not places & used


def _remove_files(store: Store, found: Removal, resets: bool) -> None:
    settings = store.settings
    for run in found.runs:
        rmtree(settings.runs / str(run.id), ignore_errors=True)
    journal.remove_runs(settings.ledgers, {run.id for run in found.runs})
    _forget(settings, {row.id for row in found.exports})
    for source in found.sources:
        demo.profiles_of(settings.home).unlink(missing_ok=True)
        kept.drop(store, Path(source.path), source.name)
    if resets:
        moving.clear(settings.home / "sandbox", store.clock().timestamp())


def _forget(settings: Settings, export_ids: set[int]) -> None:
    """Whom the exports sent to their lists."""
    for place in settings.ledgers.glob("*/*.parquet"):
        before = ledger.read(place)
        others = before.filter(~pl.col("export").is_in(list(export_ids)))
        if others.is_empty():
            place.unlink()
        elif others.height < before.height:
            ledger.write(place, others)
