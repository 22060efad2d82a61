"""The steps that look at import jobs until Klaviyo has finished each of them."""

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from core.destinations import Destination, Ended, Jobs, Outcome
from core.errors import DestinationFailed, Missing, Rejected, Stopped
from core.plan import frozen
from core.runs import rejects
from core.runs.steps import refusals
from core.runs.steps.logbook import Logbook
from core.store import jobs, progress
from core.store.tables.runs import Job, JobStatus
from core.texts import _

BREATH = 0.05  # seconds between two looks at the clock
LOOK_EVERY = 1.0  # seconds between two looks while batches are still sent
FIRST, LONGEST = 0.1, 5.0  # seconds between two looks at one job
APPEARS_WITHIN = 60.0  # seconds until a job that Klaviyo took can be asked after at the latest
FAREWELL = 0.7  # seconds that a stopped run still asks after its jobs


def look(log: Logbook, destination: Destination) -> None:
    """Settles one job that has ended, if there is one; all are asked after once a second.

    One job after one batch: so looking takes no more of Klaviyo's limits than sending does.
    """
    if (imports := destination.jobs) is None:
        return
    if time.monotonic() - log.looked_at > LOOK_EVERY:
        log.looked_at = time.monotonic()
        log.ended = frozenset(id for id, ended in imports.glance().items() if ended)
    for job in [job for job in _open(log) if job.job_id in log.ended][:1]:
        _check(log, imports, job)


def settle(log: Logbook, destination: Destination, seconds: float) -> int:
    """Asks after every job in its turn, for so many seconds; how many are still unfinished."""
    if (imports := destination.jobs) is None:
        return 0
    end = time.monotonic() + seconds
    while unfinished := _open(log):
        if log.stop_asked():
            end = min(end, time.monotonic() + FAREWELL)
        for job in _worth_asking(log, imports, unfinished):
            if time.monotonic() < end:
                _check(log, imports, job)
        if log.stop_asked() or time.monotonic() >= end:
            break
        time.sleep(BREATH)
    return 0 if log.stop_asked() else len(_open(log))


def settle_late(log: Logbook, destination: Destination) -> None:
    """Before a retry: which jobs of the ended run have come to their end after all.

    Where Klaviyo doesn't tell, their profiles count as undelivered as before.
    """
    if (imports := destination.jobs) is None:
        return
    with log.store.begin() as session:
        doubtful = [job for job in jobs.of_run(session, log.run_id) if _is_doubtful(job)]
    for job in doubtful:
        with suppress(DestinationFailed):
            outcome = imports.check(job.job_id or "")
            if outcome and outcome.status is Ended.complete:
                finished(log, job, outcome)
    with log.store.begin() as session:
        progress.correct(session, log.run_id)


def _is_doubtful(job: Job) -> bool:
    return job.job_id is not None and job.status in (*jobs.OPEN, JobStatus.stuck, JobStatus.failed)


def _worth_asking(log: Logbook, imports: Jobs, unfinished: list[Job]) -> list[Job]:
    """Of the jobs whose turn it is, those that aren't known to be under way still."""
    due = unfinished if log.stop_asked() else _due(unfinished)
    seen = _seen(imports) if len(due) > 1 else {}
    for job in due:
        if seen.get(job.job_id or "") is False:
            _under_way(log, job)
    return [job for job in due if seen.get(job.job_id or "", True)]


def _seen(imports: Jobs) -> Mapping[str, bool]:
    """Nothing is seen where the request fails: asking after each job tells why."""
    with suppress(DestinationFailed, Stopped):
        return imports.glance()
    return {}


def _open(log: Logbook) -> list[Job]:
    with log.store.begin() as session:
        return jobs.unfinished(session, log.run_id)


def _due(unfinished: list[Job]) -> list[Job]:
    """Those whose time has come: soon at first, then less and less often."""
    return [job for job in unfinished if _is_due(job, datetime.now(UTC))]


def _is_due(job: Job, now: datetime) -> bool:
    passed = now - (job.checked_at or job.sent_at)
    wait = timedelta(seconds=min(LONGEST, FIRST * 2 ** min(job.checks, 10)))
    return passed >= wait or passed < timedelta(0)  # below nothing: the clock was set back


def _check(log: Logbook, imports: Jobs, job: Job) -> None:
    """Asks after one job; an outage is borne for a while, for Klaviyo works on meanwhile."""
    try:
        outcome = imports.check(job.job_id or "")
    except Stopped:
        return
    except DestinationFailed as error:
        if _is_final(log, job, error):
            return _give_up(log, job, JobStatus.failed, str(error))
        return _look_again(log, job, missed=True)
    if outcome is not None:
        return finished(log, job, outcome)
    _under_way(log, job)


def _under_way(log: Logbook, job: Job) -> None:
    """Klaviyo is still at it: patience has an end."""
    if datetime.now(UTC) - job.sent_at > timedelta(seconds=log.store.settings.job_timeout):
        return _give_up(log, job, JobStatus.stuck, _stuck(job))
    _look_again(log, job, missed=False)


def _is_final(log: Logbook, job: Job, error: DestinationFailed) -> bool:
    """Whether asking again is of no use: a new job may be unknown for a moment."""
    if isinstance(error, Missing):
        return datetime.now(UTC) - job.sent_at > timedelta(seconds=APPEARS_WITHIN)
    if isinstance(error, Rejected):
        return True
    return log.outage_lasts(job.misses == 0)


def _look_again(log: Logbook, job: Job, missed: bool) -> None:
    with log.store.begin() as session:
        jobs.looked(session, jobs.found(session, job), missed)


def _give_up(log: Logbook, job: Job, status: JobStatus, error: str) -> None:
    """The batch is undelivered as far as anybody knows."""
    log.settle(job, status, refused=job.refused, error=error)


def finished(log: Logbook, job: Job, outcome: Outcome) -> None:
    """What became of a batch: keeps its refused rows first, then records the numbers."""
    run, settings = log.run(), log.store.settings
    batch = frozen.read_batch(rejects.folder(settings, run), run.part, job.batch)
    gone = rejects.refused_at_once(settings, run, job.batch)
    settled = refusals.settle(batch, gone, outcome)
    rejects.keep_refused(settings, run, job.batch, "job", settled.rows)
    status = JobStatus.cancelled if outcome.status is Ended.cancelled else JobStatus.complete
    refused = gone.height + settled.refused
    log.settle(job, status, accepted=settled.accepted, refused=refused, error=settled.error)


def _stuck(job: Job) -> str:
    return _(
        "Klaviyo has not finished import job {job} of batch {batch} in time. Its profiles count as "
        "undelivered; retry the run, which does no harm to those that arrived after all."
    ).format(job=job.job_id, batch=job.batch)
