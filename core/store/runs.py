"""Runs: asked for, followed, stopped; a row here is all that the engine needs to start one."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core.access import Action, Person, may, require
from core.configuration import Mode
from core.errors import Conflict, Invalid, Unknown
from core.store import audit, preferences, progress
from core.store import connections as connections_store
from core.store import exports as exports_store
from core.store.audit import Deed
from core.store.tables import (
    ENDED,
    ConnectionRow,
    ExportRow,
    Job,
    Run,
    RunStatus,
    SegmentRow,
    SourceRow,
)
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
) -> Run:
    """A queued run; the one that is not ended yet, if there is one, so a double click is one run.

    `confirmed` is the number of a hold that a person foresees, or answers; `send_all` sends also
    what was sent before as it is. Raises Denied, Invalid; Conflict for a detached export, and
    where the run that is not ended yet sends less than that, or only a sample.
    """
    connection = exports_store.connection_of(session, export)
    require(person, Action.run, connection)
    if run := active_of(session, export):
        same = _same(run, only_email, retry_of=None, send_all=send_all)
        if confirmed is not None and same.asking is not None:
            return confirm(session, person, same, confirmed)
        return _going_on(session, person, same)
    usable = _usable(export, connection)
    user = connections_store.export_user(session, usable)
    run = Run(
        export_id=export.id,
        export=export.name,
        account=account_key(usable),
        list_id=export.list_id,
        trigger=trigger,
        by=person.name,
        export_user=user.name if user else None,
        order=order_of(session, export) | {"only_email": only_email, "send_all": send_all},
        confirmed=confirmed,
    )
    audit.record(session, person, Deed.asked, "run", export.name)
    return _insert(session, run, export)


def _usable(export: ExportRow, connection: ConnectionRow | None) -> ConnectionRow:
    if connection is None:
        text = _("The export “{name}” has no connection. Choose one, then run it.")
        raise Conflict(text.format(name=export.name))
    if connection.removal is not None:
        text = _("The connection “{name}” is being removed, so nothing more is sent through it.")
        raise Conflict(text.format(name=connection.name))
    return connection


def _going_on(session: Session, person: Person, run: Run) -> Run:
    """A held run tries again: whoever asks has seen to the reason, or will be told.

    One that a guard holds waits on: only its number helps, see `confirm`.
    """
    if run.status != RunStatus.held or run.asking is not None:
        return run
    audit.record(session, person, Deed.asked, "run", run.export)
    return progress.step(session, run.id, RunStatus.queued, hold=None)


def retry(session: Session, person: Person, run: Run, *, trigger: str = "manual") -> Run:
    """A new run that sends only what did not arrive in this one and in its retries so far.

    Where nothing was sent at all, it begins anew: so its guards look at it too. The retry that is
    under way is returned instead of making a second. Raises Denied; Conflict when there is nothing
    to send or the export has no connection.
    """
    _require_run(session, person, run)
    if run.status not in ENDED:
        raise Conflict(_("Run {run} has not ended yet; wait, or cancel it.").format(run=run.id))
    left = _left_over(session, run)
    if left.status == RunStatus.succeeded or (left.batches and not left.undelivered):
        text = _("Run {run} left nothing undelivered: there is nothing to retry.")
        raise Conflict(text.format(run=run.id))
    export, connection = _still_there(session, left)
    if active := active_of(session, export):
        same = _same(active, left.order.get("only_email"), retry_of=left.id)
        return _going_on(session, person, same)
    user = connections_store.export_user(session, connection)
    again = Run(
        export_id=export.id,
        export=export.name,
        account=account_key(connection),
        list_id=left.list_id,
        trigger=trigger,
        by=person.name,
        export_user=user.name if user else None,
        order=_order_of_retry(session, export, left),
        retry_of=left.id,
    )
    audit.record(session, person, Deed.retried, "run", export.name)
    return _insert(session, again, export)


def ask_stop(session: Session, person: Person, run: Run) -> None:
    """Asks the run, and the other parts of a split, to end after the request in flight.

    Raises Denied; Invalid when it has ended.
    """
    _require_run(session, person, run)
    if run.status in ENDED:
        text = _("Run {run} has ended already ({status}).").format(run=run.id, status=run.status)
        under_way = [part.id for part in siblings(session, run) if part.status not in ENDED]
        if under_way:
            text += " " + _("Another part of it goes on: run {run}.").format(run=under_way[0])
        raise Invalid(text)
    audit.record(session, person, Deed.cancelled, "run", run.export)
    for part in siblings(session, run):
        session.execute(
            sa.update(Run)
            .where(col(Run.id) == part.id, col(Run.finished_at).is_(None))
            .values(stop_asked_by=person.name)
        )
        _end_before_start(session, part)


def may_touch(session: Session, person: Person, run: Run) -> bool:
    """Whether they may retry and cancel the run."""
    return all(may(person, Action.run, one) for one in _through(session, run))


def _require_run(session: Session, person: Person, run: Run) -> None:
    for connection in _through(session, run):
        require(person, Action.run, connection)


def _through(session: Session, run: Run) -> list[ConnectionRow | None]:
    """The connection that the run was made with, and the one that its export has by now."""
    export = session.get(ExportRow, run.export_id) if run.export_id else None
    ids = {run.order.get("connection_id"), export.connection_id if export else None}
    return [session.get(ConnectionRow, id) if id else None for id in ids]


def connection_of(session: Session, run: Run) -> ConnectionRow | None:
    """The connection that the run was made with; None when it is gone."""
    id = run.order.get("connection_id")
    return session.get(ConnectionRow, id) if id else None


def find(session: Session, run_id: int | str) -> Run:
    """The run with this id. Raises Unknown."""
    number = int(run_id) if str(run_id).isdecimal() and len(str(run_id)) < 10 else 0
    if run := session.get(Run, number):
        return run
    latest = session.scalars(sa.select(col(Run.id)).order_by(col(Run.id).desc()).limit(3))
    raise Unknown(_("run"), str(run_id), [str(i) for i in latest])


def everything(
    session: Session,
    *,
    export_id: int | None = None,
    statuses: Collection[RunStatus] = (),
    since: datetime | None = None,
    limit: int | None = 20,
    offset: int = 0,
) -> list[Run]:
    """Runs, newest first."""
    query = _filtered(select(Run), export_id, statuses, since)
    return list(session.exec(query.order_by(col(Run.id).desc()).limit(limit).offset(offset)))


def how_many(
    session: Session,
    *,
    export_id: int | None = None,
    statuses: Collection[RunStatus] = (),
    since: datetime | None = None,
) -> int:
    """How many runs the same filters let through."""
    counted = _filtered(sa.select(sa.func.count()).select_from(Run), export_id, statuses, since)
    return int(session.scalar(counted) or 0)


def active(session: Session) -> list[Run]:
    """Runs that have not ended, oldest first."""
    query = select(Run).where(col(Run.finished_at).is_(None))
    return list(session.exec(query.order_by(col(Run.id))))


def active_of(session: Session, export: ExportRow) -> Run | None:
    """Its run that has not ended, if there is one."""
    query = select(Run).where(Run.export_id == export.id, col(Run.finished_at).is_(None))
    return session.exec(query.order_by(col(Run.part))).first()


def last_members(session: Session, run: Run) -> int | None:
    """How many the segments held when the export ran last to its end; None if it never did."""
    query = select(Run).where(
        Run.export_id == run.export_id,
        Run.id != run.id,
        col(Run.status).in_([RunStatus.succeeded, RunStatus.partial]),
        col(Run.retry_of).is_(None),
        Run.list_id == run.list_id,
    )
    latest = session.exec(query.order_by(col(Run.id).desc())).all()
    whole = [one for one in latest if one.order.get("only_email") is None]
    if not whole:
        return None
    first = whole[0].first_id or whole[0].id
    return sum(one.members for one in whole if first in (one.id, one.first_id))


def last_counted(session: Session, run: Run) -> Run | None:
    """The export's last run to the same list after which the list was counted, before this one."""
    query = select(Run).where(
        Run.export_id == run.export_id,
        Run.account == run.account,
        Run.list_id == run.list_id,
        col(Run.id) < (run.first_id or run.id),
        col(Run.finished_at).is_not(None),
        col(Run.read_back)["after"].as_integer().is_not(None),
    )
    return session.exec(query.order_by(col(Run.id).desc()).limit(1)).first()


