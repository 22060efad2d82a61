"""The step that sends one batch: noted before, recorded after, looked for when in doubt."""

import time
from datetime import timedelta

import polars as pl

from core import audience, batches, delivery, rejects
from core.destinations import Destination
from core.destinations.sending import Sent
from core.errors import AnswerLost, DestinationFailed, Stopped, Unavailable
from core.models import Job, JobStatus, Run
from core.runner.logbook import Logbook
from core.store import jobs, runs
from core.texts import _

BREATH = 0.2  # seconds between two looks at whether to stop
LONGEST_WAIT = 3600.0  # seconds that a destination may ask a batch to wait
SKEW = timedelta(seconds=2)  # a job's time may be given in whole seconds


def send(log: Logbook, destination: Destination, number: int) -> bool:
    """Sends one batch, unless it was sent before; False when the run was asked to stop first.

    Raises DestinationFailed, with the reason on the batch's job.
    """
    run = log.run()
    batch = batches.read_batch(rejects.folder(log.store.settings, run), run.part, number)
    size = int(batch["bytes"].sum()) + batch.height
    with log.store.begin() as session:
        again = jobs.find(session, log.run_id, number)
        job = again or jobs.intend(session, log.run_id, number, batch.height, size)
    if job.status != JobStatus.sending:
        return True
    try:
        sent = _patiently(log, destination, run, job, batch, in_doubt=again is not None)
    except Stopped:
        return False
    except DestinationFailed as error:
        _note(log, job, JobStatus.failed, error=str(error))
        raise
    rejects.keep_refused(
        log.store.settings, run, number, "sending", delivery.refused_at_once(batch, sent)
    )
    _record(log, job, sent)
    return True


def _patiently(
    log: Logbook, destination: Destination, run: Run, job: Job, batch: pl.DataFrame, in_doubt: bool
) -> Sent:
    """Sends; waits and sends again where the destination asks for a longer wait."""
    order = audience.read_order(run.order)
    waited = 0.0
    while True:
        with log.store.begin() as session:
            known = jobs.known(session, run.account)
        try:
            return delivery.send(
                destination, order, batch, since=job.sent_at - SKEW, known=known, in_doubt=in_doubt
            )
        except Unavailable as error:
            waited += error.retry_after or 0
            if not error.retry_after or waited > LONGEST_WAIT:
                raise
            in_doubt = in_doubt or isinstance(error, AnswerLost)
            _wait(log, error.retry_after)


def _wait(log: Logbook, seconds: float) -> None:
    """Raises Stopped when the run is asked to stop meanwhile."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if log.stop_asked():
            raise Stopped(_("Stopped while waiting for the destination; nothing was sent."))
        time.sleep(min(left, BREATH))


def _record(log: Logbook, job: Job, sent: Sent) -> None:
    """The job's receipt, or that nothing of the batch is left to send."""
    refused = len(sent.refused)
    if sent.receipt:
        with log.store.begin() as session:
            row = jobs.found(session, job)
            jobs.sent(session, row, sent.receipt.job_id, sent.receipt.status, refused)
    elif sent.undelivered:
        text = _(
            "Klaviyo went on refusing rows of batch {batch}, so {n} of its profiles are "
            "undelivered; retry the run."
        ).format(batch=job.batch, n=f"{len(sent.undelivered):,}")
        _note(log, job, JobStatus.failed, error=text, refused=refused)
    else:
        _note(log, job, JobStatus.refused, refused=refused)
    with log.store.begin() as session:
        runs.add_up(session, log.run_id)


def _note(
    log: Logbook, job: Job, status: JobStatus, error: str | None = None, refused: int = 0
) -> None:
    with log.store.begin() as session:
        jobs.settled(session, jobs.found(session, job), status, refused=refused, error=error)
