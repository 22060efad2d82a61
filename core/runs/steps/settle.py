"""The steps that look at import jobs until the destination has finished each of them."""

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import polars as pl

from core.destinations import Destination, Ended, Jobs, Outcome
from core.errors import DestinationFailed, Missing, Rejected, Stopped
from core.plan import frozen
from core.runs import rejects
from core.runs.steps import ledger, refusals, trimmed
from core.runs.steps.at_work import RunAtWork
from core.store import jobs, progress
from core.store.tables.runs import Job, JobStatus
from core.texts import _

PAUSE = 0.05  # seconds between two looks at the clock
LOOK_EVERY = 1.0  # seconds between two looks while batches are still sent
FIRST, LONGEST = 0.1, 5.0  # seconds between two looks at one job
APPEARS_WITHIN = 60.0  # seconds until a job that was taken can be asked after at the latest
ARRIVES_WITHIN = timedelta(seconds=10)  # a request that nobody waited for, or it never arrived
AFTER_STOP = 0.3  # seconds that a stopped run still asks after its jobs


def look(work: RunAtWork, destination: Destination) -> None:
    """Settles one job that has ended, if there is one; all are asked after once a second.

    One job after one batch: so looking takes no more of the limits than sending does.
    """
    if (imports := destination.jobs) is None or work.stop_requested():
        return
    if time.monotonic() - work.looked_at > LOOK_EVERY:
        work.looked_at = time.monotonic()
        work.ended = frozenset(id for id, ended in imports.glance().items() if ended)
    for job in [job for job in _open(work) if job.job_id in work.ended][:1]:
        _check(work, imports, job)


def settle(work: RunAtWork, destination: Destination, seconds: float) -> int:
    """Asks after every job in its turn, for so many seconds; how many are still unfinished."""
    if (imports := destination.jobs) is None:
        return 0
    end = time.monotonic() + seconds
    while unfinished := _open(work):
        if work.stop_requested():
            end = min(end, time.monotonic() + AFTER_STOP)
        for job in _worth_asking(work, imports, unfinished):
            if time.monotonic() < end:
                _check(work, imports, job)
        if work.stop_requested() or time.monotonic() >= end:
            break
        time.sleep(PAUSE)
    return 0 if work.stop_requested() else len(_open(work))


def settle_late(work: RunAtWork, ended_run: int) -> None:
    """Before a retry: which jobs of the run that it retries have come to their end after all.

    Where the destination doesn't say, their profiles count as undelivered as before.
    """
    ended = RunAtWork(work.store, ended_run)
    with work.destination() as destination:
        if (imports := destination.jobs) is None:
            return
        adopt(ended, imports)
        with work.store.begin() as session:
            doubtful = [job for job in jobs.of_run(session, ended_run) if _is_doubtful(job)]
        for job in doubtful:
            with suppress(DestinationFailed):
                outcome = imports.check(job.job_id or "")
                if outcome and outcome.status is Ended.complete:
                    finished(ended, job, outcome)
    ledger.keep_late(ended)  # or the next run would send it once more
    with work.store.begin() as session:
        progress.correct(session, ended_run)


def adopt(work: RunAtWork, imports: Jobs) -> int:
    """Looks for the jobs of batches whose answers nobody waited for; how many may still appear."""
    run, waiting = work.run, 0
    patience = timedelta(seconds=work.store.settings.job_timeout)
    with work.store.begin() as session:
        doubtful = jobs.in_doubt(session, run.id)
        known = jobs.known(session, run.account)
    for job in doubtful:
        try:
            found = imports.find(run.order.list_id, job.profiles, job.sent_at, known)
        except (DestinationFailed, Stopped):
            waiting += work.store.clock() - job.sent_at < patience
            continue
        with work.store.begin() as session:
            row = jobs.found(session, job)
            if found:
                known.add(found.job_id)
                jobs.sent(session, row, found.job_id, found.status, row.refused)
            elif work.store.clock() - job.sent_at < ARRIVES_WITHIN:
                waiting += 1
            else:
                jobs.given_up(session, row)
    with work.store.begin() as session:
        progress.correct(session, run.id)
    return waiting


def _is_doubtful(job: Job) -> bool:
    return job.job_id is not None and job.status in (*jobs.OPEN, JobStatus.stuck, JobStatus.failed)


