"""How a run goes on: its steps from status to status, its numbers, its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from core.store import jobs, runs
from core.store.database import Moment, moment
from core.store.tables.runs import ENDED, STEPS, Job, JobStatus, Run, RunKind, RunStatus, Stage

COPIED = (  # by each further part of a split
    *("export_id", "export", "account", "list_id", "connection_id", "trigger", "by"),
    *("order_data", "parts"),
)


def step(session: Session, run_id: int, status: RunStatus, **values: Any) -> Run:
    """Takes a run to its next status and sets values with it, if STEPS allow it; else leaves it.

    One statement decides, so that a stop at the same moment is never written over.
    """
    allowed = [before for before, after in STEPS.items() if status in after]
    now = moment(session)
    if status is RunStatus.running:
        values["started_at"] = sa.func.coalesce(col(Run.started_at), sa.literal(now, Moment))
    if status in ENDED:
        values["finished_at"] = now
        values["seconds"] = seconds(session.get_one(Run, run_id), now)
    session.execute(
        sa.update(Run)
        .where(col(Run.id) == run_id, col(Run.status).in_(allowed))
        .values(status=status, **values)
    )
    return _fresh(session, run_id)


def record(session: Session, run: Run, values: dict[str, Any]) -> None:
    """Sets absolute numbers on the run's row."""
    for key, value in values.items():
        setattr(run, key, value)
    session.add(run)


def correct(session: Session, run_id: int) -> None:
    """Sets an ended run's outcomes to what its jobs say by now; how it ended stays."""
    batches, taken, accepted, refused = _sums(session, run_id)
    run = _fresh(session, run_id)
    accepted -= run.missing
    values = {
        "batches_sent": batches,
        "accepted": accepted,
        "refused": refused,
        "undelivered": run.sent - accepted - refused,
    }
    record(session, run, values | _still_open(session, run, run.sent - taken))


def hold(
    session: Session,
    run_id: int,
    why: str,
    asking: int | None = None,
    guards: Sequence[Mapping[str, Any]] = (),
) -> Run:
    """Keeps the run for a person to see to `why`, a sentence; the account is free meanwhile.

    `asking` is the number that they have to confirm, where it is theirs to decide; `guards` those
    that were crossed, as data.
    """
    run = _fresh(session, run_id)
    begun: dict[str, Any] = {"since": moment(session).isoformat(), "why": why, "asking": asking}
    begun |= {"guards": list(guards)} if guards else {}
    values = {"hold": why, "asking": asking, "holds": col(Run.holds) + 1}
    story = [*run.held_data, begun]
    return step(
        session, run_id, RunStatus.held, **values, held_data=story, claimed=False, stage=None
    )


def let_go(
    run: Run,
    now: datetime,
    deed: str,
    by: str,
    number: int | None = None,
    *,
    keeps: bool = False,
) -> list[dict[str, Any]]:
    """The story of the run's holds, the last one ended by a person's deed now.

    `keeps`: they had nobody taken off the list.
    """
    *before, last = run.held_data or [{}]
    if not last or "until" in last:
        return run.held_data
    done = {"until": now.isoformat(), "deed": deed, "by": by, "number": number}
    return [*before, last | done | ({"keeps": True} if keeps else {})]


def add_up(session: Session, run_id: int) -> None:
    """Sets the run's numbers to the sum of its jobs; what was not taken is not sent yet."""
    batches, sent, accepted, refused = _sums(session, run_id)
    session.execute(
        sa.update(Run)
        .where(col(Run.id) == run_id, col(Run.finished_at).is_(None))
        .values(
            batches_sent=batches,
            sent=sent,
            accepted=accepted - col(Run.missing),
            refused=refused,
            progressed_at=moment(session),
        )
    )


def add_part(session: Session, first: Run, number: int, values: dict[str, Any]) -> None:
    """A queued run for a further part of a split; its rows are frozen already."""
    part = Run(
        **{name: getattr(first, name) for name in COPIED},
        first_id=first.id,
        part=number,
        created_at=moment(session),
    )
    record(session, part, values)


