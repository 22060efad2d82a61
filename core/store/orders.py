"""The order of a run: all of an export's configuration as it is now."""

import hashlib
from collections.abc import Iterable

from sqlmodel import Session

from core.configuration.order import Order
from core.configuration.source import Source
from core.destinations.register import DEFAULT
from core.profiles.segments.rules import Group
from core.store import export_segments, joined, preferences, segments_within
from core.store import exports as exports_store
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow


def account_key(connection: ConnectionRow) -> str:
    """One account runs one export at a time: its id once known, else what stands for its key."""
    if connection.account_id:
        return f"{connection.type}:{connection.account_id}"
    known = f"{connection.base_url}|{connection.secret_ending}|{connection.id}"
    return f"{connection.type}?{hashlib.sha256(known.encode()).hexdigest()[:16]}"


def order_of(session: Session, export: ExportRow) -> Order:
    """All that the run needs to know, as it is now: later edits don't change a run."""
    spec = exports_store.spec(session, export)
    segments: Iterable[SegmentRow] = export_segments.segments_of(session, export)
    excluded = export_segments.segments_of(session, export, excluded=True)
    source: SourceRow = export_segments.source_of(session, export)
    return Order(
        export=spec,
        source=joined.whole(session, Source.model_validate(source.spec | {"name": source.name})),
        segments=_rules(session, segments),
        time_zone=preferences.refresh(session).time_zone,
        exclude=_rules(session, excluded),
        destination=_destination(session, export),
        confined=source.confined,
        connection_id=export.connection_id,
        source_id=source.id,
    )


def _destination(session: Session, export: ExportRow) -> str:
    connection = exports_store.connection_of(session, export)
    return connection.type if connection else DEFAULT


def _rules(session: Session, segments: Iterable[SegmentRow]) -> dict[str, Group]:
    """With those of the segments within them: what is changed there later is of the next run."""
    return {segment.name: segments_within.whole(session, segment) for segment in segments}
