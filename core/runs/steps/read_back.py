"""The step after a run's end: who of the accepted is on the list, and how that has changed."""

import logging
from contextlib import suppress
from dataclasses import replace

import polars as pl

from core.destinations import Destination, read_back
from core.destinations.read_back import NAMED, Arrived, Drift, ReadBack
from core.errors import DestinationFailed, SegferryError
from core.plan import frozen
from core.runs import rejects
from core.runs.steps import ledger
from core.runs.steps.arrival import LOOKED_FOR
from core.runs.steps.at_work import RunAtWork
from core.store import jobs, runs
from core.store.tables.runs import ENDED, Run

log = logging.getLogger(__name__)


def look_back(work: RunAtWork) -> None:
    """Records what the list holds now, where it is due; then deletes what no retry needs.

    The run has ended already, so a failure changes nothing about it.
    """
    try:
        if is_due(work.run):
            _look_back(work)
    except (SegferryError, OSError) as error:
        log.info("After run %s its list could not be read: %s", work.run_id, error)
    finally:
        _discard(work)


def is_due(run: Run) -> bool:
    """Whether the list of an ended run is to be looked at: once for a split, at its last part.

    Not for one that was broken off, nor where nothing went to a list.
    """
    if run.status not in ENDED or not run.claimed or run.part < run.parts:
        return False
    if run.stop_asked_by or run.order.list_id is None:
        return False
    arrived = run.read_back.arrived if run.read_back else None
    if arrived is None:
        return not run.error
    return arrived.after is None


def _look_back(work: RunAtWork) -> None:
    """Raises DestinationFailed, StorageFailed."""
    run, settings = work.run, work.store.settings
    with work.store.begin() as session:
        parts = runs.siblings(session, run)
        sent = jobs.of_run(session, run.id)
    accepted = ledger.deliveries(settings, run, sent).accepted["email"]
    arrived_before = run.read_back.arrived if run.read_back else None
    unchanged = ledger.unchanged(settings, run, parts)
    begun = parts[0].read_back or ReadBack()  # what was found before the first part sent anything
    with work.destination() as destination:
        arrived = _counted(destination, parts, arrived_before or accepted, begun.before)
        found = replace(begun, arrived=arrived)
        work.record(read_back_data=found.as_data(), list_size=arrived.after)
        with suppress(DestinationFailed):
            found = replace(found, drift=_drift(work, destination, begun, unchanged))
            work.record(read_back_data=found.as_data())


def _counted(
    destination: Destination, parts: list[Run], found: Arrived | pl.Series, before: int | None
) -> Arrived:
    """Who is on the list, as was found before the run's end, else looked for now; and its size.

    Where nothing was changed it isn't counted again: that is allowed fifteen times a minute
    (official specification).
    """
    list_id = parts[-1].list_id
    if not any(part.accepted or part.missing or part.removed for part in parts):
        return Arrived(0, 0, 0, {}, (), before, before)
    if isinstance(found, Arrived):
        size = destination.list_facts(list_id, count=True).profiles
        return replace(found, before=before, after=size)
    return read_back.read_back(destination, list_id, found, before=before, most=LOOKED_FOR)


def _drift(
    work: RunAtWork, destination: Destination, begun: ReadBack, unchanged: pl.Series
) -> Drift | None:
    """None where there is nothing to compare with, and nobody to look for."""
    run = work.run
    with work.store.begin() as session:
        last = runs.last_counted(session, run)
        others = bool(last and runs.changed_list(session, last, run))
    looked_for, missing = read_back.gone_from(destination, run.list_id, unchanged, most=LOOKED_FOR)
    former = last.read_back.arrived if last and last.read_back else None
    grown = None
    if former and former.after is not None and begun.before is not None:
        grown = begun.before - former.after
    if grown is None and not looked_for:
        return None
    return Drift(
        since=last.id if last else None,
        grown=grown,
        other_runs=others,
        late=begun.double_opt_in
        or bool(former and former.missing)
        or bool(last and last.undelivered),
        double_opt_in=begun.double_opt_in,
        asked=looked_for,
        gone=len(missing),
        people=tuple(missing[:NAMED]),
    )


def _discard(work: RunAtWork) -> None:
    """Batches that needn't be sent again, and the people of the plan, who are in the ledger now."""
    run = work.run
    folder = rejects.folder(work.store.settings, run)
    if not folder.exists():
        return
    if not run.undelivered:
        frozen.discard_batches(folder, run.part)
    if run.part == run.parts:
        frozen.discard_members(folder, run.parts)
