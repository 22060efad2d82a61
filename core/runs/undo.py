"""Taking back a run, or a list to a former day: the plan for people, and asking for it."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.access import Action, Person, may
from core.configuration.order import Order, Undo
from core.errors import Conflict, Invalid
from core.runs.scheduler import schedule_for
from core.runs.undo_plan import UndoPlan
from core.store import Store, exports, preferences, removed, runs, undoing
from core.store.orders import account_key, order_of
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _

if TYPE_CHECKING:
    import polars as pl

RECORDED_WITHIN = 10.0  # seconds
LOOK_EVERY = 0.1  # seconds between two looks whether it is


def plan(store: Store, person: Person, run: int | str) -> UndoPlan:
    """What undoing a run would do now. Raises Denied, Unknown; Conflict where it can't be undone.

    Nothing is asked of the destination: who turns out to have been on the list before us is left
    there once it runs.
    """
    from core.runs import taking_back

    store.require(person, Action.preview)
    with store.begin() as session:
        found = runs.find(session, run)
        parts = undoing.parts_to_undo(session, found)
        row = session.get(ExportRow, found.export_id) if found.export_id else None
        if row is None:
            text = _("The export of run {run} was removed, so it can't be undone.")
            raise Conflict(text.format(run=found.id))
        scheduled = _is_scheduled(session, row)
    first = parts[0]
    ids = tuple(part.id for part in parts)
    order = replace(first.order, undo=Undo(ids))
    place = _ledger(store, first.account, order)
    people = _people(store, place, order, row.id)
    _require_kept(store, parts)
    shown = _plan(person, row, first.list_id, order, people, scheduled, undoes=first.id)
    return replace(shown, since=taking_back.runs_since(store, place, ids))


def plan_of_day(store: Store, person: Person, export: int | str, day: date) -> UndoPlan:
    """What takes the export's list back to who was on it at the end of that day.

    Of all people whom exports of this installation put there. Raises Denied, Unknown; Invalid for
    a day that isn't over, or of which nothing is known.
    """
    store.require(person, Action.preview)
    with store.begin() as session:
        row = exports.find(session, export)
        order, account = order_of(session, row), _account(session, row)
        scheduled = _is_scheduled(session, row)
        zone = ZoneInfo(preferences.refresh(session).time_zone)
    if order.list_id is None:
        text = _("The export “{name}” joins no list, so there is none to be restored.")
        raise Invalid(text.format(name=row.name))
    place = _ledger(store, account, order)
    _require_day(place, day, store.clock(), zone)
    day_end = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    order = replace(order, undo=Undo(day_end=day_end))
    people = _people(store, place, order, row.id)
    return _plan(person, row, row.list_id, order, people, scheduled, day=day, day_end=day_end)


def first_day(store: Store, person: Person, export: int | str) -> date | None:
    """The earliest day to which the export's list can go back; None before its first run.

    Raises Denied, Unknown.
    """
    from core.plan import journal

    store.require(person, Action.look)
    with store.begin() as session:
        row = exports.find(session, export)
        place = _ledger(store, _account(session, row), order_of(session, row))
        zone = ZoneInfo(preferences.refresh(session).time_zone)
    found = journal.entries(place)
    return found[0].at.astimezone(zone).date() if found else None


def ask(
    store: Store,
    person: Person,
    plan: UndoPlan,
    *,
    trigger: str = "manual",
    confirmed: int | None = None,
    seen: bool = False,
    clears: bool = False,
    pauses: bool = True,
) -> Run:
    """Asks for the run that does it; the one under way, where it was asked for before.

    `seen`: the person saw this plan, and confirms it. `pauses`: the export's schedule no longer
    runs it, where they may change that. Raises Denied, Conflict.
    """
    with store.begin() as session:
        row, numbers = exports.find(session, plan.export_id), plan.numbers if seen else None
        if pauses and plan.scheduled and may_pause(session, person, row):
            exports.pause(session, person, row, paused=True)
        if plan.undoes is not None:
            run = runs.find(session, plan.undoes)
            return undoing.request(
                session,
                person,
                run,
                trigger=trigger,
                confirmed=confirmed,
                seen=numbers,
                clears=clears,
            )
        if plan.day_end is None or plan.day is None:
            raise Invalid(_("Choose a day."))
        return undoing.request_restore(
            session,
            person,
            row,
            plan.day_end,
            plan.day.isoformat(),
            trigger=trigger,
            confirmed=confirmed,
            seen=numbers,
        )


def going_on(store: Store, person: Person, run: int | str, confirmed: int | None) -> Run | None:
    """The run that is undoing this one already, confirmed by this number if it is held.

    Raises Denied, Unknown, Invalid.
    """
    with store.begin() as session:
        found = runs.find(session, run)
        if undoing.going_on(session, found) is None:
            return None
        return undoing.request(session, person, found, confirmed=confirmed)


def may_pause(session: Session, person: Person, row: ExportRow) -> bool:
    """Whether they may keep the export's schedule from running it."""
    return may(person, Action.manage_exports, exports.connection_of(session, row))


