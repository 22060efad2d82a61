"""The route of an export, as one line: from which segments to which list."""

from core.store.tables.exports import ExportRow
from core.texts import many
from pages.ui.words import plain


def route(row: ExportRow, segments: list[str]) -> str:
    """From which segments to which list, in markdown."""
    names = ", ".join(plain(name) for name in segments[:2])
    if len(segments) > 2:
        names += " " + many("and {n} more", "and {n} more", len(segments) - 2)
    return f"{names} :material/arrow_forward: {plain(row.list_name or row.list_id)}"
