"""The step that sends one batch: noted before, recorded after, looked for when in doubt."""

from enum import Enum, auto

import polars as pl

from core.destinations import Destination
from core.destinations.delivery import Sent, deliver
from core.errors import AnswerLost, DestinationFailed, Rejected, Stopped, TooLarge
from core.plan import frozen
from core.plan.cut import request_bytes
from core.profiles.sources import ROW
from core.runs import rejects
from core.runs.steps import refusals, settle, trimmed
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.patience import until_available, until_writable
from core.store import jobs, progress, request_limits
from core.store.request_limits import RequestLimit
from core.store.tables.runs import Job, JobStatus
from core.texts import _

MOST_ALONE = 20  # single profiles found too large in a row, before that is no matter of size


def send(work: RunAtWork, destination: Destination, number: int) -> bool:
    """Sends one batch, unless it was sent before; False when the run stops there.

    What a server finds too large is halved until it passes; the halves are batches of their own,
    and how much it takes is remembered for the account. After a crash in between a batch is sent
    again, which does no harm: sending is idempotent, and a job of the same size may be somebody
    else's. Raises DestinationFailed, noted on the job too.
    """
    folder, part = rejects.folder(work.store.settings, work.run), work.run.part
    sender = _Sender(work, destination)
    waiting = frozen.pieces(folder, part, number)
    while waiting:
        if work.stop_requested():
            return False
        piece = waiting.pop(0)
        found = sender.send(piece, frozen.read_batch(folder, part, piece))
        if found is Went.too_large:
            waiting[:0] = [piece, frozen.split(folder, part, piece)]
            work.record(batches=len(frozen.numbers(folder, part)))
        elif found is Went.stopped:
            return False
    return True


def send_again(work: RunAtWork, destination: Destination) -> int:
    """Sends those whom jobs refused for optional fields once more, without; how many batches.

    May be repeated: what was sent before stays. Raises as `send`.
    """
    folder, part = rejects.folder(work.store.settings, work.run), work.run.part
    with work.store.begin() as session:
        begun = {job.batch: job for job in jobs.of_run(session, work.run_id)}
    batches = frozen.sent_again(folder, part).items()
    waiting = {
        of
        for number, of in batches
        if number not in begun or begun[number].status == JobStatus.sending
    }
    for number in sorted(waiting):
        if not send(work, destination, number):
            return 0
    return len(waiting)


class Went(Enum):
    """How it went with a batch."""

    sent = auto()
    stopped = auto()
    too_large = auto()  # and nothing of it arrived


class _Sender:
    """Sends batches, and learns how large they may be."""

    def __init__(self, work: RunAtWork, destination: Destination) -> None:
        self._work = work
        self._destination = destination
        with work.store.begin() as session:
            self._limit = request_limits.of(session, work.run.account)
        self._refused = RequestLimit()  # by this batch
        self._alone = 0

    def send(self, number: int, batch: pl.DataFrame) -> Went:
        """One batch, or what is left of it. Raises DestinationFailed."""
        work, size = self._work, request_bytes(batch)
        job = _noted(work, number, batch)
        if job.status == JobStatus.failed and job.job_id is None:
            work.fail(job.error or "")
            return Went.stopped
        if job.status != JobStatus.sending:
            return Went.sent
        if batch.height > 1 and self._limit.forbids(size, batch.height):
            return Went.too_large
        try:
            sent = _patiently(work, self._destination, batch)
        except Stopped:
            return Went.stopped
        except TooLarge as error:
            self._refused = self._refused.below(size, batch.height, error.by_rows)
            self._limit = self._limit.below(size, batch.height, error.by_rows)
            return Went.too_large
        except DestinationFailed as error:
            work.settle(job, JobStatus.failed, error=str(error))
            raise
        self._learn(job, sent)
        # Waited for here already: whatever arrived needn't be sent once more.
        until_writable(work.store, work.run_id, lambda: self._keep(number, job, batch, sent))
        return Went.sent

    def _learn(self, job: Job, sent: Sent) -> None:
        """A size is known to be too large once a smaller one has passed. Raises Rejected."""
        self._alone = self._alone + 1 if sent.too_large else 0
        if self._alone >= MOST_ALONE:
            error = Rejected(next(iter(sent.refused.values())))
            self._work.settle(job, JobStatus.failed, error=str(error))
            raise error
        if self._refused != RequestLimit() and not sent.too_large:
            with self._work.store.begin() as session:
                request_limits.remember(session, self._work.run.account, self._limit)

    def _keep(self, number: int, job: Job, batch: pl.DataFrame, sent: Sent) -> None:
        """What became of it: refused rows first, then the job."""
        work = self._work
        refused = refusals.refused_at_once(batch, sent)
        rejects.keep_refused(work.store.settings, work.run, number, "sending", refused)
        trimmed.keep(work, number, "sending", batch[ROW].gather(sorted(sent.trimmed)))
        trimmed.count(work, number)
        if sent.outcome:
            settle.finished(work, job, sent.outcome)
        else:
            _record(work, self._destination, job, sent)


def _noted(work: RunAtWork, number: int, batch: pl.DataFrame) -> Job:
    """The batch's job, noted before anything of it leaves; it may be smaller than it was."""
    size = int(batch["bytes"].sum()) + batch.height
    with work.store.begin() as session:
        return jobs.intend(session, work.run_id, number, batch.height, size)


def _patiently(work: RunAtWork, destination: Destination, batch: pl.DataFrame) -> Sent:
    """Sends; once an answer was lost, the job is looked for before the batch is sent again."""
    began, lost = work.store.clock(), list[AnswerLost]()
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
            "{destination} kept refusing rows of batch {batch}, so {n} of its profiles are "
            "undelivered. Retry the run."
        ).format(
            destination=destination.capabilities.title,
            batch=job.batch,
            n=f"{len(sent.undelivered):,}",
        )
        work.settle(job, JobStatus.stuck, error=text, refused=refused)
    else:
        work.settle(job, JobStatus.refused, refused=refused)
