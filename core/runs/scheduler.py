"""Starts what schedules ask for: each slot gets exactly one outcome, whatever happens meanwhile.

A slot is claimed first (as due), then carried out: so a process that dies at any point leaves
either no row, and the slot is found again, or a due one, which `resume` settles.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from core.access import Action, Person, require
from core.configuration import calendar
from core.configuration.calendar import Either
from core.configuration.schedule import RefreshCron, RefreshSchedule
from core.errors import Conflict, SegferryError
from core.runs import refreshing
from core.store import (
    Store,
    audit,
    connections,
    export_segments,
    exports,
    joined,
    preferences,
    requests,
    runs,
    segments,
    slots,
    sources,
)
from core.store.audit import Deed
from core.store.tables.data import SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.refreshes import RefreshedSource
from core.store.tables.schedules import Outcome, Slot
from core.texts import _

LATE = timedelta(minutes=2)  # a slot found later than this was missed
MOST = 1_000  # slots missed by one schedule that are recorded; older ones are left out
NOBODY = "schedule"  # by whom, when nobody is known
SELF = replace(connections.WATCH, origin="schedule")  # in the audit
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ActiveSchedule:
    """A schedule that is active, and what it starts: an export, or for None the common refresh."""

    schedule: Either
    export: ExportRow | None = None

    @property
    def key(self) -> str:
        """Its name in the slots."""
        return slots.of_export(self.export.id) if self.export else slots.REFRESH


def tick(store: Store, now: datetime) -> None:
    """Gives every slot up to now its outcome, or starts it. Call it every second or two.

    Exports wait while a refresh is due; `refresh` carries that out. Raises StorageFailed.
    """
    with store.begin() as session:
        slots.follow_runs(session)
        pending = _pending(session, now)
    for line, moments in pending:
        with store.begin() as session:
            _claim(session, line, moments, now)
    with store.begin() as session:
        waiting = slots.due(session)
    if any(slot.schedule == slots.REFRESH for slot in waiting):
        return
    for slot in waiting:
        _carry(store, slot)


def refresh(store: Store) -> None:
    """Carries out the common refresh that is due, if one is; that may take long.

    Sources that segments use are read, their segments counted; then its exports can go. The slots
    of exports with a source that can't be read, or a segment that can't be counted, have failed.
    While another process refreshes, it waits. Raises StorageFailed.
    """
    with store.begin() as session:
        slot = next((s for s in slots.due(session) if s.schedule == slots.REFRESH), None)
        rows = used_sources(session)
        requested = slots.requested_by(session, slot.at) if slot else None
    if slot is None:
        return
    by, origin = requested or (SELF.name, SELF.origin)
    try:
        found = refreshing.refresh(store, replace(SELF, name=by, origin=origin), rows)
    except Conflict:
        return
    problems = [f"{one.name}: {why}" for one in found for why in refreshing.problems(one)]
    with store.begin() as session:
        for waiting in slots.due(session):
            if waiting.at == slot.at and (why := _unread(session, waiting, found)):
                slots.record(session, waiting, Outcome.failed, why)
        outcome = Outcome.failed if problems else Outcome.ran
        slots.record(session, slot, outcome, " ".join(problems) or slot.reason)


def used_sources(session: Session) -> list[SourceRow]:
    """The sources that a refresh reads: those of segments, and what is joined to them, by name."""
    used = {segment.source_id for segment in segments.everything(session)}
    used = joined.with_joined(session, used)
    return [row for row in sources.everything(session) if row.id in used]


def resume(store: Store, now: datetime) -> None:
    """Settles what a process that has ended left due. Call it before the first tick.

    By the choice of its schedule it is carried out now, or missed; missed also when a newer slot
    has come meanwhile. Raises StorageFailed.
    """
    with store.begin() as session:
        for slot in slots.due(session):
            schedule = _schedule_of(session, slot)
            if (
                schedule is None
                or schedule.after_downtime == "never"
                or _outdated(schedule, slot, now)
            ):
                slots.record(session, slot, Outcome.missed, _down())


def refresh_now(
    session: Session, person: Person, now: datetime, token_id: int | None = None
) -> None:
    """Asks for the common refresh at this moment, as if it were a slot of it.

    `token_id`: of the API's token that asks. Raises Denied; Conflict while one goes on.
    """
    require(person, Action.configure)
    if any(slot.schedule == slots.REFRESH for slot in slots.due(session)):
        raise Conflict(_("A refresh is already running. Its exports run once it has ended."))
    audit.record(session, person, Deed.asked, "refresh", "")
    slots.note_requested(session, now, person.name, person.origin)
    _claim_refresh(session, now, Outcome.due, None, _followers(session, now), token_id)


def schedule_for(row: ExportRow, refresh: RefreshSchedule | RefreshCron) -> Either | None:
    """What starts the export: its own schedule, or the common refresh that it follows; or None."""
    own = exports.schedule(row)
    if own == "refresh":
        return refresh if refresh.active else None
    return None if isinstance(own, str) else own


def _lines(session: Session) -> list[ActiveSchedule]:
    """Each schedule that is active now: read each time, so that changes act at once."""
    common = preferences.refresh(session)
    rows = [(row, exports.schedule(row)) for row in exports.everything(session)]
    own = [ActiveSchedule(schedule, row) for row, schedule in rows if not isinstance(schedule, str)]
    return [ActiveSchedule(common), *own] if common.active else own


def _pending(session: Session, now: datetime) -> list[tuple[ActiveSchedule, list[datetime]]]:
    """The slots of each schedule that nobody has claimed yet."""
    begun, latest = slots.beginnings(session), slots.latest(session, now)
    found = []
    for line in _lines(session):
        if line.key not in begun:  # made by a former version
            slots.begin(session, line.key, line.export.created_by if line.export else NOBODY, now)
            continue
        since = begun[line.key].since
        after = max(since, latest.get(line.key, since))
        first = calendar.next_slot(line.schedule, after)
        if first and first <= now:
            found.append((line, calendar.slots(line.schedule, after, now)[-MOST:]))
    return found


def _claim(session: Session, line: ActiveSchedule, moments: list[datetime], now: datetime) -> None:
    """Of those found late, the newest is made up for, if so chosen; the others were missed."""
    followers = [] if line.export else _followers(session, moments[-1])
    begun = slots.beginnings(session)
    for at in moments:
        outcome, reason = _outlook(session, line, at, moments[-1], now)
        if line.export:
            slots.claim(session, line.key, at, outcome, export=line.export, reason=reason)
        else:
            there = [row for row in followers if _began(begun, row, at)]
            _claim_refresh(session, at, outcome, reason, there)


def _outlook(
    session: Session, line: ActiveSchedule, at: datetime, newest: datetime, now: datetime
) -> tuple[Outcome, str | None]:
    """What is to come of the slot, and why."""
    late = now - at > LATE
    if late and (at != newest or line.schedule.after_downtime == "never"):
        return Outcome.missed, _down()
    if any(slot.schedule == line.key for slot in slots.due(session)):
        return Outcome.skipped, _("The previous one has not ended yet.")
    if late:
        return Outcome.due, _(
            "The server was down at that time; the latest missed time was run later."
        )
    return Outcome.due, None


def _claim_refresh(
    session: Session,
    at: datetime,
    outcome: Outcome,
    reason: str | None,
    followers: Iterable[ExportRow],
    token_id: int | None = None,
) -> None:
    """The refresh and the exports that follow it, all of them or none."""
    if slots.claim(session, slots.REFRESH, at, outcome, reason=reason, token_id=token_id):
        for row in followers:
            key = slots.of_export(row.id)
            slots.claim(session, key, at, outcome, export=row, reason=reason, token_id=token_id)


def _followers(session: Session, now: datetime) -> list[ExportRow]:
    """The exports that follow the common refresh, by name."""
    begun = slots.beginnings(session)
    rows = exports.everything(session)
    return [r for r in rows if exports.schedule(r) == "refresh" and _began(begun, r, now)]


def _began(begun: dict[str, slots.Beginning], row: ExportRow, at: datetime) -> bool:
    beginning = begun.get(slots.of_export(row.id))
    return beginning is None or beginning.since <= at


def _carry(store: Store, slot: Slot) -> None:
    """Starts the slot's run, or says why not; one that can't be started holds up no other."""
    try:
        with store.begin() as session:
            if slots.take(session, slot):
                _start(session, slot)
    except Exception as error:
        log.error("The slot of “%s” at %s can't be started: %s", slot.name, slot.at, error)
        with store.begin() as session:
            slots.record(session, slot, Outcome.failed, str(error))


def _start(session: Session, slot: Slot) -> None:
    row = session.get(ExportRow, slot.export_id) if slot.export_id else None
    if row is None or (why := hindrance(session, row)):
        why = _("The export was removed.") if row is None else why
        slots.record(session, slot, Outcome.skipped, why)
        return
    try:
        with session.begin_nested():
            by = replace(SELF, name=calendar.by_schedule(exports.schedule(row)))
            run = requests.request(session, by, row, trigger="schedule")
            run.by = _acting_for(session, row)
            session.add(run)
    except Conflict as error:
        slots.record(session, slot, Outcome.skipped, str(error))
    except SegferryError as error:
        slots.record(session, slot, Outcome.failed, str(error))
    else:
        slots.record(session, slot, Outcome.ran, slot.reason, run.id)


def hindrance(session: Session, row: ExportRow) -> str | None:
    """Why the export doesn't run now, although its time has come; None where it does."""
    if exports.paused(row):
        return _("The export is paused.")
    if row.connection_id is None:
        return _("The export has no connection.")
    if run := runs.active_of(session, row):
        return _("Its run {run} has not ended yet.").format(run=run.id)
    return None


