"""What happened: runs as numbers for charts, as objects for the command line, and their rejects."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.store import Store
from core.store.runs import everything
from core.store.tables.runs import ENDED, Job, JobStatus, Run, RunStatus

if TYPE_CHECKING:
    pass

COLUMNS = (  # of a run that are printed as they are
    *("members", "valid", "rejected", "sent", "accepted", "refused", "undelivered"),
    *("missing", "not_sent", "counting"),
    *("added", "updated", "unchanged", "removed", "cleared", "warnings", "requests"),
    *("throttled", "error", "trigger", "by"),
    *("part", "parts", "retry_of"),
)
OUTCOMES = ("accepted", "rejected", "refused", "undelivered")
TROUBLE = frozenset({RunStatus.failed, RunStatus.held})


@dataclass(frozen=True, slots=True)
class Week:
    """One figure over some days: its sum (or median), a number a day, and the change to before."""

    total: float | None
    days: list[float]
    change: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How the last days went, each against as many days before."""

    accepted: Week  # profiles
    runs: Week
    troubled: Week  # runs that failed or were held
    seconds: Week  # of a run, median


def figures(store: Store, days: int = 7, now: datetime | None = None) -> Figures:
    """The figures of the last days, today included."""
    now = now or datetime.now(UTC)
    with store.begin() as session:
        past = everything(session, since=now - timedelta(days=2 * days), limit=None)
    ended = [run for run in past if run.status in ENDED]
    return Figures(
        accepted=_week(ended, now, days, lambda some: float(sum(r.accepted for r in some))),
        runs=_week(ended, now, days, lambda some: float(len(some))),
        troubled=_week(past, now, days, lambda some: float(sum(r.status in TROUBLE for r in some))),
        seconds=_week(ended, now, days, _median_seconds),
    )


def per_day(
    store: Store, since: datetime, time_zone: str, export_id: int | None = None
) -> list[tuple[date, str, int]]:
    """Profiles by day and outcome, oldest first; days without a run are left out."""
    with store.begin() as session:
        past = everything(session, since=since, export_id=export_id, limit=None)
    days: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(OUTCOMES, 0))
    for run in past:
        if run.status in ENDED:
            day = days[run.created_at.astimezone(ZoneInfo(time_zone)).date()]
            for outcome in OUTCOMES:
                day[outcome] += _outcome(run, outcome)
    return [(day, outcome, n) for day in sorted(days) for outcome, n in days[day].items()]


def seconds_left(run: Run, now: datetime | None = None) -> int | None:
    """Seconds until a running run ends, from its pace so far; None while nothing is known.

    Half of the work is sending, the other half is the destination's work on the jobs.
    """
    if run.started_at is None or run.progressed_at is None or run.finished_at or not run.valid:
        return None
    share = (run.sent + run.accepted + run.refused) / (2 * run.valid)
    if not 0.02 < share <= 1:
        return None
    passed = (run.progressed_at - run.started_at).total_seconds()
    since = ((now or datetime.now(UTC)) - run.progressed_at).total_seconds()
    left = round(passed / share - passed - since)
    return max(1, left) if left >= 0 else None  # longer than the pace foretold: nobody knows


def seconds(run: Run) -> float | None:
    """How long the run took, or has taken so far; None before its start."""
    if run.started_at is None:
        return None
    return round(((run.finished_at or datetime.now(UTC)) - run.started_at).total_seconds(), 1)


def as_data(run: Run, jobs: Iterable[Job]) -> dict[str, Any]:
    """A run with the names of the command line, for JSON. Numbers are profiles."""
    return {
        "run_id": run.id,
        "export": run.export,
        "status": str(run.status),
        "started_at": _iso(run.started_at),
        "finished_at": _iso(run.finished_at),
        "seconds": seconds(run),
        **{name: getattr(run, name) for name in COLUMNS},
        "send_all": run.order.send_all,
        "segments": run.segments,
        "read_back": run.read_back_data,
        "hold": run.hold,
        "export_user": run.export_user,
        "created_at": _iso(run.created_at),
        "jobs": [_job(job) for job in jobs],
    }


def _job(job: Job) -> dict[str, Any]:
    status = str(JobStatus(job.status))
    return {
        "id": job.job_id,
        "profiles": job.profiles,
        "bytes": job.bytes,
        "status": status,
        "batch": job.batch,
        "accepted": job.accepted,
        "refused": job.refused,
        "error": job.error,
    }


def _outcome(run: Run, outcome: str) -> int:
    return sum(run.rejected.values()) if outcome == "rejected" else int(getattr(run, outcome))


def _week(past: list[Run], now: datetime, days: int, measure: Any) -> Week:
    ages = [(run, (now - run.created_at).days) for run in past]
    recent = [run for run, age in ages if age < days]
    before = [run for run, age in ages if age >= days]
    daily = [measure([r for r, age in ages if age == back]) for back in reversed(range(days))]
    total = measure(recent) if recent else None
    earlier = measure(before) if before else None
    change = None if total is None or earlier is None else total - earlier
    return Week(total, [d or 0.0 for d in daily], change)


def _median_seconds(some: list[Run]) -> float | None:
    took = [s for run in some if (s := seconds(run)) is not None]
    return median(took) if took else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
