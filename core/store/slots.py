"""Slots of schedules: claimed once, given one outcome each, and from when on they count."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from core.store.tables.schedules import Outcome, Preference, Slot

REFRESH = "refresh"  # the schedule of the common refresh
_ASKED = "refresh asked for"  # the name of a preference
_BEGUN = "schedule: "  # before the names of the preferences that hold beginnings
LOOKED_AT = 200  # runs that failed or are held
_AS_RUN = {RunStatus.held: Outcome.held, RunStatus.failed: Outcome.failed}


@dataclass(frozen=True, slots=True)
class Beginning:
    """Since when a schedule is as it is, and by whom: no earlier moment is a slot of it."""

    since: datetime
    by: str


def of_export(export_id: int) -> str:
    """The schedule of an export, whether its own or the common refresh's."""
    return f"export {export_id}"


def begin(session: Session, schedule: str, by: str, at: datetime | None = None) -> None:
    """The schedule was made, or changed: what was due by the former one is past."""
    since = (at or datetime.now(UTC)).isoformat()
    session.merge(Preference(name=_BEGUN + schedule, value={"since": since, "by": by}))


def note_requested(session: Session, at: datetime, by: str, origin: str) -> None:
    """Who asked for the refresh of that moment."""
    session.merge(Preference(name=_ASKED, value={"at": at.isoformat(), "by": by, "origin": origin}))


def requested_by(session: Session, at: datetime) -> tuple[str, str] | None:
    """By whom the refresh of that moment was asked for, and where; None where a schedule did."""
    row = session.get(Preference, _ASKED)
    if row is None or datetime.fromisoformat(row.value["at"]) != at:
        return None
    return row.value["by"], row.value["origin"]


def forget(session: Session, schedule: str) -> None:
    """Its export goes for good."""
    session.execute(sa.delete(Preference).where(col(Preference.name) == _BEGUN + schedule))


def beginnings(session: Session) -> dict[str, Beginning]:
    """By schedule."""
    rows = session.exec(select(Preference).where(col(Preference.name).startswith(_BEGUN)))
    return {
        row.name.removeprefix(_BEGUN): Beginning(
            datetime.fromisoformat(row.value["since"]), row.value["by"]
        )
        for row in rows
    }


def latest(session: Session, now: datetime) -> dict[str, datetime]:
    """The newest slot of each schedule that isn't later than now: a clock may have been wrong."""
    query = sa.select(col(Slot.schedule), sa.func.max(col(Slot.at)).label("at"))
    found = session.execute(query.where(col(Slot.at) <= now).group_by(col(Slot.schedule)))
    return {row[0]: row[1] for row in found}


def claim(
    session: Session,
    schedule: str,
    at: datetime,
    outcome: Outcome,
    *,
    export: ExportRow | None = None,
    reason: str | None = None,
    token_id: int | None = None,
) -> bool:
    """Whether the slot is new, and so is ours: of several processes one gets it.

    `token_id`: of the API's token that requested the refresh.
    """
    values = {
        "schedule": schedule,
        "export_id": export.id if export else None,
        "name": export.name if export else "",
        "at": at,
        "outcome": outcome,
        "reason": reason,
        "token_id": token_id,
    }
    made = session.execute(_insert(session).values(**values).on_conflict_do_nothing())
    return _touched(made)


def take(session: Session, slot: Slot) -> bool:
    """Whether the slot was still due, and so is ours to carry out in this transaction."""
    taken = session.execute(
        sa.update(Slot)
        .where(col(Slot.id) == slot.id, col(Slot.outcome) == Outcome.due)
        .values(outcome=Outcome.ran)
    )
    return _touched(taken)


def record(
    session: Session,
    slot: Slot,
    outcome: Outcome,
    reason: str | None = None,
    run_id: int | None = None,
) -> None:
    """The outcome of it."""
    values = {"outcome": outcome, "reason": reason, "run_id": run_id}
    session.execute(sa.update(Slot).where(col(Slot.id) == slot.id).values(**values))


