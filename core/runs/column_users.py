"""Who uses which column of a source: its segments by their rules, its exports by their matching."""

from dataclasses import dataclass, field

from sqlmodel import Session

from core.profiles.matching import fields
from core.store import exports, segments, segments_within
from core.store.tables.exports import ExportRow


@dataclass(slots=True)
class ColumnUsers:
    """Names by ids, of the segments and of the exports that need a column."""

    segments: dict[int, str] = field(default_factory=dict)
    exports: dict[int, str] = field(default_factory=dict)


def column_users(session: Session, source_id: int) -> dict[str, ColumnUsers]:
    """By column; one that nobody uses is missing."""
    found: dict[str, ColumnUsers] = {}
    own = [row for row in segments.everything(session) if row.source_id == source_id]
    for row in own:
        for rule in segments_within.whole(session, row).rules():
            found.setdefault(rule.field, ColumnUsers()).segments[row.id] = row.name
    users = segments.exports_by_segment(session, [row.id for row in own])
    for id in {id: None for names in users.values() for id in names}:
        export = session.get_one(ExportRow, id)
        spec = exports.spec(session, export)
        for name in fields.columns(spec.match, spec.phone_region):
            found.setdefault(name, ColumnUsers()).exports[id] = export.name
    return found
