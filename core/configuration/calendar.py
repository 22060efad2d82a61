"""When a schedule comes: pure functions of the clock, which is given to them.

A change of the clock gives exactly one run per slot: a local time that doesn't exist on that day is
moved to the first moment that does, and one that comes twice fires at its first.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, islice, takewhile
from zoneinfo import ZoneInfo

from core.configuration.schedule import Cron, Schedule
from core.texts import _

DAYS = {
    "mon": _("Mon"),
    "tue": _("Tue"),
    "wed": _("Wed"),
    "thu": _("Thu"),
    "fri": _("Fri"),
    "sat": _("Sat"),
    "sun": _("Sun"),
}
DAY = timedelta(days=1)  # no change of a clock was longer
SECOND = timedelta(seconds=1)

Either = Schedule | Cron


def slots(schedule: Either, after: datetime, until: datetime) -> list[datetime]:
    """Its moments in UTC, later than `after` and not later than `until`, in order."""
    return list(takewhile(lambda at: at <= until, _coming(schedule, after)))


def next_slots(schedule: Either, now: datetime, n: int = 5) -> list[datetime]:
    """The next n moments after now, in UTC."""
    return list(islice(_coming(schedule, now), n))


@lru_cache(maxsize=1024)
def next_slot(schedule: Either, after: datetime) -> datetime | None:
    """The first moment after that one, in UTC; None when no other comes within fifty years."""
    return next(_coming(schedule, after), None)


def in_words(schedule: Either) -> str:
    """`Mon and Thu at 06:00 and 18:00, Europe/Riga`."""
    if isinstance(schedule, Cron):
        words = _explained(schedule.cron)
    elif schedule.days == "daily":
        words = _("Daily at {times}").format(times=_listed(sorted(schedule.times)))
    else:
        days = [name for day, name in DAYS.items() if day in schedule.days]
        words = _("{days} at {times}").format(
            days=_listed(days), times=_listed(sorted(schedule.times))
        )
    return f"{words}, {schedule.time_zone}"


def by_schedule(schedule: str | Either) -> str:
    """By what an export ran that has this schedule: schedule “Daily at 05:00, Europe/Riga”."""
    if isinstance(schedule, str):
        return _("the refresh schedule")
    return _("schedule “{words}”").format(words=in_words(schedule))


def _coming(schedule: Either, after: datetime) -> Iterator[datetime]:
    """Each moment once: of a clock put forward, several local times become the same one."""
    zone = ZoneInfo(schedule.time_zone)
    last = after.astimezone(UTC)
    begin = last.astimezone(zone).replace(tzinfo=None) - DAY
    times = _cron(schedule.cron, begin) if isinstance(schedule, Cron) else _days(schedule, begin)
    for local in times:
        at = _moment(local, zone)
        if at > last:
            yield at
            last = at


def _days(schedule: Schedule, begin: datetime) -> Iterator[datetime]:
    """Its local times from that day on, in order."""
    days = set(DAYS if schedule.days == "daily" else schedule.days)
    times = [time.fromisoformat(text) for text in sorted(set(schedule.times))]
    names = list(DAYS)
    for n in count():
        day: date = begin.date() + n * DAY
        if names[day.weekday()] in days:
            yield from (datetime.combine(day, at) for at in times)


def _cron(text: str, begin: datetime) -> Iterator[datetime]:
    """Its local times after that one, in order: without a zone, for the rule on clocks is ours."""
    from cronsim import CronSim

    return CronSim(text, begin)


def _moment(local: datetime, zone: ZoneInfo) -> datetime:
    """When the clocks of the zone show that time first, or leap over it."""
    at = local.replace(tzinfo=zone).astimezone(UTC)  # the first of two: fold is 0
    if at.astimezone(zone).replace(tzinfo=None) == local:
        return at
    return _leap(local.replace(tzinfo=zone, fold=1).astimezone(UTC), at, zone)


def _leap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two from which the zone's clocks go otherwise."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _explained(text: str) -> str:
    from cronsim import CronSim

    return CronSim(text, datetime(2000, 1, 1, tzinfo=UTC)).explain()


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("{some} and {last}").format(some=", ".join(parts[:-1]), last=parts[-1])
