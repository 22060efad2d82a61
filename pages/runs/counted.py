"""Whether a segment is counted, as its badge says it in a list and on its page."""

from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _


def status(row: SegmentRow, source: SourceRow) -> tuple[str, str | None]:
    """The word of `kit.STATUS`, and another label where it isn't that word's own."""
    if row.active and why_not(row, source):
        return "failed", _("Not counted")
    return ("active" if row.active else "inactive"), None


def why_not(row: SegmentRow, source: SourceRow) -> str | None:
    """Why the last refresh couldn't count it: its rules no longer fit, or nothing could be read."""
    return row.problem or source.problem
