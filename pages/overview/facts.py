"""What the overview shows, read in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from core.access import Action, Person, may
from core.store import (
    approvals,
    channels,
    drafts,
    exports,
    preferences,
    reach,
    runs,
    segments,
    sources,
)
from core.store.connections import everything
from core.store.reach import Reach
from core.store.tables.alerts import ChannelRow
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.people import DraftRow
from core.store.tables.runs import ENDED, Run
from pages.runs import schedule_row
from pages.runs.rows import RunItem, items
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
    ended: list[RunItem]  # newest first
    coming: list[tuple[datetime, str]]  # the next run of each export with a schedule, in order
    reach: Reach
    proposals: list[tuple[ExportRow, str]]  # changes that this person may approve, and whose
    unreached: list[ChannelRow]  # channels of alerts at which nothing arrives
    drafted: list[DraftRow]  # what agents of the reader drafted, for them to save


def read(person: Person) -> Facts:
    """What there is now."""
    now = datetime.now(UTC)
    with frame.store().begin() as session:
        refresh, every = preferences.refresh(session), exports.everything(session)
        lines = [schedule_row.read(session, person, row, refresh, now) for row in every]
        coming = [(one.next_time, one.row.name) for one in lines if one.next_time]
        ended = runs.everything(session, statuses=ENDED, whole=True, limit=LAST)
        return Facts(
            everything(session),
            sources.everything(session),
            segments.everything(session),
            every,
            runs.latest(session),
            items(session, ended),
            sorted(coming),
            reach.read(session, now),
            _proposals(session, person),
            channels.failing_rows(session, person),
            drafts.proposed(session, person),
        )


def _proposals(session: Session, person: Person) -> list[tuple[ExportRow, str]]:
    found = []
    for one in approvals.waiting(session):
        row = exports.find(session, one.export_id)
        may_decide = may(person, Action.manage_exports, exports.connection_of(session, row))
        if may_decide and not approvals.is_own(one, person):
            found.append((row, one.by))
    return found
