"""What the schedules page shows, read in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.access import Person
from core.configuration.schedule import RefreshCron, RefreshSchedule
from core.store import preferences, slots
from core.store.exports import everything, schedule
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


def read(person: Person) -> Facts:
    """What there is now; of the exports what this person sees."""
    now = datetime.now(UTC)
    with frame.store().begin() as session:
        refresh, rows = preferences.refresh(session), everything(session)
        return Facts(
            now,
            refresh,
            any(slot.schedule == slots.REFRESH for slot in slots.due(session)),
            [schedule_row.read(session, person, row, refresh, now) for row in rows],
            [row.name for row in rows if schedule(row) == "refresh"],
        )
