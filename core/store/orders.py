"""The order of a run: all of an export's configuration as it is now."""

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from core.store import exports as exports_store
from core.store import preferences
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow


def account_key(connection: ConnectionRow) -> str:
    """One account runs one export at a time: its id once known, else what stands for its key."""
    if connection.account_id:
        return f"{connection.type}:{connection.account_id}"
    text = f"{connection.base_url}|{connection.secret_ending}|{connection.id}"
    return f"{connection.type}?{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def order_of(session: Session, export: ExportRow) -> dict[str, Any]:
    """All that the run needs to know, as it is now: later edits don't change a run."""
    spec = exports_store.spec(session, export)
    segments: Iterable[SegmentRow] = exports_store.segments_of(session, export)
    excluded = exports_store.segments_of(session, export, excluded=True)
    source: SourceRow = exports_store.source_of(session, export)
    return {
        "export": spec.model_dump(mode="json"),
        "connection_id": export.connection_id,
        "destination": _destination(session, export),
        "source": source.spec | {"name": source.name},
        "source_id": source.id,
        "confined": source.confined,
        "segments": {segment.name: segment.rules for segment in segments},
        "exclude": {segment.name: segment.rules for segment in excluded},
        "time_zone": preferences.refresh(session).time_zone,
    }


def _destination(session: Session, export: ExportRow) -> str | None:
    connection = exports_store.connection_of(session, export)
    return connection.type if connection else None