def _worth_asking(work: RunAtWork, imports: Jobs, unfinished: list[Job]) -> list[Job]:
    """Of the jobs to ask after now, those that aren't known to be under way still."""
    due = unfinished if work.stop_requested() else _due(unfinished, work.store.clock())
    seen = _seen(imports) if len(due) > 1 else {}
    for job in due:
        if seen.get(job.job_id or "") is False:
            _under_way(work, job)
    return [job for job in due if seen.get(job.job_id or "", True)]


def _seen(imports: Jobs) -> Mapping[str, bool]:
    """Nothing is seen where the request fails: asking after each job tells why."""
    with suppress(DestinationFailed, Stopped):
        return imports.glance()
    return {}


def _open(work: RunAtWork) -> list[Job]:
    with work.store.begin() as session:
        return jobs.unfinished(session, work.run_id)


def _due(unfinished: list[Job], now: datetime) -> list[Job]:
    """Those to ask after now: soon at first, then less and less often."""
    return [job for job in unfinished if _is_due(job, now)]


def _is_due(job: Job, now: datetime) -> bool:
    passed = now - (job.checked_at or job.sent_at)
    wait = timedelta(seconds=min(LONGEST, FIRST * 2 ** min(job.checks, 10)))
    return passed >= wait or passed < timedelta(0)  # below nothing: the clock was set back


def _check(work: RunAtWork, imports: Jobs, job: Job) -> None:
    """Asks after one job; an outage may last a while, for the destination works on meanwhile."""
    try:
        outcome = imports.check(job.job_id or "")
    except Stopped:
        return
    except DestinationFailed as error:
        if _is_final(work, job, error):
            return _give_up(work, job, JobStatus.failed, str(error))
        return _look_again(work, job, missed=True)
    if outcome is not None:
        return finished(work, job, outcome)
    _under_way(work, job)


def _under_way(work: RunAtWork, job: Job) -> None:
    """It is still worked on: patience has an end."""
    if work.store.clock() - job.sent_at > timedelta(seconds=work.store.settings.job_timeout):
        return _give_up(work, job, JobStatus.stuck, _stuck(work, job))
    _look_again(work, job, missed=False)


def _is_final(work: RunAtWork, job: Job, error: DestinationFailed) -> bool:
    """Whether asking again is of no use: a new job may be unknown for a moment."""
    if isinstance(error, Missing):
        return work.store.clock() - job.sent_at > timedelta(seconds=APPEARS_WITHIN)
    if isinstance(error, Rejected):
        return True
    return work.outage_lasts(job.misses == 0)


def _look_again(work: RunAtWork, job: Job, missed: bool) -> None:
    with work.store.begin() as session:
        jobs.looked(session, jobs.found(session, job), missed)


def _give_up(work: RunAtWork, job: Job, status: JobStatus, error: str) -> None:
    """The batch is undelivered as far as anybody knows."""
    work.settle(job, status, refused=job.refused, error=error)


def finished(work: RunAtWork, job: Job, outcome: Outcome) -> None:
    """What became of a batch: keeps its refused rows first, then records the numbers.

    Who is to be sent once more, without optional fields, belongs to another batch from here on.
    """
    run, settings = work.run, work.store.settings
    sent = frozen.as_sent(rejects.folder(settings, run), run.part, job.batch)
    at_once = rejects.refused_at_once(settings, run, job.batch)
    settled = refusals.settle(sent, at_once, outcome, run.order.capabilities.title)
    again = trimmed.set_aside(work, job.batch, sent, settled.without)
    refused = settled.rows.filter(~pl.col("row").is_in(again.implode()))
    rejects.keep_refused(settings, run, job.batch, "job", refused)
    trimmed.count(work, job.batch)
    work.settle(
        job,
        JobStatus.cancelled if outcome.status is Ended.cancelled else JobStatus.complete,
        profiles=sent.height - again.len(),
        accepted=settled.accepted,
        refused=at_once.height + settled.refused - again.len(),
        error=settled.error,
    )


def _stuck(work: RunAtWork, job: Job) -> str:
    return _(
        "{destination} has not finished import job {job} of batch {batch} in time. Its "
        "profiles count as undelivered. Retry the run; it is safe for those that arrived "
        "after all."
    ).format(destination=work.run.order.capabilities.title, job=job.job_id, batch=job.batch)
