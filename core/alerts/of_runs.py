"""What alerts tell of runs: failed, held, too many rejected, another size, much slower than usual.

Of each request, all parts of a split together, once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median

from sqlmodel import Session

from core.alerts import wording
from core.configuration.alerts import Limits, Reason
from core.runs import why
from core.runs.steps.guard import wrong
from core.store import alert_facts, alerts, exports, runs
from core.store.alert_facts import Former
from core.store.alerts import Subject
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus

KIND = "export "  # before the id, in the keys of subjects
ENOUGH = 5  # runs before, to know how long one usually takes
WORTH = 60.0  # seconds that a slow run takes longer than usual, at least
FEW = 10  # people by whom a size may change, whatever share that is
GOOD = frozenset({RunStatus.succeeded, RunStatus.partial})


def subject(export_id: int) -> Subject:
    """An export, as alerts name it."""
    return Subject(f"{KIND}{export_id}", [export_id], export_id)


def export_of(key: str) -> int | None:
    """The id of the export that a key names; None for another subject."""
    return int(key.removeprefix(KIND)) if key.startswith(KIND) else None


def noticed(session: Session, run: Run) -> bool:
    """Whether a look has seen that it ended, or is held; also where no look would tell that."""
    export = session.get(ExportRow, run.export_id) if run.export_id else None
    if export is None or exports.paused(export) or run.sample:
        return True
    about = subject(export.id).key
    if run.status == RunStatus.held:
        known = alerts.state(session, about, Reason.held)
        return known is not None and known.detail == _hold(run)
    return (alerts.seen(session, about) or 0) >= (run.first_id or run.id)


def look(
    session: Session,
    cursor: str,
    watched: Mapping[int, ExportRow],
    limits: Limits,
    now: datetime,
) -> None:
    """At those that have ended since the last look, and those under way."""
    seen = {id: n for key, n in alerts.cursors(session).items() if (id := export_of(key))}
    all_ended = alert_facts.all_ended(session)  # before they are read: another may end meanwhile
    for parts in alert_facts.ended(session, alerts.seen(session, cursor) or 0, seen):
        run = parts[0]
        if run.export_id in watched and run.order.only_email is None:
            _ended(session, parts, limits, now)
        alerts.see(session, subject(run.export_id or 0).key, run.id)
    alerts.see(session, cursor, all_ended)
    active = {run.export_id or 0: run for run in alert_facts.under_way(session)}
    held = {export_of(row.subject) for row in alerts.states(session) if row.reason == Reason.held}
    for id in watched.keys() & (active.keys() | held):  # the others have no hold to speak of
        going_on = active.get(id)
        _holds(session, id, going_on, now)
        if going_on and going_on.status == RunStatus.running and not going_on.holds:
            former = alert_facts.former(session, going_on)
            _slow(session, going_on, _seconds(going_on, now), former, limits, now)


def _ended(session: Session, parts: Sequence[Run], limits: Limits, now: datetime) -> None:
    worst = runs.standing_for(parts)
    about = subject(worst.export_id or 0)
    known = alerts.state(session, about.key, Reason.failed)
    if worst.status == RunStatus.failed and known is None:
        message = wording.failed(worst)
        alerts.begin(session, about, Reason.failed, str(worst.id), message, now)
    if worst.status not in GOOD:
        return
    if known:
        alerts.end(session, about, Reason.failed, wording.works_again(worst), now)
    if worst.retry_of is None:
        _numbers(session, parts, limits, now)


def _numbers(session: Session, parts: Sequence[Run], limits: Limits, now: datetime) -> None:
    """Of a run that has read everything."""
    first, former = parts[0], alert_facts.former(session, parts[0])
    _rejected(session, parts, limits.rejected, now)
    _size(session, first, sum(part.members for part in parts), former, limits, now)
    ends = [part.finished_at for part in parts if part.finished_at]
    if not any(part.holds for part in parts):
        _slow(session, first, _seconds(first, max(ends)), former, limits, now)


def _rejected(session: Session, parts: Sequence[Run], limit: float, now: datetime) -> None:
    run, members = parts[0], sum(part.members for part in parts)
    n = sum(wrong(part.rejected) + part.refused for part in parts)
    about = subject(run.export_id or 0)
    known = alerts.state(session, about.key, Reason.rejected)
    if members and 100 * n > limit * members:
        if known is None:
            message = wording.rejected(run, n, members, limit)
            alerts.begin(session, about, Reason.rejected, str(run.id), message, now)
    elif known:
        message = wording.less_rejected(run, limit)
        alerts.end(session, about, Reason.rejected, message, now)


def _size(
    session: Session,
    run: Run,
    members: int,
    former: Sequence[Former],
    limits: Limits,
    now: datetime,
) -> None:
    """Each change is news of its own: there is nothing to recover from."""
    if not former:
        return
    before = former[0].members
    change = abs(members - before)
    if change > FEW and 100 * change > limits.size * before:
        about, found = subject(run.export_id or 0), why.within(session, run)
        message = wording.resized(run, members, before, found.sentence if found else None)
        alerts.begin(session, about, Reason.size, str(run.id), message, now)


def _slow(
    session: Session,
    run: Run,
    seconds: float,
    former: Sequence[Former],
    limits: Limits,
    now: datetime,
) -> None:
    """Told while it still runs, once; over with a run that takes as long as usual."""
    known_times = [one.seconds for one in former if one.seconds is not None]
    if len(known_times) < ENOUGH:
        return
    about, usual = subject(run.export_id or 0), median(known_times)
    known = alerts.state(session, about.key, Reason.slow)
    if seconds > limits.slow * usual and seconds - usual > WORTH:
        if known is None:
            message = wording.slow(run, seconds, usual)
            alerts.begin(session, about, Reason.slow, str(run.id), message, now)
    elif known and run.finished_at:
        message = wording.quick_again(run, seconds)
        alerts.end(session, about, Reason.slow, message, now)


def _holds(session: Session, export_id: int, active: Run | None, now: datetime) -> None:
    """Each hold is told once; and that somebody has decided, so that nobody else needs to."""
    about = subject(export_id)
    known = alerts.state(session, about.key, Reason.held)
    if active and active.status == RunStatus.held:
        detail = _hold(active)
        if known is None or known.detail != detail:
            message = wording.held(active)
            alerts.begin(session, about, Reason.held, detail, message, now)
    elif known:
        run = session.get(Run, int(known.detail.partition("-")[0]))
        message_over = wording.let_go(run) if run else None
        alerts.end(session, about, Reason.held, message_over, now)


def _hold(run: Run) -> str:
    """Which hold it is, of all of an export's."""
    return f"{run.id}-{run.holds}"


def _seconds(run: Run, until: datetime) -> float:
    return (until - (run.started_at or until)).total_seconds()