def due(session: Session) -> list[Slot]:
    """Slots that are being started, or wait for it, in the order in which they were claimed."""
    query = select(Slot).where(Slot.outcome == Outcome.due)
    return list(session.exec(query.order_by(col(Slot.at), col(Slot.id))))


def requested(session: Session, token_id: int) -> list[Slot]:
    """The last refresh that the token requested, and after it the exports that follow it."""
    mine = select(Slot).where(Slot.token_id == token_id)
    last = session.exec(
        mine.where(Slot.schedule == REFRESH).order_by(col(Slot.at).desc()).limit(1)
    ).first()
    if last is None:
        return []
    rest = mine.where(Slot.at == last.at, Slot.schedule != REFRESH)
    return [last, *session.exec(rest.order_by(col(Slot.name)))]


def is_caused(session: Session, token_id: int, run: Run) -> bool:
    """Whether the run, or the one whose part it is, came of a refresh that the token requested."""
    query = select(Slot.id).where(
        Slot.token_id == token_id, Slot.run_id == (run.first_id or run.id)
    )
    return session.exec(query).first() is not None


def follow_runs(session: Session) -> None:
    """A slot whose run was held or failed says so; one that went on after all, again that it ran.

    Of a run in several parts each counts.
    """
    # Looked at each second, so that only the newest are.
    query = select(Run).where(col(Run.status).in_(list(_AS_RUN)))
    newest = session.exec(query.order_by(col(Run.id).desc()).limit(LOOKED_AT))
    troubled = {run.first_id or run.id: run for run in newest}
    open_ = col(Slot.outcome).in_([Outcome.ran, Outcome.held])
    for slot in session.exec(select(Slot).where(open_, col(Slot.run_id).in_(troubled))):
        run = troubled[slot.run_id or 0]
        reason = run.hold if run.status == RunStatus.held else run.error
        _say(session, slot, _AS_RUN[run.status], reason)
    going_on = col(Run.status) != RunStatus.held
    held = select(Slot).join(Run, col(Run.id) == Slot.run_id)
    for slot in session.exec(held.where(Slot.outcome == Outcome.held, going_on)):
        if slot.run_id not in troubled:
            _say(session, slot, Outcome.ran, None)


def everything(
    session: Session,
    *,
    export_id: int | None = None,
    outcomes: Collection[Outcome] = (),
    unrun_since: datetime | None = None,
    limit: int | None = 20,
    offset: int = 0,
) -> list[Slot]:
    """Slots, the newest first; with `unrun_since` those since then that led to no run."""
    query = _filtered(select(Slot), export_id, outcomes, unrun_since)
    ordered = query.order_by(col(Slot.at).desc(), col(Slot.id))
    return list(session.exec(ordered.limit(limit).offset(offset)))


def how_many(
    session: Session,
    *,
    export_id: int | None = None,
    outcomes: Collection[Outcome] = (),
    unrun_since: datetime | None = None,
) -> int:
    """How many slots the same filters let through."""
    counted = sa.select(sa.func.count()).select_from(Slot)
    return int(session.scalar(_filtered(counted, export_id, outcomes, unrun_since)) or 0)


def _touched(done: Any) -> bool:
    return bool(done.rowcount)


def _say(session: Session, slot: Slot, outcome: Outcome, reason: str | None) -> None:
    if (slot.outcome, slot.reason) != (outcome, reason):
        slot.outcome, slot.reason = outcome, reason
        session.add(slot)


def _filtered(
    query: Any,
    export_id: int | None,
    outcomes: Collection[Outcome],
    unrun_since: datetime | None,
) -> Any:
    if export_id is not None:
        query = query.where(Slot.export_id == export_id)
    if unrun_since is not None:
        without_run = [Outcome.skipped, Outcome.missed, Outcome.failed]
        unrun = col(Slot.run_id).is_(None) & col(Slot.outcome).in_(without_run)
        query = query.where(unrun, col(Slot.at) >= unrun_since)
    return query.where(col(Slot.outcome).in_(outcomes)) if outcomes else query


def _insert(session: Session) -> Any:
    """An insert that can leave a row that is there already as it is."""
    if session.get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(Slot)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(Slot)