def _plan(
    person: Person,
    row: ExportRow,
    list_id: str,
    order: Order,
    people: "pl.DataFrame",
    scheduled: bool,
    *,
    undoes: int | None = None,
    day: date | None = None,
    day_end: datetime | None = None,
) -> UndoPlan:
    from core.runs import rejects
    from core.runs.steps import undo

    shown = people.select("email", "change", "alone", "by")
    if not may(person, Action.see_addresses):
        shown = shown.with_columns(rejects.masked_email())
    return UndoPlan(
        export_id=row.id,
        export=row.name,
        list_id=list_id,
        destination=order.capabilities,
        undoes=undoes,
        day=day,
        day_end=day_end,
        numbers=undo.numbers(people),
        alone=undo.alone(people),
        people=shown,
        scheduled=scheduled,
    )


def _people(store: Store, place: Path, order: Order, export_id: int) -> "pl.DataFrame":
    from core.runs import taking_back

    _until_recorded(store, place)
    return taking_back.people(store, place, order, export_id)


def _until_recorded(store: Store, place: Path) -> None:
    """A cancelled run may have ended before its ledger is written. Raises Conflict."""
    end = time.monotonic() + RECORDED_WITHIN
    while True:
        with store.begin() as session:
            found = [run for run in runs.settling(session) if run.is_recording]
        if not any(_ledger(store, run.account, run.order) == place for run in found):
            return
        if time.monotonic() > end:
            raise Conflict(_("A cancelled run is still being recorded. Try again in a moment."))
        time.sleep(LOOK_EVERY)


def _require_kept(store: Store, parts: Sequence[Run]) -> None:
    """Raises Conflict where nothing is known, or nothing was changed."""
    from core.plan import journal

    place = _ledger(store, parts[0].account, parts[0].order)
    if any(journal.find(place, part.id, part.created_at) for part in parts):
        return
    if any(part.accepted or part.removed for part in parts):
        raise Conflict(_not_kept(store, parts[-1]))
    text = _("Run {run} changed nobody on the list, so there is nothing to undo.")
    raise Conflict(text.format(run=parts[0].id))


def _not_kept(store: Store, run: Run) -> str:
    """By its age, where it is old enough for that."""
    with store.begin() as session:
        days = preferences.retention(session).journal
    text = _(
        "What run {run} changed is not kept: it was made by an earlier version, or what was "
        "kept of it is missing in the data folder. So it can't be undone."
    )
    return removed.changes(run, days, store.clock()) or text.format(run=run.first_id or run.id)


def _require_day(place: Path, day: date, now: datetime, zone: ZoneInfo) -> None:
    from core.plan import journal

    if day >= now.astimezone(zone).date():
        raise Invalid(_("{day} is not over yet. Choose an earlier day.").format(day=day), "day")
    found = journal.entries(place)
    if not found:
        raise Invalid(_("It is not known who was on this list: no run has been recorded."), "day")
    first = found[0].at.astimezone(zone).date()
    if day < first:
        text = _("Who was on this list is known from {first} on. Choose that day or a later one.")
        raise Invalid(text.format(first=first), "day")


def _account(session: Session, row: ExportRow) -> str:
    connection = exports.connection_of(session, row)
    return account_key(connection) if connection else ""


def _ledger(store: Store, account: str, order: Order) -> Path:
    from core.plan.ledger import ledger_path

    return ledger_path(store.settings.ledgers, account, order.list_id)


def _is_scheduled(session: Session, row: ExportRow) -> bool:
    """Whether it runs by itself."""
    if exports.paused(row):
        return False
    return schedule_for(row, preferences.refresh(session)) is not None
