"""What happened: runs as numbers for charts, as objects for the command line, and their rejects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from core.runs.holds import hold_reason, holds
from core.store import Store, progress, run_figures
from core.store.tables.runs import ENDED, Job, JobStatus, Run, RunKind, RunStatus
from core.texts import _

COLUMNS = (  # of a run that are printed as they are
    *("members", "valid", "rejected", "sent", "accepted", "refused", "undelivered"),
    *("missing", "not_sent", "counting"),
    *("added", "updated", "unchanged", "removed", "cleared", "warnings", "requests"),
    *("throttled", "error", "trigger", "by"),
    *("part", "parts", "retry_of", "undo_of"),
)
OUTCOMES = ("accepted", "rejected", "refused", "undelivered", "not_sent")


@dataclass(frozen=True, slots=True)
class Week:
    """One figure over some days: its sum (or median), a number a day, and the change to before.

    A day without a run has no median: None, not 0.
    """

    total: float | None
    days: list[float | None]
    change: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How the last days went, each against as many days before."""

    accepted: Week  # profiles
    runs: Week
    troubled: Week  # runs that failed or were held
    seconds: Week  # of a run, median


def figures(store: Store, days: int = 7, now: datetime | None = None, **filters: Any) -> Figures:
    """The figures of the last days, today included, of the runs that the filters let through.

    The filters are those of `store.runs`.
    """
    now = now or datetime.now(UTC)
    ends = [now - timedelta(days=back) for back in reversed(range(2 * days))]
    least = timedelta(microseconds=1)  # what was requested at this moment is of today
    bounds = [(end - timedelta(days=1) + least, end + least) for end in ends]
    with store.begin() as session:
        found = run_figures.days(session, bounds, **filters)
        took = run_figures.durations(session, bounds, **filters)
    each = [found.get(place) for place in range(2 * days)]
    return Figures(
        accepted=_week([float(day.accepted) if day else None for day in each]),
        runs=_week([float(day.runs) if day else None for day in each]),
        troubled=_week([float(day.troubled) if day else None for day in each]),
        seconds=_medians([took.get(place, []) for place in range(2 * days)]),
    )


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The runs of one day: profiles by outcome, the share rejected."""

    day: date
    outcomes: dict[str, int]  # of OUTCOMES
    rejected: float | None  # share of the members, 0 to 1; None without members
    runs: int


def per_day(
    store: Store, since: datetime, time_zone: str, now: datetime | None = None, **filters: Any
) -> list[DayFigures]:
    """The figures of each day since then, oldest first; days without a run are left out.

    Days are those of the time zone. The filters are those of `store.runs`.
    """
    days, bounds = days_since(since, time_zone, now)
    with store.begin() as session:
        found = run_figures.days(session, bounds, **filters)
    return [
        DayFigures(
            days[place],
            {outcome: getattr(one, outcome) for outcome in OUTCOMES},
            one.rejected / one.members if one.members else None,
            one.runs,
        )
        for place, one in sorted(found.items())
        if one.runs or any(getattr(one, outcome) for outcome in OUTCOMES)
    ]


def median_seconds(
    store: Store, since: datetime, time_zone: str, now: datetime | None = None, **filters: Any
) -> dict[date, float]:
    """How long the runs of each day took, median; of `per_day`'s days those with a run."""
    days, bounds = days_since(since, time_zone, now)
    with store.begin() as session:
        took = run_figures.durations(session, bounds, **filters)
    return {days[place]: median(some) for place, some in sorted(took.items())}


def days_since(
    since: datetime, time_zone: str, now: datetime | None = None
) -> tuple[list[date], list[tuple[datetime, datetime]]]:
    """The days from then on, and when each begins and ends; the first one begins at `since`."""
    zone, now = ZoneInfo(time_zone), now or datetime.now(UTC)
    first, last = since.astimezone(zone).date(), now.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    starts = [datetime.combine(day, time(), zone).astimezone(UTC) for day in days]
    ends = [*starts[1:], datetime.combine(last + timedelta(days=1), time(), zone)]
    return days, list(zip([max(since, starts[0]), *starts[1:]], ends, strict=True))


@dataclass(frozen=True, slots=True)
class ListPoint:
    """A list after one run of an export: its size in profiles, None where nobody counted."""

    run_id: int
    at: datetime
    size: int | None
    joined: int
    left: int
    held: bool  # at some time before it went on
    status: RunStatus = RunStatus.succeeded


def list_points(past: Iterable[Run]) -> list[ListPoint]:
    """One for each run that ended, oldest first."""
    ended = sorted((run for run in past if run.finished_at), key=lambda run: run.id)
    return [
        ListPoint(
            run.id,
            run.finished_at or run.created_at,
            size_after(run),
            run.added,
            run.removed,
            bool(run.holds),
            RunStatus(run.status),
        )
        for run in ended
    ]


def size_after(run: Run) -> int | None:
    """The size of its list in profiles, counted after the run; None where it wasn't."""
    found = run.read_back  # made anew from JSON at each call
    return found.arrived.after if found and found.arrived else None


