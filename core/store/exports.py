"""Exports: which segments go to which list, and how. Saving one never runs it."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from core.access import Action, Person, from_command_line, require
from core.configuration.export import Export, Tags
from core.configuration.schedule import Cron, OfExport, Schedule
from core.errors import Conflict
from core.store import (
    assign,
    audit,
    channels,
    drafts,
    named,
    ordered,
    refuse_taken,
    second_person,
    slots,
)
from core.store.audit import Deed
from core.store.export_checks import checked
from core.store.export_segments import segments_of, take
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _

WHAT = _("export")
Chosen = Literal["off", "refresh"] | Schedule | Cron
_SCHEDULE: TypeAdapter[Chosen] = TypeAdapter(OfExport)
_TAGS: TypeAdapter[tuple[str, ...]] = TypeAdapter(Tags)


def everything(session: Session) -> list[ExportRow]:
    """All exports, by name."""
    return ordered(session, ExportRow)


def find(session: Session, name: str | int) -> ExportRow:
    """The export with this name or id. Raises Unknown."""
    return named(session, ExportRow, WHAT, name)


def add(session: Session, person: Person, spec: Export, list_name: str | None = None) -> ExportRow:
    """A new export, checked against its source's fields. Raises Denied, Unknown, Invalid."""
    require(person, Action.manage_exports)
    refuse_taken(session, ExportRow, WHAT, spec.name)
    values, segments, excluded = checked(session, spec)
    require(person, Action.manage_exports, _connection(session, values["connection_id"]))
    if spec.approval:
        second_person.refuse_lone(session, person, _connection(session, values["connection_id"]))
    row = ExportRow(**values, list_name=list_name, created_by=person.name)
    session.add(row)
    session.flush()
    take(session, row, segments, excluded)
    slots.begin(session, slots.of_export(row.id), person.name)
    audit.record(session, person, Deed.added, "export", row.name)
    return row


def change(
    session: Session, person: Person, row: ExportRow, spec: Export, list_name: str | None = None
) -> bool:
    """Whether anything differed. Raises Denied, Unknown, Invalid.

    Conflict where a second person has to approve it, see `approvals`, unless the command line does
    it, which the audit then says.
    """
    alone = second_person.is_needed(row)
    if alone and not from_command_line(person):
        raise Conflict(second_person.proposing(row))
    changed = change_approved(session, person, row, spec, list_name)
    if changed and alone:
        what = _("{name}, without a second person").format(name=row.name)
        audit.record(session, person, Deed.changed, "approval", what)
    return changed


def change_approved(
    session: Session, person: Person, row: ExportRow, spec: Export, list_name: str | None = None
) -> bool:
    """As `change`, for what needs no approval any more."""
    values, segments, excluded = check_change(session, person, row, spec)
    if list_name or spec.list_id != row.list_id:
        values["list_name"] = list_name
    before = [segments_of(session, row), segments_of(session, row, excluded=True)]
    same = before == [segments, excluded]
    if spec.schedule != schedule(row):
        slots.begin(session, slots.of_export(row.id), person.name)
    changed = assign(row, values) or not same
    row.sample &= not changed
    session.add(row)
    if not same:
        take(session, row, segments, excluded)
    if changed:
        audit.record(session, person, Deed.changed, "export", row.name)
    return changed


def check_change(
    session: Session, person: Person, row: ExportRow, spec: Export
) -> tuple[dict[str, Any], list[SegmentRow], list[SegmentRow]]:
    """What the row would hold, and its segments. Raises Denied, Unknown, Invalid."""
    require(person, Action.manage_exports, connection_of(session, row))
    refuse_taken(session, ExportRow, WHAT, spec.name, own=row.id)
    found = checked(session, spec)
    require(person, Action.manage_exports, _connection(session, found[0]["connection_id"]))
    if spec.approval and not second_person.is_needed(row):
        second_person.refuse_lone(session, person, _connection(session, found[0]["connection_id"]))
    return found


def detach(session: Session, person: Person, row: ExportRow) -> None:
    """Keeps the export but takes its connection away: it doesn't run. Raises Denied, Conflict."""
    require(person, Action.manage_exports, connection_of(session, row))
    refuse_active(session, row)
    row.connection_id = None
    session.add(row)
    audit.record(session, person, Deed.detached, "export", row.name)


