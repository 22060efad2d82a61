"""The first step of a run: its rows frozen, its numbers recorded, the parts of a split queued."""

import time
from collections.abc import Mapping
from datetime import datetime

from core.audience import gather, suppressed
from core.audience.gather import Audience
from core.configuration.order import Order, destination_of, read_order
from core.errors import Stopped
from core.plan import freeze as plan
from core.plan import refreeze
from core.plan.frozen import Frozen, Part, discard_batches, read_plan
from core.runs import rejects
from core.runs.steps import ledger
from core.runs.steps.logbook import Logbook, Way
from core.store import jobs, progress, runs
from core.store.tables.runs import JobStatus, Run
from core.texts import _

SHOW_EVERY = 0.5  # seconds between two records of how far the reading is


def freeze(log: Logbook, run: Run, now: datetime, way: Way) -> Part:
    """The part of the plan that is this run's, frozen and recorded; repeating it changes nothing.

    `way` opens the destination, for exports that leave out who is suppressed there. Raises
    OverLimit, SourceFailed, Invalid, StorageFailed, Stopped, DestinationFailed.
    """
    folder = rejects.folder(log.store.settings, run)
    if run.batches or run.part > 1:
        return read_plan(folder).parts[run.part - 1]
    old = _earlier(log, run)
    frozen, segments = _left_over(log, run, old) if old else _anew(log, run, now, way)
    changes = [] if old else ledger.changes(log.store, run, frozen.parts)
    _record(log, frozen, segments, changes)
    if old:
        discard_batches(rejects.folder(log.store.settings, old), old.part)
    return frozen.parts[0]


def _anew(log: Logbook, run: Run, now: datetime, way: Way) -> tuple[Frozen, Mapping[str, int]]:
    order, settings = read_order(run.order), log.store.settings
    shown = _Shown(log)
    found = gather.gather(order, settings, now, shown)
    if order.export.leave_out_suppressed:
        found = _without_suppressed(log, run, order, found, way)
    frozen = plan.freeze(
        found.frame,
        order.export.match,
        order.export.phone_region,
        order.capabilities.layout,
        rejects.folder(settings, run),
        limit=order.export.limit,
        over=order.export.over_limit,
        progress=shown,
        only_email=order.only_email,
        known=ledger.known(settings, run, order),
        clear=order.export.clear,
        stopped=log.stop_asked,
    )
    return frozen, found.counts.segments


def _without_suppressed(
    log: Logbook, run: Run, order: Order, found: Audience, way: Way
) -> Audience:
    """The destination is asked anew before each run; the answer is kept for previews."""
    people = gather.people(order, found)
    with way(log) as destination:
        gone = suppressed.ask(destination, people, _Shown(log), log.stop_asked)
    if run.export_id and order.only_email is None:
        suppressed.Memory.of(log.store, run.export_id).keep(people, gone)
    return gather.without(order, found, gone)


def _earlier(log: Logbook, run: Run) -> Run | None:
    """The run that this one retries, if it came as far as to have frozen rows."""
    if run.retry_of is None or run.order.get("anew"):
        return None
    with log.store.begin() as session:
        old = runs.find(session, run.retry_of)
    return old if old.batches else None


def _left_over(log: Logbook, run: Run, old: Run) -> tuple[Frozen, Mapping[str, int]]:
    """The rows of the earlier run that no job accepted or refused."""
    with log.store.begin() as session:
        done = {j.batch for j in jobs.of_run(session, old.id) if j.status in DELIVERED}
    folder = rejects.folder(log.store.settings, old)
    numbers = [b.number for b in read_plan(folder).parts[old.part - 1].batches]
    frozen = refreeze.refreeze(
        folder,
        old.part,
        [n for n in numbers if n not in done],
        rejects.folder(log.store.settings, run),
        destination_of(run.order).layout,
        without=rejects.refused_rows(log.store.settings, old),
    )
    return frozen, {}


DELIVERED = frozenset({JobStatus.complete, JobStatus.refused})


def _record(
    log: Logbook, frozen: Frozen, segments: Mapping[str, int], changes: list[dict[str, int]]
) -> None:
    """Numbers of this run, and a queued run for each further part, all in one transaction."""
    with log.store.begin() as session:
        run = runs.find(session, log.run_id)
        if run.stop_asked_by:  # asked for while the last rows were frozen
            raise Stopped(_("Stopped before anything was sent."))
        told = [_numbers(part) for part in frozen.parts]
        for numbers, more in zip(told, changes, strict=False):  # a retry has no changes of its own
            numbers |= more
        progress.record(session, run, told[0] | {"segments": dict(segments)})
        run.parts = len(frozen.parts)
        for number, numbers in enumerate(told[1:], 2):
            progress.add_part(session, run, number, numbers)


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
    """Records how far the reading is, not more often than somebody can see."""

    def __init__(self, log: Logbook) -> None:
        self._log = log
        self._shown = 0.0

    def __call__(self, share: float, _what: str) -> None:
        if time.monotonic() - self._shown > SHOW_EVERY:
            self._shown = time.monotonic()
            self._log.record(stage_share=round(share, 3))
