"""Notices what needs somebody, and what works again: from rows alone, whoever wrote them.

Runs know nothing of it, so that nothing here harms or delays one. A look is one transaction: what
it noticed and the messages about it are there together, or the next look notices it again.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from core.alerts import of_runs, of_schedules, wording
from core.configuration.alerts import Reason
from core.store import (
    Store,
    alert_facts,
    alert_settings,
    alerts,
    approvals,
    channels,
    connections,
    exports,
)
from core.store.alerts import Subject
from core.store.tables.connections import ConnectionRow, ConnectionState

RUNS, SLOTS = "runs", "slots"  # cursors
TROUBLE = frozenset({ConnectionState.degraded, ConnectionState.broken, ConnectionState.reconnect})


def look(store: Store, now: datetime) -> None:
    """Writes a message for each change since the last look. Raises StorageFailed."""
    with store.begin() as session:
        if alerts.seen(session, RUNS) is None:
            _begin(session)
        limits = alert_settings.limits(session)
        watched = {row.id: row for row in exports.everything(session) if not exports.paused(row)}
        _forget_others(session, watched.keys())
        of_runs.look(session, RUNS, watched, limits, now)
        of_schedules.look(session, SLOTS, watched, now)
        for row in connections.everything(session):
            _connection(session, row, now)
        _proposals(session, now)


def _begin(session: Session) -> None:
    """Whatever was before the first channel was there is nobody's news."""
    since = channels.first_added(session)
    for parts in alert_facts.ended(session, 0, {}):
        if since is None or max(part.finished_at or since for part in parts) < since:
            alerts.see(session, of_runs.subject(parts[0].export_id or 0).key, parts[0].id)
    if since is None:
        alerts.see(session, RUNS, alert_facts.all_ended(session))
    alerts.see(session, SLOTS, alert_facts.newest_slot(session, since))


def _forget_others(session: Session, watched: Iterable[int]) -> None:
    """What was wrong with exports that are paused or removed, and connections that are removed."""
    known = {of_runs.subject(id).key for id in watched}
    known |= {_subject(session, row).key for row in connections.everything(session)}
    for state in alerts.states(session):
        kind = state.subject.partition(" ")[0]
        if kind in ("export", "connection") and state.subject not in known:
            alerts.forget(session, state.subject)


def _connection(session: Session, row: ConnectionRow, now: datetime) -> None:
    about = _subject(session, row)
    known = alerts.state(session, about.key, Reason.connection)
    if row.state in TROUBLE and row.removal is None:
        if known is None or known.detail != row.state:
            message = wording.connection(row)
            alerts.begin(session, about, Reason.connection, row.state, message, now)
    elif known and row.state == ConnectionState.ok:
        message = wording.connection_works(row)
        alerts.end(session, about, Reason.connection, message, now)


def _subject(session: Session, row: ConnectionRow) -> Subject:
    users = [export.id for export in connections.used_by(session, row.id)]
    return Subject(f"connection {row.id}", users)


def _proposals(session: Session, now: datetime) -> None:
    """Each that waits is told once, and so is the decision."""
    waiting = {row.export_id: row for row in approvals.waiting(session)}
    for export_id, row in waiting.items():
        about = of_runs.subject(export_id)
        known = alerts.state(session, about.key, Reason.approval)
        if known is None or known.detail != str(row.id):
            message = wording.proposed(row, exports.find(session, export_id))
            alerts.begin(session, about, Reason.approval, str(row.id), message, now)
    for state in alerts.states(session):
        if state.reason != Reason.approval or of_runs.export_of(state.subject) in waiting:
            continue
        if done := approvals.look_up(session, int(state.detail)):
            over = wording.decided(done, exports.find(session, done.export_id))
            alerts.end(session, of_runs.subject(done.export_id), Reason.approval, over, now)
