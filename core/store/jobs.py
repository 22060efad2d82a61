"""Jobs of a run: noted before they are sent, settled once the destination has finished them."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.store.database import moment
from core.store.tables.runs import Job, JobStatus, Run

OPEN = (JobStatus.queued, JobStatus.processing)


def intend(session: Session, run_id: int, batch: int, profiles: int, size: int) -> Job:
    """The note that a batch is about to be sent; one of a batch that wasn't taken is put right."""
    job = find(session, run_id, batch) or Job(
        run_id=run_id, batch=batch, profiles=profiles, bytes=size, sent_at=moment(session)
    )
    if job.status == JobStatus.sending:
        job.profiles, job.bytes = profiles, size
    session.add(job)
    session.flush()
    return job


def sent(session: Session, job: Job, job_id: str, status: str, refused: int) -> None:
    """The destination took the batch, less the profiles that it refused at once."""
    job.job_id, job.refused = job_id, refused
    job.status = JobStatus(status) if status in OPEN else JobStatus.queued
    job.sent_at = moment(session)
    session.add(job)


def looked(session: Session, job: Job, missed: bool) -> None:
    """The job was asked after and isn't finished, or no answer came."""
    job.checks, job.checked_at = job.checks + 1, moment(session)
    job.misses = job.misses + 1 if missed else 0
    session.add(job)


def settled(
    session: Session,
    job: Job,
    status: JobStatus,
    *,
    accepted: int = 0,
    refused: int | None = None,
    profiles: int | None = None,
    error: str | None = None,
) -> None:
    """What became of the batch in the end, or of those that are left in it."""
    job.status, job.accepted, job.error = status, accepted, error
    job.refused = job.refused if refused is None else refused
    job.profiles = job.profiles if profiles is None else profiles
    job.settled_at = moment(session)
    session.add(job)


def given_up(session: Session, job: Job) -> None:
    """No job of the batch is to be found: it has not arrived."""
    job.status, job.settled_at = JobStatus.failed, moment(session)
    session.add(job)


def note(session: Session, job: Job, error: str) -> None:
    """What is wrong with a job that has ended; the first sentence stays."""
    job.error = job.error or error
    session.add(job)


def unfinished(session: Session, run_id: int) -> list[Job]:
    """Jobs that the destination has not finished, the longest unchecked first."""
    query = select(Job).where(Job.run_id == run_id, col(Job.status).in_(OPEN))
    return list(session.exec(query.order_by(col(Job.checked_at).nulls_first(), col(Job.batch))))


def under_way(session: Session, run_id: int) -> int:
    """Profiles in jobs that the destination has and has not finished."""
    left = sa.func.coalesce(sa.func.sum(col(Job.profiles) - col(Job.refused)), 0)
    query = sa.select(left).where(col(Job.run_id) == run_id, col(Job.status).in_(OPEN))
    return int(session.execute(query).scalar_one())


def in_doubt(session: Session, run_id: int) -> list[Job]:
    """Batches that may have left, and whose answer nobody waited for."""
    query = select(Job).where(Job.run_id == run_id, Job.status == JobStatus.sending)
    return list(session.exec(query.order_by(col(Job.batch))))


def known(session: Session, account: str) -> set[str]:
    """Ids of the destination's jobs in the account that belong to some batch already."""
    query = sa.select(col(Job.job_id)).join(Run).where(col(Run.account) == account)
    return {job_id for job_id in session.scalars(query) if job_id}


def of_run(session: Session, run_id: int) -> list[Job]:
    """The run's batches that were sent, in order."""
    return list(session.exec(select(Job).where(Job.run_id == run_id).order_by(col(Job.batch))))


def find(session: Session, run_id: int, batch: int) -> Job | None:
    """The note on this batch, if it was begun."""
    return session.get(Job, (run_id, batch))


def found(session: Session, job: Job) -> Job:
    """The job's row in this transaction."""
    return session.get_one(Job, (job.run_id, job.batch))


def troubles(session: Session, run_id: int) -> list[Job]:
    """Jobs that ended without delivering, in order."""
    query = select(Job).where(Job.run_id == run_id, col(Job.error).is_not(None))
    return list(session.exec(query.order_by(col(Job.batch))))
