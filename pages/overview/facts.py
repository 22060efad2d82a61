"""What the overview shows, read in one transaction."""

from dataclasses import dataclass

from core.store import exports, runs, segments, sources
from core.store.connections import everything
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import ENDED, Run
from pages.ui import frame

LAST = 6  # outcomes shown


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is set up, and how the newest runs went."""

    connections: list[ConnectionRow]
    sources: list[SourceRow]
    segments: list[SegmentRow]
    exports: list[ExportRow]
    latest: dict[int, list[Run]]  # the newest run of each export, its parts, by the export's id
    ended: list[Run]  # newest first, of a split its first part
    parts: dict[int, list[Run]]  # of each split, by that one
    again: dict[int, Run]  # of those that were retried the run that did, by their id


def read() -> Facts:
    """What there is now."""
    with frame.store().begin() as session:
        ended = runs.everything(session, statuses=ENDED, whole=True, limit=LAST)
        return Facts(
            everything(session),
            sources.everything(session),
            segments.everything(session),
            exports.everything(session),
            runs.latest(session),
            ended,
            runs.parts_of(session, ended),
            runs.retries(session, ended),
        )