def changed_list(session: Session, since: Run, run: Run) -> bool:
    """Whether runs other than this one changed its list after another one had ended."""
    query = select(Run).where(
        Run.account == run.account,
        Run.list_id == run.list_id,
        col(Run.id) != since.id,
        col(Run.finished_at) >= since.finished_at,
        sa.or_(col(Run.accepted) > 0, col(Run.removed) > 0),
    )
    own = {part.id for part in siblings(session, run)}
    found = [one for one in session.exec(query) if one.id not in own]
    return any(one.order["export"]["mode"] != Mode.update for one in found)


def confirm(session: Session, person: Person, run: Run, number: int) -> Run:
    """A held run goes on, for a person has seen what it does: the number that it asks for.

    Raises Denied; Invalid for another number; Conflict when it isn't held by a guard.
    """
    _require_run(session, person, run)
    if run.status != RunStatus.held or run.asking is None:
        raise Conflict(_("Run {run} doesn't wait for a confirmation.").format(run=run.id))
    if run.asking != number:
        text = _("Run {run} asks to confirm {asked}, not {given}: {why}")
        raise Invalid(
            text.format(run=run.id, asked=run.asking, given=number, why=run.hold), "confirm"
        )
    what = f"run {run.id} of {run.export}: {number}"
    audit.record(session, person, Deed.confirmed, "run", what)
    return progress.step(
        session, run.id, RunStatus.queued, hold=None, asking=None, confirmed=number
    )


def through(session: Session, connection: ConnectionRow) -> list[Run]:
    """Runs under way that send through the connection."""
    return [r for r in active(session) if r.order.get("connection_id") == connection.id]


