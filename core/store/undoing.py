"""Asks for a run that takes another run back, or a list to a former day."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from core.access import Action, Person, require
from core.configuration.order import PlanSeen, Undo
from core.errors import Conflict
from core.store import audit, exports, requests, runs, second_person
from core.store.audit import Deed
from core.store.orders import order_of
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import ENDED, Run, RunKind
from core.texts import _


def parts_to_undo(session: Session, run: Run) -> list[Run]:
    """The parts of a run that can be taken back, in order. Raises Conflict where it can't be."""
    if run.kind != RunKind.export:
        text = _(
            "Run {run} is itself an undo, and an undo is not undone. Run the export again: that "
            "sends what the undo took back."
        )
        raise Conflict(text.format(run=run.id))
    parts = runs.siblings(session, run)
    if any(part.status not in ENDED or part.is_settling for part in parts):
        text = _("Run {run} has not ended yet; wait, or cancel it. Then it can be undone.")
        raise Conflict(text.format(run=run.id))
    if again := runs.undone_by(session, run):
        text = _("Run {run} was undone by run {undo}. A run is undone once.")
        if again.status not in ENDED:
            text = _("Run {undo} is undoing run {run}.")
        elif again.leaves_over:
            text = _("Run {run} was undone by run {undo}, not completely: retry run {undo}.")
        raise Conflict(text.format(run=run.id, undo=again.id))
    return parts


def request(
    session: Session,
    person: Person,
    run: Run,
    *,
    trigger: str = "manual",
    confirmed: int | None = None,
    seen: PlanSeen | None = None,
    clears: bool = False,
) -> Run:
    """A queued run that takes this one back; the one under way, so that a double click is one.

    It goes through the connection and to the list that the run went to. `clears`: also fields that
    the run was the first to send; `confirmed` and `seen` as in `requests.request` and `Undo`.
    Raises Denied; Conflict where it can't be undone, or another run of the export is under way.
    """
    requests.require_run(session, person, run)
    export, connection = _still_there(session, run)
    if active := going_on(session, run):
        return _confirmed(session, person, active, confirmed)
    parts = parts_to_undo(session, run)
    undo = Undo(tuple(part.id for part in parts), clears=clears, seen=_counting(export, seen))
    order = replace(parts[0].order, undo=undo, only_email=None, keeps_leavers=False)
    again = requests.new_run(
        session, person, export, connection, order, list_id=run.list_id, trigger=trigger
    )
    again.kind, again.undo_of, again.confirmed = RunKind.undo, parts[0].id, confirmed
    return _requested(session, person, export, again, f"{run.id} of {run.export}")


def request_restore(
    session: Session,
    person: Person,
    export: ExportRow,
    day_end: datetime,
    day: str,
    *,
    trigger: str = "manual",
    confirmed: int | None = None,
    seen: PlanSeen | None = None,
) -> Run:
    """A queued run that takes the export's list back to how it was before that moment.

    `day` is what that moment ends, for the audit. Raises as `request`.
    """
    connection = exports.connection_of(session, export)
    require(person, Action.run, connection)
    usable = requests.usable(export, connection)
    order = replace(
        order_of(session, export), undo=Undo(day_end=day_end, seen=_counting(export, seen))
    )
    again = requests.new_run(
        session, person, export, usable, order, list_id=export.list_id, trigger=trigger
    )
    again.kind, again.confirmed = RunKind.restore, confirmed
    return _requested(session, person, export, again, f"list of {export.name} as on {day}")


def going_on(session: Session, run: Run) -> Run | None:
    """The run that is taking this one back, if one is under way or held."""
    undo = runs.undone_by(session, run)
    return undo if undo and undo.status not in ENDED else None


def _confirmed(session: Session, person: Person, active: Run, number: int | None) -> Run:
    """The one under way; held, it goes on once its number is confirmed."""
    if number is None or active.asking is None:
        return active
    return requests.confirm(session, person, active, number)


def _counting(export: ExportRow, seen: PlanSeen | None) -> PlanSeen | None:
    """What a person saw confirms nothing where a second person has to."""
    return None if second_person.is_needed(export) else seen


def _requested(session: Session, person: Person, export: ExportRow, run: Run, what: str) -> Run:
    if active := runs.active_of(session, export):
        return _confirmed(session, person, requests.same(active, run.order), run.confirmed)
    audit.record(session, person, Deed.undone, "run", what)
    return requests.insert(session, run, export)


def _still_there(session: Session, run: Run) -> tuple[ExportRow, ConnectionRow]:
    """The export of a run, and the connection that it was sent through."""
    export = session.get(ExportRow, run.export_id) if run.export_id else None
    connection = runs.connection_of(session, run)
    if export is None or connection is None:
        text = _("The export of run {run} or its connection was removed, so it can't be undone.")
        raise Conflict(text.format(run=run.id))
    return export, requests.usable(export, connection)
