"""Who uses which column of a source: segments by rules, exports by matching, sources by joining."""

from dataclasses import dataclass, field

from sqlmodel import Session

from core.profiles.joined.fields import Join
from core.profiles.matching import fields
from core.store import exports, joined, segments, segments_within, sources
from core.store.tables.data import SourceRow
from core.store.tables.exports import ExportRow


@dataclass(slots=True)
class ColumnUsers:
    """Names by ids, of the segments and of the exports that need a column.

    And of the sources that have fields made from it.
    """

    segments: dict[int, str] = field(default_factory=dict)
    exports: dict[int, str] = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)

    @property
    def listed(self) -> str:
        """Their names, for a sentence."""
        every = (self.segments, self.exports, self.sources)
        return ", ".join(name for known in every for name in known.values())

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
        for name in segments_within.whole(session, row).fields():
            found.setdefault(name, ColumnUsers()).segments[row.id] = row.name
    users = segments.exports_by_segment(session, [row.id for row in own])
    for id in {id: None for names in users.values() for id in names}:
        export = session.get_one(ExportRow, id)
        spec = exports.spec(session, export)
        for name in fields.columns(spec.match, spec.phone_region):
            found.setdefault(name, ColumnUsers()).exports[id] = export.name
    return found