def end(session: Session, run_id: int, *, recording: bool = False) -> Run:
    """Ends a run: what no job accepted or refused is undelivered, and the sums hold.

    `recording`: what it delivered is not in the ledger yet.
    """
    if (run := _fresh(session, run_id)).status in ENDED:
        return run
    add_up(session, run_id)
    run = _fresh(session, run_id)
    sent = run.valid - run.unchanged
    undelivered = sent - run.accepted - run.refused
    troubles = jobs.troubles(session, run_id)
    values: dict[str, Any] = {
        "sent": sent,
        "undelivered": undelivered,
        "stage": Stage.recording if recording else None,
    }
    values |= _still_open(session, run, sent - run.sent)
    status = _outcome(run, undelivered)
    if not run.error and troubles:
        values["error"] = troubles[0].error
    return step(session, run_id, status, **values)


def claim(session: Session, run_id: int, account: str) -> bool:
    """Claims the account for the run until it ends; False while another run has it.

    A cancelled one has it until what it delivered is recorded.
    """
    if runs.is_recording(session, account):
        return False
    parts = sa.update(Run).where(col(Run.first_id) == run_id, col(Run.finished_at).is_(None))
    session.execute(parts.values(account=account))
    try:
        with session.begin_nested():
            own = sa.update(Run).where(col(Run.id) == run_id)
            session.execute(own.values(account=account, claimed=True))
    except IntegrityError:
        return False
    return True


def _still_open(session: Session, run: Run, not_taken: int) -> dict[str, int]:
    """What was not sent; and of a cancelled run, what is asked after until it is known.

    A batch in flight as it stopped may have left: it is asked after like the jobs under way.
    """
    if not run.stop_asked_by:
        return {"not_sent": max(0, not_taken), "counting": 0}
    doubtful = sum(job.profiles for job in jobs.in_doubt(session, run.id))
    under_way = jobs.under_way(session, run.id)
    return {"not_sent": max(0, not_taken - doubtful), "counting": under_way + doubtful}


def _sums(session: Session, run_id: int) -> tuple[int, int, int, int]:
    """Of the run's jobs: batches and profiles that were taken, accepted, refused.

    A batch whose outcome was told at once is taken without the id of a job.
    """
    at_once = col(Job.status).in_((JobStatus.refused, JobStatus.complete))
    taken = sa.or_(col(Job.job_id).is_not(None), at_once)
    query = sa.select(
        sa.func.coalesce(sa.func.sum(sa.case((taken, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((taken, col(Job.profiles)), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(col(Job.accepted)), 0),
        sa.func.coalesce(sa.func.sum(col(Job.refused)), 0),
    )
    batches, sent, accepted, refused = session.execute(query.where(col(Job.run_id) == run_id)).one()
    return batches, sent, accepted, refused


def _outcome(run: Run, undelivered: int) -> RunStatus:
    """How a run ended: broken off is failed; what arrived only in part is partial."""
    unfinished = undelivered > 0 or not run.batches
    if run.kind != RunKind.export:
        unfinished = undelivered > 0 or run.undo is None or run.leaves_over
    if run.stop_asked_by and unfinished:
        return RunStatus.cancelled
    if run.error and unfinished:
        return RunStatus.failed
    if undelivered and not run.accepted:
        return RunStatus.failed
    if undelivered or run.refused or run.error or any(run.rejected.values()):
        return RunStatus.partial
    return RunStatus.succeeded


def seconds(run: Run, end: datetime) -> float | None:
    """How long it took until then, less how long it was held; None where it never began."""
    if run.started_at is None:
        return None
    held = timedelta()
    for hold in run.held_data:
        until = datetime.fromisoformat(hold["until"]) if hold.get("until") else end
        held += max(timedelta(), until - datetime.fromisoformat(hold["since"]))
    return max(0.0, (end - run.started_at - held).total_seconds())


def _fresh(session: Session, run_id: int) -> Run:
    session.flush()
    run = session.get_one(Run, run_id)
    session.refresh(run)
    return run