@dataclass(frozen=True, slots=True)
class Totals:
    """Profiles of a request, all its parts together, as they stand at this moment.

    members = unchanged + rejected + sent + not_sent. Of those sent, handed over to the destination,
    accepted, refused and undelivered are known; the others are with it.
    """

    members: int
    unchanged: int
    rejected: int  # before sending
    sent: int
    not_sent: int
    accepted: int
    refused: int
    undelivered: int  # handed over, and not arrived
    counting: int  # in jobs that go on without a run that has ended
    missing: int  # of those undelivered: accepted, and not on the list

    @property
    def contradiction(self) -> str | None:
        """A sentence where the numbers don't add up; for runs that have ended."""
        each = (self.unchanged, self.rejected, self.sent, self.not_sent)
        if sum(each) != self.members:
            text = _(
                "These numbers don't add up: {members} members, but {unchanged} unchanged, "
                "{rejected} rejected, {sent} sent and {not_sent} not sent are {sum}."
            )
            return text.format(
                members=f"{self.members:,}",
                unchanged=f"{self.unchanged:,}",
                rejected=f"{self.rejected:,}",
                sent=f"{self.sent:,}",
                not_sent=f"{self.not_sent:,}",
                sum=f"{sum(each):,}",
            )
        known = (self.accepted, self.refused, self.undelivered, self.counting)
        if sum(known) == self.sent:
            return None
        text = _(
            "These numbers don't add up: {sent} were sent, but {accepted} accepted, {refused} "
            "refused and {undelivered} undelivered are {sum}."
        )
        return text.format(
            sent=f"{self.sent:,}",
            accepted=f"{self.accepted:,}",
            refused=f"{self.refused:,}",
            undelivered=f"{self.undelivered + self.counting:,}",
            sum=f"{sum(known):,}",
        )


def totals(parts: Iterable[Run]) -> Totals:
    """The sums of these runs."""
    each = [_totals(run) for run in parts]
    return Totals(*(sum(getattr(one, f.name) for one in each) for f in fields(Totals)))


def _totals(run: Run) -> Totals:
    over = run.finished_at is not None
    left = run.valid - run.unchanged
    sent = run.sent - run.not_sent if over else run.sent
    return Totals(
        members=run.members,
        unchanged=run.unchanged,
        rejected=sum(run.rejected.values()),
        sent=sent,
        not_sent=left - sent,
        accepted=run.accepted,
        refused=run.refused,
        undelivered=run.undelivered - run.not_sent - run.counting if over else 0,
        counting=run.counting,
        missing=run.missing,
    )


def seconds_left(run: Run, now: datetime | None = None) -> int | None:
    """Seconds until a running run ends, from its pace so far; None while nothing is known.

    Half of the work is sending, the other half is the destination's work on the jobs.
    """
    to_send = run.valid - run.unchanged
    if run.started_at is None or run.progressed_at is None or run.finished_at or not to_send:
        return None
    share = (run.sent + run.accepted + run.refused) / (2 * to_send)
    if not 0.02 < share <= 1:
        return None
    held = sum((hold.length(run.progressed_at) for hold in holds(run)), timedelta())
    passed = (run.progressed_at - run.started_at - held).total_seconds()
    since = ((now or datetime.now(UTC)) - run.progressed_at).total_seconds()
    left = round(passed / share - passed - since)
    return max(1, left) if left >= 0 else None  # longer than the pace foretold: nobody knows


def seconds(run: Run) -> float | None:
    """How long the run took, or has taken so far, less how long it was held; None before it began.

    A run that nobody has confirmed yet isn't running.
    """
    took = progress.seconds(run, run.finished_at or datetime.now(UTC))
    return None if took is None else round(took, 1)


def of_retry(again: Run) -> str:
    """What became of what a run left, in the run that took it over; for people."""
    if again.status in ENDED:
        return _("{n} delivered by run {run}").format(n=f"{again.accepted:,}", run=again.id)
    return _("Run {run} sends the undelivered ones").format(run=again.id)


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
        "refused_again": run.order.refused_again,
        "segments": run.segments,
        "read_back": run.read_back_data,
        "recording": run.is_recording,
        "hold": hold_reason(run),
        "holds": run.held_data,
        "export_user": run.export_user,
        "created_at": _iso(run.created_at),
        "kind": str(RunKind(run.kind)),
        "left_alone": (run.undo or {}).get("alone", {}),
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


def _week(each: Sequence[float | None]) -> Week:
    """Of as many days before and recent ones; None for a day without any run."""
    half = len(each) // 2
    before, recent = each[:half], each[half:]
    total, earlier = _total(recent), _total(before)
    change = None if total is None or earlier is None else total - earlier
    return Week(total, [one or 0.0 for one in recent], change)


def _total(each: Sequence[float | None]) -> float | None:
    known = [one for one in each if one is not None]
    return sum(known) if known else None


def _medians(each: Sequence[Sequence[float]]) -> Week:
    half = len(each) // 2
    before, recent = ([one for day in some for one in day] for some in (each[:half], each[half:]))
    total, earlier = (median(some) if some else None for some in (recent, before))
    change = None if total is None or earlier is None else total - earlier
    return Week(total, [median(day) if day else None for day in each[half:]], change)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