def move(session: Session, person: Person, row: ExportRow, to: ConnectionRow) -> None:
    """Lets it run through another connection, to the list that it has. Raises Denied, Conflict.

    Whoever moves it sees to it that the list is one of that connection's account.
    """
    require(person, Action.manage_exports, connection_of(session, row))
    require(person, Action.manage_exports, to)
    refuse_active(session, row)
    row.connection_id = to.id
    session.add(row)
    audit.record(session, person, Deed.changed, "export", row.name)


def schedule(row: ExportRow) -> Chosen:
    """When it runs by itself: its own schedule, with the common refresh, or not (off)."""
    return _SCHEDULE.validate_python(row.spec.get("schedule", "off"))


def paused(row: ExportRow) -> bool:
    """Whether its slots pass without a run until somebody resumes it."""
    return bool(row.spec.get("paused"))


def reschedule(session: Session, person: Person, row: ExportRow, chosen: Chosen) -> bool:
    """Gives it another schedule; whether that differed. Raises Denied."""
    require(person, Action.manage_exports, connection_of(session, row))
    if chosen == schedule(row):
        return False
    if second_person.is_needed(row):
        raise Conflict(second_person.proposing(row))
    slots.begin(session, slots.of_export(row.id), person.name)
    return _amend(session, person, row, schedule=_SCHEDULE.dump_python(chosen, mode="json"))


def pause(session: Session, person: Person, row: ExportRow, paused: bool) -> bool:
    """Lets its slots pass without a run, or no longer; whether that differed. Raises Denied."""
    require(person, Action.manage_exports, connection_of(session, row))
    return _amend(session, person, row, paused=paused)


def tag(session: Session, person: Person, row: ExportRow, tags: Iterable[str]) -> bool:
    """Gives it these tags and no others; whether that differed. Raises Denied, ValidationError."""
    require(person, Action.manage_exports, connection_of(session, row))
    chosen = _TAGS.validate_python(tuple(dict.fromkeys(tags)))
    return _amend(session, person, row, tags=list(chosen))


def tags(session: Session) -> list[str]:
    """All tags that exports have, by the alphabet."""
    found = {tag for row in everything(session) for tag in row.spec.get("tags", ())}
    return sorted(found, key=str.casefold)


def _amend(session: Session, person: Person, row: ExportRow, **values: Any) -> bool:
    """Changes what has nothing to do with its source, and so works while that is missing."""
    changed = assign(row, {"spec": row.spec | values})
    session.add(row)
    if changed:
        audit.record(session, person, Deed.changed, "export", row.name)
    return changed


def remove(session: Session, person: Person, row: ExportRow) -> None:
    """Removes the export; its runs stay in history. Raises Denied, Conflict."""
    require(person, Action.manage_exports, connection_of(session, row))
    refuse_active(session, row)
    slots.forget(session, slots.of_export(row.id))
    channels.forget_export(session, row.id)
    for kind in ("export", "schedule"):
        drafts.forget(session, drafts.Form(kind, row.id))
    session.delete(row)
    session.flush()
    audit.record(session, person, Deed.removed, "export", row.name)


def refuse_active(session: Session, row: ExportRow) -> None:
    """Raises Conflict while a run of the export is not ended."""
    query = select(Run).where(Run.export_id == row.id, col(Run.finished_at).is_(None))
    if run := session.exec(query).first():
        raise Conflict(
            _("Run {run} of “{name}” has not ended. Cancel it first, or wait.").format(
                run=run.id, name=row.name
            )
        )


def connection_of(session: Session, row: ExportRow) -> ConnectionRow | None:
    """Its connection; None when it is detached."""
    return _connection(session, row.connection_id)


def _connection(session: Session, id: int | None) -> ConnectionRow | None:
    return session.get(ConnectionRow, id) if id else None


def spec(session: Session, row: ExportRow) -> Export:
    """The row as a value."""
    connection = connection_of(session, row)
    return Export.model_validate(
        row.spec
        | {
            "name": row.name,
            "connection": connection.name if connection else None,
            "list_id": row.list_id,
            "segments": [segment.name for segment in segments_of(session, row)],
            "exclude": [one.name for one in segments_of(session, row, excluded=True)],
        }
    )
