"""How numbers, times and names are written on the screen."""

import re
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core.access import Role
from core.texts import _, many

DAYS = tuple(_("Mon Tue Wed Thu Fri Sat Sun").split())
LONG_DAYS = tuple(_("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split())
MONTHS = tuple(_("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split())
LONG_MONTHS = tuple(
    _(
        "January February March April May June July August September October November December"
    ).split()
)
ROLES = {
    Role.viewer: _("Viewer"),
    Role.contributor: _("Contributor"),
    Role.administrator: _("Administrator"),
}
_NEAR = {  # days from today -> alone, and within a sentence
    -1: (_("Yesterday {clock}"), _("yesterday {clock}")),
    0: (_("Today {clock}"), _("today {clock}")),
    1: (_("Tomorrow {clock}"), _("tomorrow {clock}")),
}
_MARKED = re.compile(r"[\\`*_\[\]<>$~|&]|:(?=\S)|^[#+=-]")
# What markdown turns into links, pictures and signs wherever it stands, escaped or not: cut apart.
_CUT = "\0"
_WHOLE = re.compile(
    r"(?i:(?<=http)(?=://)|(?<=https)(?=://)|(?<=www)(?=\.))"
    r"|(?<=[\w.+-])(?=@[\w-])"
    r"|(?<=:)(?=[\w+/-]+(?::|$))"
)
_SIGNS = re.compile(r"(?<!\S)(?:<->|->|<-|--|>=|<=|~=)(?!\S)")
_NUMBER = re.compile(r"^\d+(?=[.)](?:\s|$))")
_NOTHING = ":gray[]"  # in markdown: takes no room, and isn't copied with the text around it


def plain(text: object) -> str:
    """The text as it stands, on one line, for places that read markdown: people's own words.

    Nothing in it becomes a link, an emoji, an icon, a colour or a heading.
    """
    line = " ".join(str(text).replace(_CUT, "").split())
    line = _NUMBER.sub(rf"\g<0>{_CUT}", line)
    cut = _SIGNS.sub(lambda found: _CUT.join(found.group()), _WHOLE.sub(_CUT, line))
    return _MARKED.sub(r"\\\g<0>", cut).replace(_CUT, _NOTHING)


def percent(share: float) -> str:
    """0.402 as `40 %`; below one percent with one digit."""
    digits = 1 if 0 < abs(share) < 0.01 else 0
    return f"{share * 100:.{digits}f} %"


def took(seconds: float | None) -> str:
    """A length of time in its two largest units; an em dash for None."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("{n} s").format(n=rest)
    if minutes < 60:
        return (
            _("{m} min {s} s").format(m=minutes, s=rest) if rest else _("{m} min").format(m=minutes)
        )
    return _("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)


def size(n: int) -> str:
    """Bytes as `1.1 MB`."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if n >= scale:
            return f"{n / scale:,.1f} {unit}"
    return f"{n:,} B"


def zone() -> tzinfo:
    """The time zone of the reader's browser; UTC when it doesn't say."""
    name = st.context.timezone
    try:
        return ZoneInfo(name) if isinstance(name, str) else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def now() -> datetime:
    """This moment where the reader is."""
    return datetime.now(zone())


def when(moment: datetime | None, in_sentence: bool = False) -> str:
    """`Today 06:00`, `Yesterday 18:00`, `Tue 24 Nov, 06:00`; an em dash for None.

    `in_sentence`: after other words, as `today 06:00`.
    """
    if moment is None:
        return "—"
    here, today = moment.astimezone(zone()), now()
    clock = f"{here:%H:%M}"
    if near := _NEAR.get((here.date() - today.date()).days):
        return near[in_sentence].format(clock=clock)
    year = "" if here.year == today.year else f" {here.year}"
    return f"{DAYS[here.weekday()]} {here.day} {MONTHS[here.month - 1]}{year}, {clock}"


def ago(moment: datetime) -> str:
    """`just now`, `12 minutes ago`, `3 hours ago`, `2 days ago`."""
    minutes = int((now() - moment).total_seconds()) // 60
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return many("{n} minute ago", "{n} minutes ago", minutes)
    if minutes < 24 * 60:
        return many("{n} hour ago", "{n} hours ago", minutes // 60)
    return many("{n} day ago", "{n} days ago", minutes // (24 * 60))


def brief(moment: datetime | None, in_sentence: bool = False) -> str:
    """`Today 06:00`, within six days `Tue 06:00`, else `24 Nov`: for columns; "" for None.

    `in_sentence`: after other words, as `today 06:00`.
    """
    if moment is None:
        return ""
    here = moment.astimezone(zone())
    days = abs((here.date() - now().date()).days)
    if days > 6:
        return dated(moment)
    clock = f"{here:%H:%M}"
    return f"{DAYS[here.weekday()]} {clock}" if days else _NEAR[0][in_sentence].format(clock=clock)


def at_place(moment: datetime, zone_name: str) -> str:
    """`Tue 24 Nov, 06:00` as the clocks of that time zone show it."""
    there = moment.astimezone(ZoneInfo(zone_name))
    year = "" if there.year == now().year else f" {there.year}"
    return f"{DAYS[there.weekday()]} {day(there.date())}{year}, {there:%H:%M}"


def clock(moment: datetime | None) -> str:
    """`06:02:14` where the reader is; an em dash for None."""
    return f"{moment.astimezone(zone()):%H:%M:%S}" if moment else "—"


def day(date: date) -> str:
    """`23 Nov`."""
    return f"{date.day} {MONTHS[date.month - 1]}"


def dated(moment: datetime) -> str:
    """`23 Nov` where the reader is, with the year if it is another."""
    here = moment.astimezone(zone())
    return day(here.date()) + ("" if here.year == now().year else f" {here.year}")


def today() -> str:
    """`Monday 23 November, 15:48`."""
    here = now()
    return f"{LONG_DAYS[here.weekday()]} {here.day} {LONG_MONTHS[here.month - 1]}, {here:%H:%M}"


def named(text: str) -> int | str:
    """A thing as an address names it: by its id, which no database has larger, or by its name."""
    return int(text) if text.isdecimal() and len(text) < 10 else text


def role_word(role: int) -> str:
    """The role as the pages name it."""
    return ROLES[Role(role)]
