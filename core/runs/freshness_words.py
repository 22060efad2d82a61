"""How old data is, in words: for holds, the pages of sources and exports, and previews."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.profiles.freshness import Freshness, Unclear
from core.texts import _, many

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURS_UP_TO = 3 * DAY  # so old in hours, older in days
UNCLEAR = {
    Unclear.no_column: _("the source has no field “{by}” any more"),
    Unclear.no_dates: _("the field “{by}” holds no dates"),
    Unclear.empty: _("the field “{by}” is empty"),
    Unclear.future: _("all dates of the field “{by}” lie in the future"),
    Unclear.no_time: _("the source tells no time, and names no field of dates for it"),
}


def age(length: timedelta) -> str:
    """`40 min`, `31 h`, `5 days`; whole ones that have passed."""
    if length < HOUR:
        return _("{n} min").format(n=int(length.total_seconds() // 60))
    if length < HOURS_UP_TO:
        return _("{n} h").format(n=int(length / HOUR))
    return many("{n} day", "{n} days", length.days)


def measure(found: Freshness) -> str:
    """By what that is measured, as in `the newest “updated_at”`."""
    if found.by is None:
        return _("the time of its files")
    return _("the newest “{by}”").format(by=found.by)


def until(found: Freshness, time_zone: str) -> str:
    """`2026-11-27 06:00`, up to when the data goes, in the zone; empty where it can't be told."""
    return f"{found.at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}" if found.at else ""


def unclear(found: Freshness) -> str | None:
    """Why it can't be told how old the data is; None where it can."""
    if found.unclear is None:
        return None
    if found.unclear is Unclear.future and found.by is None:
        return _("the time of its files lies in the future")
    return UNCLEAR[found.unclear].format(by=found.by)


def ahead(found: Freshness) -> str | None:
    """What is said of dates in the future that were passed over; None where there are none."""
    if not found.ahead or found.at is None:
        return None
    return many(
        "{n} row has a date in the future, which doesn’t count.",
        "{n} rows have a date in the future, which doesn’t count.",
        found.ahead,
    )


def sentence(found: Freshness, now: datetime, time_zone: str) -> str:
    """How old the data is and by which measure, or why that can't be told."""
    length = found.age(now)
    if length is None:
        text = _("Nobody can tell how old the data is: {why}.")
        return text.format(why=unclear(found))
    text = _("The data is {age} old, by {measure}: {until} ({zone}).")
    return text.format(
        age=age(length), measure=measure(found), until=until(found, time_zone), zone=time_zone
    )