def siblings(session: Session, run: Run) -> list[Run]:
    """All runs that one request was split into, in order."""
    first = run.first_id or run.id
    query = select(Run).where(sa.or_(col(Run.id) == first, col(Run.first_id) == first))
    return list(session.exec(query.order_by(col(Run.part))))


def latest(session: Session) -> dict[int, Run]:
    """The newest run of each export, by the export's id."""
    newest = sa.select(sa.func.max(col(Run.id))).group_by(col(Run.export_id))
    rows = session.exec(select(Run).where(col(Run.id).in_(newest)))
    return {run.export_id: run for run in rows if run.export_id is not None}


def sizes(session: Session, export_id: int, n: int = 7) -> list[int]:
    """Profiles sent for the last n requests that ended, oldest first; a split counts as one."""
    asked = sa.func.coalesce(col(Run.first_id), col(Run.id))
    query = (
        sa.select(sa.func.sum(col(Run.sent)))
        .where(col(Run.export_id) == export_id, col(Run.finished_at).is_not(None))
        .group_by(asked)
        .order_by(asked.desc())
        .limit(n)
    )
    return [int(size) for size in reversed(list(session.scalars(query)))]


def account_key(connection: ConnectionRow) -> str:
    """One account runs one export at a time: its id once known, else what stands for its key."""
    if connection.account_id:
        return f"{connection.type}:{connection.account_id}"
    told = f"{connection.base_url}|{connection.secret_ending}|{connection.id}"
    return f"{connection.type}?{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _left_over(session: Session, run: Run) -> Run:
    """The run that holds what is still undelivered of this one.

    A retry that came to nothing stands for the run it retried; a run whose rows a retry has
    frozen anew, for that retry.
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
            _("The export of run {run} or its connection is gone, so it can't be retried.").format(
                run=run.id
            )
        )
    return export, _usable(export, connection)


def _same(run: Run, only_email: str | None, retry_of: int | None, *, send_all: bool = False) -> Run:
    """The run under way, unless it is for other people than those asked for, or for fewer."""
    enough = not send_all or run.order.get("send_all")
    if enough and (run.order.get("only_email"), run.retry_of) == (only_email, retry_of):
        return run
    raise Conflict(
        _("Run {run} of “{name}” has not ended. Wait for it, or cancel it, then ask again.").format(
            run=run.id, name=run.export
        )
    )


def _insert(session: Session, run: Run, export: ExportRow) -> Run:
    """Two requests at the same moment: the index lets one in, the other finds it."""
    try:
        with session.begin_nested():
            session.add(run)
            session.flush()
    except IntegrityError:
        session.expire_all()
        if active := active_of(session, export):
            only_email, send_all = run.order.get("only_email"), bool(run.order.get("send_all"))
            return _same(active, only_email, run.retry_of, send_all=send_all)
        raise
    return run


def _end_before_start(session: Session, run: Run) -> None:
    session.execute(
        sa.update(Run)
        .where(col(Run.id) == run.id, col(Run.status).in_([RunStatus.queued, RunStatus.held]))
        .values(
            status=RunStatus.cancelled,
            finished_at=datetime.now(UTC),
            sent=col(Run.valid) - col(Run.unchanged),  # a part of a split is frozen already
            undelivered=col(Run.valid) - col(Run.unchanged),
        )
    )
    session.refresh(run)


def order_of(session: Session, export: ExportRow) -> dict[str, Any]:
    """All that the run needs to know, as it is now: later edits don't change a run."""
    spec = exports_store.spec(session, export)
    segments: Iterable[SegmentRow] = exports_store.segments_of(session, export)
    excluded = exports_store.segments_of(session, export, excluded=True)
    source: SourceRow = exports_store.source_of(session, export)
    return {
        "export": spec.model_dump(mode="json"),
        "connection_id": export.connection_id,
        "source": source.spec | {"name": source.name},
        "source_id": source.id,
        "confined": source.confined,
        "segments": {segment.name: segment.rules for segment in segments},
        "exclude": {segment.name: segment.rules for segment in excluded},
        "time_zone": preferences.refresh(session).time_zone,
    }


def _order_of_retry(session: Session, export: ExportRow, left: Run) -> dict[str, Any]:
    sent = session.exec(select(Job).where(Job.run_id == left.id)).first()
    return left.order | {"anew": False} if sent else _ordered_anew(session, export, left)


def _ordered_anew(session: Session, export: ExportRow, run: Run) -> dict[str, Any]:
    """A run that came to nothing is retried with the export as it is now."""
    asked = {name: run.order.get(name) for name in ("only_email", "send_all")}
    return order_of(session, export) | asked | {"anew": True}


def _filtered(
    query: Any, export_id: int | None, statuses: Collection[RunStatus], since: datetime | None
) -> Any:
    if export_id is not None:
        query = query.where(Run.export_id == export_id)
    if statuses:
        query = query.where(col(Run.status).in_(statuses))
    if since is not None:
        query = query.where(col(Run.created_at) >= since)
    return query
