"""Who uses which column of a source: its segments by their rules, its exports by their matching."""

from dataclasses import dataclass, field

from sqlmodel import Session

from core.configuration.source import Source
from core.errors import Conflict
from core.profiles.joined.fields import Join
from core.profiles.matching import fields
from core.store import exports, joined, segments, segments_within, sources
from core.store.tables.data import SourceRow
from core.store.tables.exports import ExportRow
from core.texts import _


@dataclass(slots=True)
class ColumnUsers:
    """Names by ids, of the segments and of the exports that need a column.

    And of the sources that have fields made from it.
    """

    segments: dict[int, str] = field(default_factory=dict)
    exports: dict[int, str] = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)

    def add(self, other: "ColumnUsers") -> None:
        """Also those of another column."""
        self.segments |= other.segments
        self.exports |= other.exports
        self.sources |= other.sources


def column_users(session: Session, source_id: int) -> dict[str, ColumnUsers]:
    """By column, also through fields of other sources; one that nobody uses is missing."""
    found = _own_users(session, source_id)
    row = sources.find(session, source_id)
    for other in joined.joining(session, row.name):
        theirs = column_users(session, other.id)
        for join in sources.spec(other).joins:
            if join.source == row.name:
                _through_fields(found, join, other, theirs)
    return found


def refuse_dropped(session: Session, row: SourceRow, spec: Source) -> None:
    """Raises Conflict where `spec` no longer makes a field from another table that is in use."""
    gone = _made(sources.spec(row)) - _made(spec)
    users = column_users(session, row.id) if gone else {}
    for name in sorted(gone & users.keys()):
        one = users[name]
        names = [*one.segments.values(), *one.exports.values(), *one.sources.values()]
        text = _("The field “{name}” is used by: {users}. Take it out there first.")
        raise Conflict(text.format(name=name, users=", ".join(names)))


def _made(spec: Source) -> set[str]:
    return {field.name for join in spec.joins for field in join.fields}


def _through_fields(
    found: dict[str, ColumnUsers], join: Join, row: SourceRow, theirs: dict[str, ColumnUsers]
) -> None:
    for made in join.fields:
        for name in made.columns() | {join.other_key}:
            users = found.setdefault(name, ColumnUsers())
            users.sources[row.id] = row.name
            users.add(theirs.get(made.name, ColumnUsers()))


def _own_users(session: Session, source_id: int) -> dict[str, ColumnUsers]:
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
