"""The first step of a run: its rows frozen, its numbers recorded, the parts of a split queued."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from core.audience import suppressed
from core.errors import Stopped
from core.files import discard_draft
from core.masking import masked
from core.plan import refreeze
from core.plan.frozen import Frozen, Part, discard_batches, read_plan
from core.profiles.sources import Kind
from core.profiles.sources.notes import Noted
from core.runs import rejects, undelivered
from core.runs.steps import source
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.rehash import rehash_ledger
from core.runs.steps.source import FromSource
from core.store import details, jobs, progress, runs
from core.store.tables.runs import Run
from core.texts import _

SHOW_EVERY = 0.5  # seconds between two records of how far the reading is


def freeze(work: RunAtWork, now: datetime) -> Part:
    """The part of the plan that is this run's, frozen and recorded; repeating it changes nothing.

    The destination is asked who is suppressed, for exports that leave them out. Raises OverLimit,
    SourceFailed, Invalid, StorageFailed, Stopped, DestinationFailed.
    """
    run = work.run
    folder = rejects.folder(work.store.settings, run)
    if run.batches or run.part > 1:
        return read_plan(folder).parts[run.part - 1]
    old = _earlier(work, run)
    if old:
        frozen = _left_over(work, old)
        _record(work, frozen, {}, [])
        discard_batches(rejects.folder(work.store.settings, old), old.part)
    else:
        found = _whole(work, now)
        frozen, facts = found.frozen, {"segments": found.segments, "columns": _columns(work, found)}
        summary = found.summary.as_data() if found.summary else None
        _record(work, frozen, facts, found.changes, summary)
    return frozen.parts[0]


def _whole(work: RunAtWork, now: datetime) -> FromSource:
    """All people of the segments, as the source has them now."""
    run, shown = work.run, _Shown(work)
    rehash_ledger(work, now, shown)
    left_out = _suppressed(work, now) if run.order.export.leave_out_suppressed else None
    try:
        return source.freeze(work.store, run, now, left_out, shown)
    finally:
        discard_draft(rejects.folder(work.store.settings, run))


def _columns(work: RunAtWork, found: FromSource) -> dict[str, object]:
    """What the matched columns hold, and why those do that changed; addresses are masked.

    Those that are empty now hold what they held in the last run: a change is one from that.
    """
    with work.store.begin() as session:
        before = runs.last_columns(session, work.run)
    empty = {name for name, kind in found.schema.items() if kind is Kind.nothing}
    kept = {name: before[name] | {"why": None} for name in empty & before.keys()}
    why = {n.column: masked(n.example) for n in found.notes if n.kind is Noted.changed_column}
    now = {n: {"kind": str(kind), "why": why.get(n)} for n, kind in found.kinds.items()}
    return kept | now


def _suppressed(work: RunAtWork, now: datetime) -> pl.Series:
    """The destination is asked again before each run; the answer is kept for previews."""
    run, order, shown = work.run, work.run.order, _Shown(work)
    people = source.people(work.store, run, now, shown)
    with work.destination() as destination:
        emails = suppressed.ask(destination, people, order.list_id, shown, work.stop_requested)
    if run.export_id and order.only_email is None:
        suppressed.Memory.of(work.store, run.export_id).keep(people, emails, order.list_id)
    return emails


def _earlier(work: RunAtWork, run: Run) -> Run | None:
    """The run that this one retries, if that one got as far as freezing its rows."""
    if run.retry_of is None or run.order.starts_over:
        return None
    with work.store.begin() as session:
        old = runs.find(session, run.retry_of)
    return old if old.batches else None


def _left_over(work: RunAtWork, old: Run) -> Frozen:
    """The rows of the earlier run that no job accepted or refused, or that got lost in one."""
    settings = work.store.settings
    with work.store.begin() as session:
        sent = jobs.of_run(session, old.id)
    found = undelivered.left_over(settings, old, sent)
    return refreeze.refreeze(
        rejects.folder(settings, old),
        old.part,
        found.batches,
        rejects.folder(settings, work.run),
        work.run.order.capabilities.layout,
        without=found.without,
        only=found.only,
    )


def _record(
    work: RunAtWork,
    frozen: Frozen,
    found: Mapping[str, object],
    changes: list[dict[str, int]],
    summary: dict[str, Any] | None = None,
) -> None:
    """Numbers of this run, and a queued run for each further part, all in one transaction.

    With them what the source looked like, where that is known.
    """
    with work.store.begin() as session:
        run = runs.find(session, work.run_id)
        if run.stop_asked_by:  # asked for while the last rows were frozen
            raise Stopped(_("Stopped before anything was sent."))
        each = [_numbers(part) for part in frozen.parts]
        for numbers, more in zip(each, changes, strict=False):  # a retry has no changes of its own
            numbers |= more
        progress.record(session, run, each[0] | {"segments": {}} | dict(found))
        run.parts = len(frozen.parts)
        if summary is not None:
            details.keep_source(session, run.id, summary)
        for number, numbers in enumerate(each[1:], 2):
            progress.add_part(session, run, number, numbers)
    work.run = run


def _numbers(part: Part) -> dict[str, object]:
    return {
        "members": part.members,
        "valid": part.valid,
        "rejected": dict(part.rejected),
        "warnings": dict(part.warnings),
        "batches": len(part.batches),
        "unchanged": part.unchanged,
    }


class _Shown:
    """Records how far the reading is, not more often than somebody can see. Raises Stopped."""

    def __init__(self, work: RunAtWork) -> None:
        self._work = work
        self._shown = 0.0

    def __call__(self, share: float, _what: str) -> None:
        if self._work.stop_requested():
            raise Stopped(_("Stopped while the source was being read."))
        if time.monotonic() - self._shown > SHOW_EVERY:
            self._shown = time.monotonic()
            self._work.record(stage_share=round(share, 3))
