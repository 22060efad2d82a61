"""What alerts tell of schedules: missed times, refreshes that failed; and the heartbeat."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.alerts import of_runs, wording
from core.configuration.alerts import Reason
from core.store import alert_facts, alert_settings, alerts, exports, preferences, slots
from core.store.alerts import Subject
from core.store.tables.exports import ExportRow
from core.store.tables.schedules import Outcome, Slot

NAMED = 3  # times in a sentence
BEATS = frozenset({Outcome.ran, Outcome.failed})  # a refresh that took place


def look(session: Session, cursor: str, watched: Mapping[int, ExportRow], now: datetime) -> None:
    """At the slots that got their outcome since the last look."""
    found = alert_facts.slots(session, alerts.seen(session, cursor) or 0)
    if not found:
        return
    common = _of_refresh(session, [slot for slot, _export in found])
    by_schedule: dict[str, list[Slot]] = defaultdict(list)
    for slot, export in found:
        is_own = slot.schedule == slots.REFRESH or slot.at not in common
        is_watched = export is None or (export.id in watched and not export.sample)
        if is_own and is_watched:
            by_schedule[slot.schedule].append(slot)
    for schedule, some in by_schedule.items():
        if schedule == slots.REFRESH:
            _refreshes(session, some, now)
        elif some[-1].export_id:
            _starts(session, some, now)
        _missed(session, schedule, some, now)
    alerts.see(session, cursor, found[-1][0].id)


def _of_refresh(session: Session, some: Sequence[Slot]) -> set[datetime]:
    """The times that the refresh shares with exports that follow it: it is told of it alone."""
    return alert_facts.slots_at(session, slots.REFRESH, [slot.at for slot in some])


def _refreshes(session: Session, some: Sequence[Slot], now: datetime) -> None:
    about = _refresh(session)
    for slot in some:
        known = alerts.state(session, about.key, Reason.refresh)
        if slot.outcome == Outcome.failed and known is None:
            message = wording.refresh_failed(slot)
            alerts.begin(session, about, Reason.refresh, str(slot.id), message, now)
        if slot.outcome == Outcome.ran and known:
            alerts.end(session, about, Reason.refresh, wording.refresh_works(), now)
    beats = [slot for slot in some if slot.outcome in BEATS]
    if beats and alert_settings.heartbeat_host(session):
        alerts.beat(session, beats[-1].outcome, now)


def _starts(session: Session, some: Sequence[Slot], now: datetime) -> None:
    """A run that could not be asked for has failed; of the others their runs tell."""
    about = of_runs.subject(some[-1].export_id or 0)
    for slot in some:
        failed = slot.outcome == Outcome.failed and slot.run_id is None
        if failed and alerts.state(session, about.key, Reason.failed) is None:
            message = wording.not_started(slot)
            alerts.begin(session, about, Reason.failed, f"slot {slot.id}", message, now)


def _missed(session: Session, schedule: str, some: Sequence[Slot], now: datetime) -> None:
    """Several at once are one message; so is that the last one was made up for."""
    about = _refresh(session)
    if schedule != slots.REFRESH:
        about = of_runs.subject(some[-1].export_id or 0)
    name = some[-1].name or None
    missed = [slot for slot in some if slot.outcome == Outcome.missed]
    known = alerts.state(session, about.key, Reason.missed)
    in_time = some[-1].outcome not in (Outcome.missed, Outcome.skipped)
    if missed and known is None:
        words = _words(session, missed)
        message = wording.missed(name, missed, words, made_up=in_time)
        alerts.begin(session, about, Reason.missed, str(missed[-1].id), message, now)
    if in_time:
        over = wording.on_time(name) if known else None
        alerts.end(session, about, Reason.missed, over, now)


def _words(session: Session, missed: Sequence[Slot]) -> str:
    zone = ZoneInfo(preferences.refresh(session).time_zone)
    times = [f"{slot.at.astimezone(zone):%Y-%m-%d %H:%M}" for slot in missed[-NAMED:]]
    return ", ".join(["…", *times] if len(missed) > NAMED else times)


def _refresh(session: Session) -> Subject:
    rows = exports.everything(session)
    followers = [row.id for row in rows if exports.schedule(row) == "refresh"]
    return Subject(slots.REFRESH, followers)
