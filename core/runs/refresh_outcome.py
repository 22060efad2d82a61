"""What a refresh of one source came to: its problems, and what isn't brought up to date by them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from core.audience.members import Recounted
from core.errors import SegferryError
from core.store import Store, joined, lost_columns, segments, sources
from core.store.column_users import ColumnUsers
from core.store.tables.data import SourceRow
from core.store.tables.refreshes import RefreshStatus
from core.texts import _


def failed(store: Store, row: SourceRow, error: Exception) -> dict[str, Any]:
    """With the segments that weren't counted because of it."""
    with store.begin() as session:
        rows = [one for one in segments.everything(session) if one.source_id == row.id]
    uncounted = [Recounted(s.id, s.name, None, s.members) for s in rows if s.active]
    return {
        "status": RefreshStatus.failed,
        "problem": str(error) if isinstance(error, SegferryError) else _unexpected(error),
        "segments": [asdict(one) for one in uncounted],
    }


def _unexpected(error: Exception) -> str:
    why = str(error) or type(error).__name__
    return _("Reading the source stopped unexpectedly: {why}").format(why=why)


def problem_of(
    row: SourceRow, lost: Mapping[str, ColumnUsers], values: Mapping[str, Any]
) -> dict[str, Any]:
    """That columns in use are gone from a source that was read.

    What only segments use their own problems say.
    """
    beyond_segments = {name: one for name, one in lost.items() if one.exports or one.sources}
    if not beyond_segments or values["status"] == RefreshStatus.failed:
        return {}
    sentences = lost_columns.sentences(row, beyond_segments)
    return {"status": RefreshStatus.partial, "problem": " ".join(sentences)}


def dependents(
    session: Session,
    row: SourceRow,
    lost: Mapping[str, ColumnUsers],
    values: Mapping[str, Any],
) -> list[str]:
    """Names of what isn't brought up to date because of what failed.

    The exports that take, or leave out, a segment that could not be counted; where the source could
    not be read, also the sources that it is joined to, and their exports. And whatever uses a
    column that is gone.
    """
    all_of_them = values["status"] == RefreshStatus.failed
    uncounted = [s["id"] for s in values["segments"] if all_of_them or s["problem"]]
    others = joined.joining_also(session, [row.id]) - {row.id} if all_of_them else set()
    for segments_of in sources.segments_by_source(session, others).values():
        uncounted += segments_of
    found = segments.exports_by_segment(session, uncounted)
    names = {sources.find(session, id).name for id in others}
    for users in lost.values():
        names |= {*users.exports.values(), *users.sources.values()}
    return sorted(names.union(name for known in found.values() for name in known.values()))
