"""The step that ends a run: leavers taken off, fields emptied, the ledger kept, numbers added."""

import polars as pl

from core.errors import DestinationFailed, Stopped
from core.runs.steps import arrival, clear, leavers, ledger, profile_ids
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.failures import recorded
from core.store import jobs
from core.store.tables.runs import ENDED


def finish(work: RunAtWork) -> None:
    """Ends the run, whatever goes wrong before; with that it gives its account back."""
    with recorded(work):
        if work.run.claimed and work.run.status not in ENDED:
            _keep_ledger(work)
    work.end()


def _keep_ledger(work: RunAtWork) -> None:
    """Only while the run has its account to itself. Raises StorageFailed."""
    left = _taken_off(work)
    arrival.confirm(work)
    with work.store.begin() as session:
        sent = jobs.of_run(session, work.run_id)
    deliveries = ledger.deliveries(work.store.settings, work.run, sent)
    deliveries = clear.clear(work, deliveries)
    ids = profile_ids.profile_ids(work, deliveries)
    ledger.record(work.store.settings, work.run, deliveries, left, ids)


def _taken_off(work: RunAtWork) -> pl.DataFrame | None:
    """Who is off the list now; None when that failed, so that they are tried again."""
    try:
        return leavers.take_off(work)
    except DestinationFailed as error:
        work.fail(str(error))
        return None
    except Stopped:
        return None
