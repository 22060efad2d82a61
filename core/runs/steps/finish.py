"""The step that ends a run: leavers taken off, fields emptied, the ledger kept, numbers added."""

from concurrent.futures import ThreadPoolExecutor, wait

import polars as pl

from core.errors import DestinationFailed, Stopped
from core.runs import refusals
from core.runs.steps import arrival, clear, leavers, ledger, profile_ids, undo_leavers
from core.runs.steps.at_work import ASK_EVERY, RunAtWork
from core.runs.steps.failures import recorded
from core.runs.steps.ledger import Deliveries
from core.store import jobs
from core.store.tables.runs import ENDED


def finish(work: RunAtWork) -> None:
    """Ends the run, whatever goes wrong before; with that it gives its account back.

    A cancelled one ends first, for its ledger may take seconds, and keeps its account until that
    is written. May be repeated.
    """
    with recorded(work):
        if work.run.claimed and (work.run.status not in ENDED or work.run.is_recording):
            _keep_ledger(work)
            if work.run.batches:
                work.record(refusals=refusals.note(work.store, work.run))
    if work.run.is_recording:
        work.record(stage=None)
    work.end()


def _keep_ledger(work: RunAtWork) -> None:
    """Only while the run has its account to itself. Raises StorageFailed."""
    work.end_if_stopped()
    left = _taken_off(work)
    arrival.confirm(work)
    work.end_if_stopped()
    with work.store.begin() as session:
        sent = jobs.of_run(session, work.run_id)
    deliveries = ledger.deliveries(work.store.settings, work.run, sent)
    _record(work, clear.clear(work, deliveries), left)


def _record(work: RunAtWork, deliveries: Deliveries, left: pl.DataFrame | None) -> None:
    """Writes the ledger; a run that is cancelled meanwhile ends before that is done."""
    ids = profile_ids.profile_ids(work, deliveries)
    with ThreadPoolExecutor(1) as pool:
        run, store = work.run, work.store
        about = store.settings, run, store.clock()
        writing = pool.submit(ledger.record, *about, deliveries, left, ids)
        while not writing.done():
            work.end_if_stopped()
            wait([writing], timeout=ASK_EVERY)
        writing.result()


def _taken_off(work: RunAtWork) -> pl.DataFrame | None:
    """Who is off the list now; None when nobody was to be or that failed: a later run does it."""
    order = work.run.order
    if order.keeps_leavers:
        return None
    if order.undo:
        return undo_leavers.take_off(work)
    try:
        return leavers.take_off(work)
    except DestinationFailed as error:
        work.fail(str(error))
        return None
    except Stopped:
        return None
