"""Comparisons with days as rules: with one of the calendar, or with one counted back from today."""

from datetime import date, timedelta

from core.profiles.segments.operators import Op
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.sql.values import DaysAgo
from core.texts import _

ONE = timedelta(days=1)
ALWAYS = date.max.toordinal() - 1  # days back from any day of the calendar to its first
MOST_BACK = 36_500
Item = Group | Rule


def compared(field: str, sign: str, day: date | DaysAgo) -> Item:
    """A field =, <>, <, <=, > or >= a day. Raises ValueError for one before the calendar."""
    if isinstance(day, DaysAgo):
        if day.days > MOST_BACK:
            raise ValueError(_("Count back at most {n} days.").format(n=f"{MOST_BACK:,}"))
        return _AGO[sign](field, day.days)
    if sign in ("<=", ">="):
        return _on_or(field, sign, day)
    return Rule(field=field, op=_PLAIN[sign], value=day.isoformat())


def between(field: str, low: date | DaysAgo, high: date | DaysAgo) -> Item:
    """A field from one day to another, both included."""
    if isinstance(low, date) and isinstance(high, date):
        return Rule(field=field, op=Op.between, value=[low.isoformat(), high.isoformat()])
    if isinstance(low, DaysAgo) and high == DaysAgo(0):
        return _last(field, low.days)
    return Group(all=(compared(field, ">=", low), compared(field, "<=", high)))


_PLAIN = {"=": Op.on, "<>": Op.not_equals, "<": Op.before, ">": Op.after}


def _on_or(field: str, sign: str, day: date) -> Item:
    """On the day or before it is before the next one."""
    if day == (date.max if sign == "<=" else date.min):
        return Rule(field=field, op=Op.is_not_empty)
    if sign == "<=":
        return Rule(field=field, op=Op.before, value=(day + ONE).isoformat())
    return Rule(field=field, op=Op.after, value=(day - ONE).isoformat())


def _last(field: str, days: int) -> Rule:
    return Rule(field=field, op=Op.in_last_days, value=days)


def _not_last(field: str, days: int) -> Rule:
    return Rule(field=field, op=Op.not_in_last_days, value=days)


def _on(field: str, days: int) -> Item:
    if not days:
        return _last(field, 0)
    return Group(all=(_last(field, days), _not_last(field, days - 1)))


def _not_on(field: str, days: int) -> Item:
    if not days:
        return _not_last(field, 0)
    return Group(none=(_on(field, days),))


def _before(field: str, days: int) -> Item:
    return Group(all=(_last(field, ALWAYS), _not_last(field, days)))


def _until(field: str, days: int) -> Item:
    return _before(field, days - 1) if days else _last(field, ALWAYS)


def _after(field: str, days: int) -> Item:
    if days:
        return _since(field, days - 1)
    filled = Rule(field=field, op=Op.is_not_empty)
    return Group(all=(filled, _not_last(field, ALWAYS)))


def _since(field: str, days: int) -> Item:
    return Group(any=(_last(field, days), _after(field, 0)))


_AGO = {"=": _on, "<>": _not_on, "<": _before, "<=": _until, ">": _after, ">=": _since}
