"""What the list of segments shows, read in one transaction."""

from dataclasses import dataclass

from core.store import sources
from core.store.segments import everything, used_by
from core.store.tables.data import SegmentRow, SourceRow
from pages.ui.frame import store


@dataclass(frozen=True, slots=True)
class Facts:
    """All segments, with the sources that they are over and the exports that use them."""

    sources: list[SourceRow]
    segments: list[SegmentRow]
    users: dict[int | None, list[str]]  # names of the exports by segment


def read() -> Facts:
    """What there is now."""
    with store().begin() as s:
        rows = everything(s)
        return Facts(
            sources.everything(s),
            rows,
            {row.id: used_by(s, row.id or 0) for row in rows},
        )
