"""Settings of the whole installation that people make: the common refresh."""

from sqlmodel import Session

from core.access import Action, Person, require
from core.configuration import REFRESH, Schedule
from core.models import Preference
from core.store import audit, look_up
from core.store.audit import Deed


def refresh(session: Session) -> Schedule:
    """The common refresh; its time zone is the one that dates in rules are meant in."""
    row = look_up(session, Preference, "refresh")
    return Schedule.model_validate(row.value) if row else REFRESH


def change_refresh(session: Session, person: Person, schedule: Schedule) -> bool:
    """Whether it differed. Raises Denied."""
    require(person, Action.configure)
    if refresh(session) == schedule and look_up(session, Preference, "refresh"):
        return False
    session.merge(Preference(name="refresh", value=schedule.model_dump(mode="json")))
    audit.record(session, person, Deed.changed, "refresh", "")
    return True
