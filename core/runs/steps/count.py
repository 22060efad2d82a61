"""The steps after a cancelled run's end: what becomes of the jobs that the destination has."""

import logging
import time
from contextlib import suppress

from core.errors import SegferryError, StorageUnavailable
from core.plan import frozen
from core.runs import rejects
from core.runs.steps import ledger, settle
from core.runs.steps.at_work import RunAtWork
from core.store import jobs, progress, runs
from core.store.tables.runs import ENDED, Run

LOOK_EVERY = 0.5  # seconds between two looks for a job
log = logging.getLogger(__name__)


def count(work: RunAtWork, seconds: float) -> int:
    """Asks after the jobs for so many seconds; how many are still under way.

    Zero as well once a retry has taken over what is left: it asks after them itself.
    """
    if not _is_to_count(work):
        return 0
    left = 0
    try:
        left = _ask(work, seconds)
    except StorageUnavailable:  # the step waits, and is repeated
        raise
    except (SegferryError, OSError) as error:
        log.info("The jobs of run %s could not be counted: %s", work.run_id, error)
    if not left:
        ledger.keep_late(work)
    with work.store.begin() as session:
        progress.correct(session, work.run_id)
        work.run = runs.find(session, work.run_id)
        if not left:
            work.run.counting = 0
    if not left:
        _discard(work, work.run)
    return left


def _is_to_count(work: RunAtWork) -> bool:
    run = work.run
    if run.status not in ENDED or not run.batches or not run.stop_asked_by:
        return False
    with work.store.begin() as session:
        if runs.retried_by(session, run):
            runs.find(session, run.id).counting = 0
            return False
        return bool(jobs.unfinished(session, run.id) or jobs.in_doubt(session, run.id))


def _ask(work: RunAtWork, seconds: float) -> int:
    with work.destination() as destination:
        if (imports := destination.jobs) is None:
            return 0
        doubtful = settle.adopt(work, imports)
        left = settle.settle(work, destination, 0.0 if doubtful else seconds)
        if doubtful:
            time.sleep(LOOK_EVERY)
        return left + doubtful


def _discard(work: RunAtWork, run: Run) -> None:
    """What needs no second try."""
    if run.undelivered:
        return
    with suppress(SegferryError):
        frozen.discard_batches(rejects.folder(work.store.settings, run), run.part)