def _acting_for(session: Session, row: ExportRow) -> str:
    """In whose name: the connection's export user, else whoever made the schedule."""
    connection = exports.connection_of(session, row)
    if connection and (user := connections.export_user(session, connection)):
        return user.name
    beginning = slots.beginnings(session).get(slots.of_export(row.id))
    return beginning.by if beginning else NOBODY


def _unread(session: Session, slot: Slot, found: Sequence[RefreshedSource]) -> str | None:
    """Why the export of the slot doesn't run after the refresh; None where it does."""
    row = session.get(ExportRow, slot.export_id) if slot.export_id else None
    if row is None:
        return None
    used = {use.segment_id for use in export_segments.uses(session) if use.export_id == row.id}
    return refreshing.hindrance(found, export_segments.source_of(session, row).id, used)


def _schedule_of(session: Session, slot: Slot) -> Either | None:
    """By which schedule the slot came, as it is now; None when it was removed."""
    if slot.schedule == slots.REFRESH:
        return preferences.refresh(session)
    row = session.get(ExportRow, slot.export_id) if slot.export_id else None
    own = exports.schedule(row) if row else "off"
    if own == "refresh":
        return preferences.refresh(session)
    return None if isinstance(own, str) else own


def _outdated(schedule: Either, slot: Slot, now: datetime) -> bool:
    newer = calendar.next_slot(schedule, slot.at)
    return bool(newer and newer <= now)


def _down() -> str:
    return _("The server was down.")
