"""What the page of a segment shows besides its people, read in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.masking import Masks
from core.profiles.segments.rules import Group
from core.store import exports, runs, segments, segments_within, sources
from core.store.tables.data import SegmentRow, SegmentSize, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from pages.ui import frame
from pages.ui.words import named

SHOWN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Facts:
    """The segment, its source, its sizes, the others of its source, and its exports."""

    row: SegmentRow
    source: SourceRow
    sizes: Sequence[SegmentSize]  # of SHOWN, oldest first
    others: Sequence[SegmentRow]
    users: Sequence[ExportRow]
    latest: dict[int, list[Run]]  # the newest run of each export, its parts
    seen: Masks | None  # what its reader sees of values, who may not see all
    every: Mapping[str, Group]  # what the members of each segment of the source have in common
    outer: Sequence[SegmentRow]  # segments that name it

    @property
    def rules(self) -> Group:
        """What its members have in common."""
        return self.every[self.row.name]

    @property
    def inner(self) -> Sequence[SegmentRow]:
        """The segments that it names."""
        names = segments_within.names(self.row)
        return [one for one in self.others if one.name in names]

    @property
    def fields(self) -> list[str]:
        """The fields that say most of its members: those of the rules, then those that are sent."""
        sent = [name for one in self.users for name in _sent(one)]
        named_by_rules = list(self.rules.fields())
        return list(dict.fromkeys([*named_by_rules, *sent, *sources.schema(self.source)]))


def read(segment: str) -> Facts:
    """What there is now. Raises Unknown."""
    with frame.store().begin() as session:
        row = segments.find(session, named(segment))
        used = segments.used_by(session, row.id)
        source = sources.find(session, row.source_id)
        every = segments.everything(session)
        others = [one for one in every if one.source_id == row.source_id and one.id != row.id]
        return Facts(
            row,
            source,
            segments.sizes(session, row.id, datetime.now(UTC) - SHOWN),
            others,
            [exports.find(session, name) for name in used],
            runs.latest(session) if used else {},
            None if frame.sees_values() else sources.masks(session, source),
            {one.name: segments_within.whole(session, one) for one in (row, *others)},
            [one for one in others if row.name in segments_within.names(one)],
        )


def _sent(row: ExportRow) -> list[str]:
    """The columns whose values an export sends, but those that say who somebody is."""
    match = row.spec.get("match", {})
    values = [*match.get("properties", {}).values(), *match.get("location", {}).values()]
    return [name for name in values if isinstance(name, str)]
