"""What happened: runs as numbers for charts, as objects for the command line, and their rejects."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core import masks
from core.access import Action, Person, may
from core.store import Store, audit
from core.store.audit import Deed
from core.store.runs import everything
from core.store.tables import ENDED, Job, JobStatus, Run, RunStatus
from core.texts import _

if TYPE_CHECKING:
    import polars as pl

# Each reason in words, and what a person can do about it.
REASONS: dict[str, tuple[str, str]] = {
    "missing_email": (_("No email"), _("Fill the field in the source")),
    "invalid_email": (_("Email not valid"), _("Correct it in the source")),
    "duplicate_email": (_("Duplicate email"), _("Nothing: the first in the order was sent")),
    "too_large": (_("Profile larger than 100 KB"), _("Match fewer or shorter fields")),
    "external_id_too_long": (
        _("External ID too long"),
        _("Match a field of at most 255 characters"),
    ),
    "excluded": (_("Excluded by a segment"), _("Nothing: the export leaves these people out")),
    "suppressed": (
        _("Suppressed in Klaviyo"),
        _("Nothing: the export leaves out who may get no marketing by email"),
    ),
    "refused": (_("Refused by Klaviyo"), _("See Klaviyo's words in the file")),
}
WARNINGS: dict[str, str] = {
    "invalid_phone": _("phone numbers aren't valid; they are left out, the profiles are sent"),
    "not_finite_number": _("numbers are not finite; they are left out, the profiles are sent"),
}
COLUMNS = (  # of a run that are told as they are
    *("members", "valid", "rejected", "sent", "accepted", "refused", "undelivered"),
    *("added", "updated", "unchanged", "removed", "cleared", "warnings", "requests"),
    *("throttled", "error", "trigger", "by"),
    *("part", "parts", "retry_of"),
)
IN_CSV = (
    "run_id",
    "export",
    "status",
    "created_at",
    "started_at",
    "finished_at",
    "seconds",
    "trigger",
    "by",
    "members",
    "valid",
    "sent",
    "accepted",
    "refused",
    "undelivered",
    "unchanged",
    "removed",
    "cleared",
    "requests",
    "throttled",
    "error",
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


def runs_csv(store: Store, person: Person, **filters: Any) -> bytes:
    """Runs, newest first, as CSV for a spreadsheet; the filters are those of `store.runs`.

    Raises Denied.
    """
    import polars as pl

    from core.audience import looks

    store.require(person, Action.look)
    with store.begin() as session:
        found = everything(session, **filters, limit=None)
    rows = [as_data(run, ()) for run in found]
    cells = {name: [row[name] for row in rows] for name in IN_CSV}
    return looks.csv(pl.DataFrame(cells))


def reason_counts(run: Run) -> dict[str, int]:
    """Profiles that were not exported, by reason; those that Klaviyo refused among them."""
    return {**run.rejected, **({"refused": run.refused} if run.refused else {})}


def seconds_left(run: Run, now: datetime | None = None) -> int | None:
    """Seconds until a running run ends, from its pace so far; None while nothing is known.

    Half of the way is sending, the other half is Klaviyo's work on the jobs.
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


def rejected(store: Store, person: Person, run: Run) -> "pl.DataFrame":
    """Each profile of the run that was not exported: row, email, reason, detail. Raises Denied.

    Email addresses are masked for those who may not see them.
    """
    import polars as pl

    from core.runs import rejects  # lists of runs need nothing of all that

    store.require(person, Action.look)
    found = rejects.of_run(store.settings, run)
    if may(person, Action.see_addresses):
        return found
    return found.with_columns(
        email=pl.Series([text and masks.mask(text) for text in found["email"]], dtype=pl.String),
        detail=pl.Series([masks.masked(text) for text in found["detail"]], dtype=pl.String),
    )


def audit_csv(store: Store, person: Person, **filters: Any) -> bytes:
    """The audit as CSV, the newest first; that it was taken home stands in it.

    The filters are those of `audit.entries`. Raises Denied.
    """
    import polars as pl

    from core.audience import looks

    with store.begin() as session:
        rows = audit.entries(session, person, **filters, limit=None)
        audit.record(session, person, Deed.downloaded, "audit", "")
    names = ("at", "by", "role", "origin", "action", "kind", "what")
    columns = {name: [str(getattr(row, name)) for row in rows] for name in names}
    return looks.csv(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)))


def rejects_csv(store: Store, person: Person, run: Run) -> bytes:
    """The same as CSV that is safe to open in a spreadsheet. Raises Denied."""
    from core.audience import looks

    store.require(person, Action.see_addresses)
    found = looks.csv(rejected(store, person, run))
    with store.begin() as session:
        audit.record(session, person, Deed.downloaded, "rejects", f"{run.export}, run {run.id}")
    return found


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
        "send_all": bool(run.order.get("send_all")),
        "segments": run.segments,
        "read_back": run.read_back,
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
