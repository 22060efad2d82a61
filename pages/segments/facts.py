"""What the list of segments shows, read in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.profiles.segments import words
from core.profiles.segments.rules import Group
from core.runs import idle_segments
from core.store import segments, segments_within, sources
from core.store.tables.data import SegmentRow, SourceRow
from pages.ui import frame

LAST = 12  # sizes of a line


@dataclass(frozen=True, slots=True)
class SegmentItem:
    """A segment with what its row shows."""

    row: SegmentRow
    source: SourceRow
    users: Mapping[int, str]  # names of the exports by their ids
    outer: Mapping[int, str]  # names of the segments that name it, by their ids
    affected: Mapping[int, str]  # the exports, also those that use it within other segments
    sizes: Sequence[int]  # of its last counts, oldest first
    rules: str  # in words


@dataclass(frozen=True, slots=True)
class Facts:
    """All sources, all segments over them, and those of them that nobody has used for long."""

    sources: list[SourceRow]
    segments: list[SegmentItem]
    idle: list[SegmentRow]


def read() -> Facts:
    """What there is now."""
    with frame.store().begin() as session:
        known = {row.id: row for row in sources.everything(session)}
        rows, sizes = segments.everything(session), segments.last_sizes(session, LAST)
        users = segments.exports_by_segment(session, [row.id for row in rows])
        outer = segments_within.users(rows)
        idle = idle_segments.idle(session, datetime.now(UTC))
        sees = frame.sees_values()
        seen = {} if sees else {id: sources.masks(session, row) for id, row in known.items()}
    items = [
        SegmentItem(
            row,
            known[row.source_id],
            users.get(row.id, {}),
            outer[row.id],
            {k: v for id in _reached(row.id, outer) for k, v in users.get(id, {}).items()},
            sizes.get(row.id, []),
            words.words(Group.model_validate(row.rules), seen.get(row.source_id)),
        )
        for row in rows
    ]
    return Facts(list(known.values()), items, idle)


def _reached(id: int, outer: Mapping[int, Mapping[int, str]]) -> set[int]:
    """The segment, those that name it, those that name these, and so on."""
    reached, added = {id}, {id}
    while added:
        added = {user for one in added for user in outer[one]} - reached
        reached |= added
    return reached
