"""What agents are shown of things: names, numbers and rules, no values of people, no secrets."""

from typing import Any

from sqlmodel import Session

from core.configuration import calendar
from core.masking import sentence
from core.profiles.joined.words import field_words
from core.profiles.segments.rules import Group
from core.profiles.segments.words import words
from core.store import address_lists, exports, sources
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import AddressListRow, SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run


def export(session: Session, row: ExportRow) -> dict[str, Any]:
    """An export: from which segments to which list, and when it runs."""
    spec = exports.spec(session, row)
    schedule = exports.schedule(row)
    return {
        "name": row.name,
        "connection": spec.connection,
        "list_id": row.list_id,
        "list": row.list_name,
        "segments": list(spec.segments),
        "exclude": list(spec.exclude),
        "mode": str(spec.mode),
        "match": spec.match.model_dump(mode="json", exclude_none=True),
        "schedule": schedule if isinstance(schedule, str) else calendar.in_words(schedule),
        "paused": spec.paused,
    }


def segment(session: Session, row: SegmentRow) -> dict[str, Any]:
    """A segment: its rules in words, with values of people masked, and its last count."""
    return {
        "name": row.name,
        "source": session.get_one(SourceRow, row.source_id).name,
        "rules": sentence(words(Group.model_validate(row.rules))),
        "active": row.active,
        "members": row.members,
        "counted_at": row.counted_at.isoformat(timespec="seconds") if row.counted_at else None,
    }


def address_list(session: Session, row: AddressListRow) -> dict[str, Any]:
    """An address list: how many addresses it has, and the segments that name it; no address."""
    users = [segment.name for segment in address_lists.users_of(session, row.name)]
    return {"name": row.name, "addresses": row.addresses, "segments": users}


def source(_session: Session, row: SourceRow) -> dict[str, Any]:
    """A source: its columns with their types, and how many rows it had; no value of any.

    Of columns that are made from another source also how, in words.
    """
    columns = {name: str(kind) for name, kind in sources.schema(row).items()}
    known = {"name": row.name, "type": row.type, "rows": row.rows, "columns": columns}
    made = {
        field.name: sentence(f"{join.source}: {field_words(field)}")
        for join in sources.spec(row).joins
        for field in join.fields
    }
    return known | ({"made": made} if made else {})


def connection(_session: Session, row: ConnectionRow) -> dict[str, Any]:
    """A connection, as viewers see one: its name, type and state."""
    return {"name": row.name, "type": row.type, "state": str(row.state)}


def run(run: Run) -> dict[str, Any]:
    """A run in a list of several."""
    return {
        "run_id": run.id,
        "export": run.export,
        "status": str(run.status),
        "created_at": run.created_at.isoformat(timespec="seconds"),
        "trigger": run.trigger,
        "by": run.by,
        "members": run.members,
        "accepted": run.accepted,
        "removed": run.removed,
    }
