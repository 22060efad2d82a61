"""The step that sends one batch: noted before, recorded after, looked for when in doubt."""

from datetime import UTC, datetime

import polars as pl

from core.destinations import Destination
from core.destinations.delivery import Sent, deliver
from core.errors import AnswerLost, DestinationFailed, Stopped
from core.plan import frozen
from core.runs import rejects
from core.runs.steps import refusals, settle
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.patience import until_available
from core.store import jobs, progress
from core.store.tables.runs import Job, JobStatus
from core.texts import _


def send(work: RunAtWork, destination: Destination, number: int) -> bool:
    """Sends one batch, unless it was sent before; False when the run stops there.

    After a crash in between it is sent again, which does no harm: sending is idempotent, and a job
    of the same size may be somebody else's. Raises DestinationFailed, noted on the job too.
    """
    run = work.run
    batch = frozen.read_batch(rejects.folder(work.store.settings, run), run.part, number)
    job = _noted(work, number, batch)
    if job.status == JobStatus.failed and job.job_id is None:
        work.fail(job.error or "")
        return False
    if job.status != JobStatus.sending:
        return True
    try:
        sent = _patiently(work, destination, batch)
    except Stopped:
        return False
    except DestinationFailed as error:
        work.settle(job, JobStatus.failed, error=str(error))
        raise
    refused = refusals.refused_at_once(batch, sent)
    rejects.keep_refused(work.store.settings, run, number, "sending", refused)
    if sent.outcome:
        settle.finished(work, job, sent.outcome)
    else:
        _record(work, destination, job, sent)
    return True


def _noted(work: RunAtWork, number: int, batch: pl.DataFrame) -> Job:
    """The batch's job, noted before anything of it leaves."""
    size = int(batch["bytes"].sum()) + batch.height
    with work.store.begin() as session:
        found = jobs.find(session, work.run_id, number)
        return found or jobs.intend(session, work.run_id, number, batch.height, size)


def _patiently(work: RunAtWork, destination: Destination, batch: pl.DataFrame) -> Sent:
    """Sends; once an answer was lost, the job is looked for before the batch is sent again."""
    began, lost = datetime.now(UTC), list[AnswerLost]()
    bodies, order = batch["body"].to_list(), work.run.order

    def once() -> Sent:
        with work.store.begin() as session:
            known = jobs.known(session, work.run.account)
        try:
            return deliver(
                destination,
                order.list_id,
                bodies,
                joining=order.export.join,
                since=began,
                known=known,
                in_doubt=bool(lost),
            )
        except AnswerLost as error:
            lost.append(error)
            raise

    return until_available(work, once)


def _record(work: RunAtWork, destination: Destination, job: Job, sent: Sent) -> None:
    """The job's receipt, or that nothing of the batch is left to send."""
    refused = len(sent.refused)
    if sent.receipt:
        with work.store.begin() as session:
            row = jobs.found(session, job)
            jobs.sent(session, row, sent.receipt.job_id, sent.receipt.status, refused)
            progress.add_up(session, work.run_id)
    elif sent.undelivered:
        text = _(
            "{destination} went on refusing rows of batch {batch}, so {n} of its profiles are "
            "undelivered; retry the run."
        ).format(
            destination=destination.capabilities.title,
            batch=job.batch,
            n=f"{len(sent.undelivered):,}",
        )
        work.settle(job, JobStatus.stuck, error=text, refused=refused)
    else:
        work.settle(job, JobStatus.refused, refused=refused)
