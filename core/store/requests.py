"""What people ask of runs: start one, retry, stop, confirm; each checked against who asks."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core.access import Action, Person, require
from core.configuration.order import Order, Undo
from core.errors import Conflict, Invalid
from core.store import approvals, audit, progress, removed, second_person
from core.store import connections as connections_store
from core.store import exports as exports_store
from core.store.audit import Deed
from core.store.database import moment
from core.store.orders import account_key, order_of
from core.store.runs import active_of, connections_behind, siblings
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import AGENT, ENDED, Job, Run, RunStatus
from core.texts import _


def request(
    session: Session,
    person: Person,
    export: ExportRow,
    *,
    trigger: str = "manual",
    only_email: str | None = None,
    confirmed: int | None = None,
    send_all: bool = False,
    refused_again: bool = False,
) -> Run:
    """A queued run; the one that is not ended yet, if there is one, so a double click is one run.

    With the trigger AGENT a run that is held stays so, and a new one will be.
    `confirmed` is the number of a hold that a person foresees, or answers; `send_all` sends also
    what was sent before as it is, `refused_again` what was refused before as it is. Raises Denied,
    Invalid; Conflict for a detached export, and where the run that is not ended yet sends less than
    that, or only a sample.
    """
    connection = exports_store.connection_of(session, export)
    require(person, Action.run, connection)
    if run := active_of(session, export):
        same = _same(run, only_email, None, send_all=send_all, refused_again=refused_again)
        if confirmed is not None and same.asking is not None:
            return confirm(session, person, same, confirmed)
        return same if trigger == AGENT else _going_on(session, person, same)
    through = usable(export, connection)
    order = replace(
        order_of(session, export),
        only_email=only_email,
        send_all=send_all,
        refused_again=refused_again,
    )
    run = new_run(session, person, export, through, order, list_id=export.list_id, trigger=trigger)
    run.confirmed = confirmed
    audit.record(session, person, Deed.asked, "run", export.name)
    return insert(session, run, export)


def new_run(
    session: Session,
    person: Person,
    export: ExportRow,
    connection: ConnectionRow,
    order: Order,
    *,
    list_id: str,
    trigger: str,
) -> Run:
    """A run of the export that carries out this order; not in the database yet."""
    user = connections_store.export_user(session, connection)
    return Run(
        export_id=export.id,
        export=export.name,
        account=account_key(connection),
        list_id=list_id,
        connection_id=order.connection_id,
        trigger=trigger,
        by=person.name,
        export_user=user.name if user else None,
        order_data=order.as_data(),
        created_at=moment(session),
    )


def usable(export: ExportRow, connection: ConnectionRow | None) -> ConnectionRow:
    """The connection, by which the export can be sent. Raises Conflict."""
    if connection is None:
        text = _("The export “{name}” has no connection. Choose one, then run it.")
        raise Conflict(text.format(name=export.name))
    if connection.removal is not None:
        text = _("The connection “{name}” is being removed, so nothing more is sent through it.")
        raise Conflict(text.format(name=connection.name))
    return connection


def _going_on(session: Session, person: Person, run: Run) -> Run:
    """A held run tries again: its reason was removed, or else holds it again.

    One that a guard holds waits on: only its number helps, see `confirm`.
    """
    if run.status != RunStatus.held or run.asking is not None:
        return run
    audit.record(session, person, Deed.asked, "run", run.export)
    story = progress.let_go(run, moment(session), "tried again", person.name)
    return progress.step(session, run.id, RunStatus.queued, hold=None, held_data=story)


def retry(session: Session, person: Person, run: Run, *, trigger: str = "manual") -> Run:
    """A new run that sends only what did not arrive in this one and in its retries so far.

    Where nothing was sent at all, it starts over: so its guards look at it too. The retry that is
    under way is returned instead of making a second. Raises Denied; Conflict when there is nothing
    to send or the export has no connection.
    """
    require_run(session, person, run)
    if run.status not in ENDED:
        raise Conflict(_("Run {run} has not ended yet; wait, or cancel it.").format(run=run.id))
    left = _left_over(session, run)
    if left.status == RunStatus.succeeded or (left.batches and not left.leaves_over):
        text = _("Run {run} left nothing undelivered: there is nothing to retry.")
        raise Conflict(text.format(run=run.id))
    if left.batches and (gone := removed.files(left)):
        raise Conflict(gone)
    export, connection = _still_there(session, left)
    if active := active_of(session, export):
        order = left.order
        same = _same(active, order.only_email, retry_of=left.id, undo=order.undo)
        return _going_on(session, person, same)
    order = _order_of_retry(session, export, left)
    again = new_run(
        session, person, export, connection, order, list_id=left.list_id, trigger=trigger
    )
    again.retry_of, again.kind, again.undo_of = left.id, left.kind, left.undo_of
    audit.record(session, person, Deed.retried, "run", export.name)
    return insert(session, again, export)


def ask_stop(session: Session, person: Person, run: Run) -> None:
    """Asks the run, and the other parts of a split, to end after the request in flight.

    Raises Denied; Invalid when it has ended.
    """
    require_run(session, person, run)
    if run.status in ENDED:
        text = _("Run {run} has already ended ({status}).").format(run=run.id, status=run.status)
        under_way = [part.id for part in siblings(session, run) if part.status not in ENDED]
        if under_way:
            text += " " + _("Another part of it is running: run {run}.").format(run=under_way[0])
        raise Invalid(text)
    audit.record(session, person, Deed.cancelled, "run", run.export)
    for part in siblings(session, run):
        session.execute(
            sa.update(Run)
            .where(col(Run.id) == part.id, col(Run.finished_at).is_(None))
            .values(stop_asked_by=person.name)
        )
        _end_before_start(session, person, part)


def require_run(session: Session, person: Person, run: Run) -> None:
    """Raises Denied unless they may run exports through the connections behind the run."""
    for connection in connections_behind(session, run):
        require(person, Action.run, connection)


def confirm(
    session: Session, person: Person, run: Run, number: int, *, keep_leavers: bool = False
) -> Run:
    """A held run goes on, for a person has seen what it does: the number that it asks for.

    `keep_leavers`: nobody is taken off the list this time. Raises Denied; Invalid for another
    number; Conflict when it isn't held by a guard.
    """
    require_run(session, person, run)
    if run.status != RunStatus.held or run.asking is None:
        raise Conflict(_("Run {run} isn't waiting for a confirmation.").format(run=run.id))
    if run.asking != number:
        text = _("Run {run} needs {asked} to be confirmed, not {given}: {why}")
        raise Invalid(
            text.format(run=run.id, asked=run.asking, given=number, why=run.hold), "confirm"
        )
    approvals.refuse_own_confirmation(session, person, run)
    approvals.note_confirmation(session, person, run)
    what = f"{run.id} of {run.export}, confirmed at {number:,} people"
    what += ", nobody taken off the list" if keep_leavers else ""
    audit.record(session, person, Deed.confirmed, "run", what)
    if keep_leavers is not run.order.keeps_leavers:
        for part in siblings(session, run):
            part.order_data = replace(part.order, keeps_leavers=keep_leavers).as_data()
            session.add(part)
    story = progress.let_go(
        run, moment(session), "confirmed", person.name, number, keeps=keep_leavers
    )
    values = {"hold": None, "asking": None, "confirmed": number, "held_data": story}
    return progress.step(session, run.id, RunStatus.queued, **values)


def _left_over(session: Session, run: Run) -> Run:
    """The run that holds what is still undelivered of this one.

    A retry that sent nothing stands for the run it retried; a run whose rows a retry has frozen
    again, for that retry.
    """
    while not run.batches and run.retry_of:
        run = session.get_one(Run, run.retry_of)
    later = select(Run).where(Run.retry_of == run.id, col(Run.batches) > 0)
    again = session.exec(later.order_by(col(Run.id).desc())).first()
    return _left_over(session, again) if again and again.status in ENDED else run


def _still_there(session: Session, run: Run) -> tuple[ExportRow, ConnectionRow]:
    export = session.get(ExportRow, run.export_id) if run.export_id else None
    connection = exports_store.connection_of(session, export) if export else None
    if export is None or connection is None:
        raise Conflict(
            _(
                "The export of run {run} or its connection was removed, so it can't be retried."
            ).format(run=run.id)
        )
    return export, usable(export, connection)


def _same(
    run: Run,
    only_email: str | None,
    retry_of: int | None,
    *,
    send_all: bool = False,
    refused_again: bool = False,
    undo: Undo | None = None,
) -> Run:
    """The run under way, unless it is for other people than those asked for, or for fewer."""
    order = run.order
    enough = (not send_all or order.send_all) and _takes_back(order.undo) == _takes_back(undo)
    enough &= not refused_again or order.refused_again or order.send_all
    if enough and (order.only_email, run.retry_of) == (only_email, retry_of):
        return run
    raise Conflict(
        _("Run {run} of “{name}” has not ended. Wait for it or cancel it, then try again.").format(
            run=run.id, name=run.export
        )
    )


def same(active: Run, order: Order, retry_of: int | None = None) -> Run:
    """The run under way, where it is as good as one with this order. Raises Conflict."""
    more = {"send_all": order.send_all, "refused_again": order.refused_again}
    return _same(active, order.only_email, retry_of, **more, undo=order.undo)


def _takes_back(undo: Undo | None) -> tuple[object, ...]:
    return (undo.runs, undo.day_end) if undo else ()


def insert(session: Session, run: Run, export: ExportRow) -> Run:
    """Two requests at the same moment: the index lets one in, the other finds it.

    Raises Conflict for a number that is confirmed in advance, where a second person has to.
    """
    if second_person.is_needed(export):
        _leave_to_others(run)
    try:
        with session.begin_nested():
            session.add(run)
            session.flush()
    except IntegrityError:
        session.expire_all()
        if active := active_of(session, export):
            return same(active, run.order, run.retry_of)
        raise
    return run


def _leave_to_others(run: Run) -> None:
    """What guards hold is for a second person to confirm, not for its maker in advance."""
    if run.confirmed is not None:
        text = _(
            "Held runs of “{name}” need a second person, so nothing can be confirmed in advance. "
            "Run it; if it is held, somebody else confirms it."
        )
        raise Conflict(text.format(name=run.export))


def _end_before_start(session: Session, person: Person, run: Run) -> None:
    story = progress.let_go(run, moment(session), "discarded", person.name)
    session.execute(
        sa.update(Run)
        .where(col(Run.id) == run.id, col(Run.status).in_([RunStatus.queued, RunStatus.held]))
        .values(
            status=RunStatus.cancelled,
            finished_at=moment(session),
            sent=col(Run.valid) - col(Run.unchanged),  # a part of a split is frozen already
            undelivered=col(Run.valid) - col(Run.unchanged),
            not_sent=col(Run.valid) - col(Run.unchanged),
            held_data=story,
        )
    )
    session.refresh(run)


def _order_of_retry(session: Session, export: ExportRow, left: Run) -> Order:
    """That of the run; one that sent nothing is retried with the export as it is now."""
    former = left.order
    if former.undo:  # what is left of it is found out again
        return replace(former, undo=replace(former.undo, seen=None))
    if session.exec(select(Job).where(Job.run_id == left.id)).first():
        return replace(former, starts_over=False)
    return replace(
        order_of(session, export),
        only_email=former.only_email,
        send_all=former.send_all,
        refused_again=former.refused_again,
        starts_over=True,
    )
