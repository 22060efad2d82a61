"""Settings of the whole installation that people make: refresh, guards, retention."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, TypeAdapter
from sqlmodel import Session

from core.access import Action, Person, require
from core.configuration.export import Guards
from core.configuration.retention import Retention
from core.configuration.schedule import REFRESH, Refresh, RefreshCron, RefreshSchedule
from core.settings import Settings
from core.store import audit, look_up, slots
from core.store.audit import Deed
from core.store.database import moment
from core.store.tables.schedules import Preference

_REFRESH: TypeAdapter[RefreshSchedule | RefreshCron] = TypeAdapter(Refresh)
DEFAULTS = "defaults"  # in the audit: the guards of new exports, and the retention
AUDIT_DAYS = "SEGFERRY_AUDIT_DAYS"  # the variable that wins over the retention of the audit
_PRUNED, _SIZES, _REMOVED = "pruned", "sizes", "removed runs"
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
    _keep(session, "refresh", schedule)
    slots.begin(session, slots.REFRESH, person.name)
    audit.record(session, person, Deed.changed, "refresh", "")
    return True


def guards(session: Session) -> Guards:
    """With which guards an export begins that says nothing of its own."""
    row = look_up(session, Preference, "guards")
    return Guards.model_validate(row.value) if row else Guards()


def retention(session: Session) -> Retention:
    """For how long is kept what would otherwise only grow."""
    row = look_up(session, Preference, "retention")
    return Retention.model_validate(row.value) if row else Retention()


def audit_days(session: Session, settings: Settings) -> float:
    """Days for which entries of the audit are kept: as the environment says, or the retention."""
    fixed = AUDIT_DAYS in settings.given
    return settings.audit_days if fixed else float(retention(session).audit)


def change_defaults(
    session: Session, person: Person, chosen: Guards | None = None, kept: Retention | None = None
) -> bool:
    """Gives new exports these guards, and keeps things for so long; None leaves either as it is.

    Whether anything differed. Raises Denied.
    """
    require(person, Action.configure)
    changed = False
    if chosen is not None and chosen != guards(session):
        _keep(session, "guards", chosen)
        changed = True
    if kept is not None and kept != retention(session):
        _keep(session, "retention", kept)
        changed = True
    if changed:
        audit.record(session, person, Deed.changed, "settings", DEFAULTS)
    return changed


def pruned_at(session: Session) -> datetime | None:
    """When what was old enough was removed last; None before the first time."""
    row = look_up(session, Preference, _PRUNED)
    return datetime.fromisoformat(row.value["at"]) if row else None


def note_pruned(session: Session, at: datetime) -> None:
    """It was done at this moment."""
    session.merge(Preference(name=_PRUNED, value={"at": at.isoformat()}))


def removed_sums(session: Session) -> dict[tuple[str, str], dict[str, float]]:
    """What the runs that were removed by their age add up to, by export and status."""
    row = look_up(session, Preference, _REMOVED)
    return {(one[0], one[1]): one[2] for one in row.value["sums"]} if row else {}


def note_removed_sums(session: Session, found: dict[tuple[str, str], dict[str, float]]) -> None:
    """With those that are removed now."""
    data = {"sums": [[*key, numbers] for key, numbers in sorted(found.items())]}
    session.merge(Preference(name=_REMOVED, value=data))


def sizes(session: Session) -> dict[str, Any] | None:
    """How much there was of what is kept, as JSON; None before it was measured first."""
    row = look_up(session, Preference, _SIZES)
    return row.value if row else None


def note_sizes(session: Session, found: dict[str, Any]) -> None:
    """As it was measured now, as JSON."""
    session.merge(Preference(name=_SIZES, value=found))


def _keep(session: Session, name: str, value: BaseModel) -> None:
    session.merge(Preference(name=name, value=value.model_dump(mode="json")))
