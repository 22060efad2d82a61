"""What the schedules page shows, read in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from core.access import Person
from core.configuration.schedule import RefreshCron, RefreshSchedule
from core.destinations.register import DEFAULT, kind_of
from core.store import preferences, slots
from core.store.exports import connection_of, everything, schedule
from core.store.tables.exports import ExportRow
from pages.runs import schedule_row
from pages.ui import frame


@dataclass(frozen=True, slots=True)
class Facts:
    """The common refresh, who follows it, and the schedule of each export."""

    now: datetime
    refresh: RefreshSchedule | RefreshCron
    refreshing: bool  # whether a refresh is under way
    exports: list[schedule_row.ScheduleRow]
    followers: list[str]  # names of the exports that run with it
    destinations: list[str]  # titles of the destinations that these send to


def read(person: Person) -> Facts:
    """What there is now; of the exports what this person sees."""
    now = datetime.now(UTC)
    with frame.store().begin() as session:
        refresh, rows = preferences.refresh(session), everything(session)
        followers = [row for row in rows if schedule(row) == "refresh"]
        return Facts(
            now,
            refresh,
            any(slot.schedule == slots.REFRESH for slot in slots.due(session)),
            [schedule_row.read(session, person, row, refresh, now) for row in rows],
            [row.name for row in followers],
            sorted({_destination(session, row) for row in followers}),
        )


def _destination(session: Session, row: ExportRow) -> str:
    connection = connection_of(session, row)
    return kind_of(connection.type if connection else DEFAULT).title
