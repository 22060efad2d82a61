"""Settings of the whole installation that people make: the common refresh."""

from datetime import date
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlmodel import Session

from core.access import Action, Person, require
from core.configuration.schedule import REFRESH, Refresh, RefreshCron, RefreshSchedule
from core.store import audit, look_up, slots
from core.store.audit import Deed
from core.store.database import moment
from core.store.tables.schedules import Preference

_REFRESH: TypeAdapter[RefreshSchedule | RefreshCron] = TypeAdapter(Refresh)
_OFF = {"active": False}  # as it was before there was a switch


def refresh(session: Session) -> RefreshSchedule | RefreshCron:
    """The common refresh; its time zone is the one that dates in rules are meant in."""
    row = look_up(session, Preference, "refresh")
    return _REFRESH.validate_python(_OFF | row.value) if row else REFRESH


def day_of_rules(session: Session) -> tuple[date, str]:
    """The day that it is where dates in rules are meant, and the name of that time zone."""
    zone = refresh(session).time_zone
    return moment(session).astimezone(ZoneInfo(zone)).date(), zone


def change_refresh(
    session: Session, person: Person, schedule: RefreshSchedule | RefreshCron
) -> bool:
    """Whether it differed. Raises Denied."""
    require(person, Action.configure)
    if refresh(session) == schedule and look_up(session, Preference, "refresh"):
        return False
    session.merge(Preference(name="refresh", value=schedule.model_dump(mode="json")))
    slots.begin(session, slots.REFRESH, person.name)
    audit.record(session, person, Deed.changed, "refresh", "")
    return True
