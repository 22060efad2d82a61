"""How the values of a column moved between two readings of a source, in one phrase."""

from datetime import date

from core.profiles.column_summary import ColumnSummary, several
from core.profiles.sources import Kind
from core.profiles.summary import Summary
from core.texts import _

EMPTIER = 0.01  # share of rows, 0 to 1, by which a column is emptier or fuller
OTHER = 0.02  # share by which a value is more or less common
FARTHER = 0.1  # share of a number's range, or its mean, by which it is elsewhere
FEWER = 0.5  # share of different values that are new or gone


def words(name: str, before: Summary, now: Summary, rule: str = "") -> str | None:
    """As in “`country` is empty for 41 % (was 1 %)”; None where nothing worth a word moved.

    Of values of which several are more or less common, one is named that the rule is about.
    """
    was, is_now = before.columns.get(name), now.columns.get(name)
    if was is None or is_now is None or not before.rows or not now.rows:
        return None
    old, new = was.empty / before.rows, is_now.empty / now.rows
    if abs(new - old) >= EMPTIER:
        text = _("“{name}” is empty for {now} (was {before})")
        return text.format(name=name, now=_percent(new), before=_percent(old))
    moved = _dates(name, was, is_now, later=now.day > before.day) or _numbers(name, was, is_now)
    if name in (*before.uncounted, *now.uncounted):
        return moved
    common = _common(name, was, is_now, (before.rows, now.rows), rule)
    return common or moved or _different(name, was, is_now)


def changes(before: Summary, now: Summary) -> list[str]:
    """What moved between two readings of a source: its rows, its columns, what each holds."""
    found = []
    if before.rows != now.rows:
        text = _("{now} rows (was {before})")
        found.append(text.format(now=f"{now.rows:,}", before=f"{before.rows:,}"))
    new = [name for name in now.columns if name not in before.columns]
    missing = [name for name in before.columns if name not in now.columns]
    found += [_("“{name}” is new").format(name=name) for name in new]
    found += [_("“{name}” is missing").format(name=name) for name in missing]
    for name, is_now in now.columns.items():
        was = before.columns.get(name)
        if was and was.kind != is_now.kind:
            text = _("“{name}” has {now} (was {before})")
            kinds = (Kind[one.kind].several for one in (is_now, was))
            found.append(text.format(name=name, now=next(kinds), before=next(kinds)))
        elif said := words(name, before, now):
            found.append(said)
    return found


def written(value: float | str | None) -> str:
    """A number, or a day (ISO), as sentences have it; nothing for None."""
    if value is None:
        return ""
    return _day(value) if isinstance(value, str) else _short(value)


def _common(
    name: str, was: ColumnSummary, is_now: ColumnSummary, rows: tuple[int, int], rule: str
) -> str | None:
    """The value whose share has changed most."""
    old, new = was.top or {}, is_now.top or {}
    shares = {
        value: (old.get(value, 0) / rows[0], new.get(value, 0) / rows[1])
        for value in sorted(old.keys() | new.keys())
    }
    changed = {v: (a, b) for v, (a, b) in shares.items() if abs(b - a) >= OTHER}
    if not changed:
        return None
    named = {value: both for value, both in changed.items() if value in rule}
    value, (before, now) = max(
        (named or changed).items(), key=lambda item: abs(item[1][1] - item[1][0])
    )
    text = _("“{name}” is “{value}” for {now} (was {before})")
    return text.format(name=name, value=value, now=_percent(now), before=_percent(before))


def _dates(name: str, was: ColumnSummary, is_now: ColumnSummary, *, later: bool) -> str | None:
    """The newest date; one that stays where it was tells of a source that isn't renewed."""
    if not isinstance(is_now.most, str) or not isinstance(was.most, str):
        return None
    day = _day(is_now.most)
    if is_now.most == was.most and later:
        return _("“{name}” has no later date than {day}, as before").format(name=name, day=day)
    if is_now.most < was.most:
        text = _("“{name}” goes up to {day} (was {before})")
        return text.format(name=name, day=day, before=_day(was.most))
    return None


def _numbers(name: str, was: ColumnSummary, is_now: ColumnSummary) -> str | None:
    if was.mean is None or is_now.mean is None:
        return None
    span = max(_number(was.most) - _number(was.least), 1e-9)
    if abs(is_now.mean - was.mean) >= FARTHER * max(abs(was.mean), 1e-9):
        text = _("“{name}” is {now} on average (was {before})")
        return text.format(name=name, now=_short(is_now.mean), before=_short(was.mean))
    if abs(_number(is_now.most) - _number(was.most)) >= FARTHER * span:
        text = _("“{name}” goes up to {now} (was {before})")
        return text.format(
            name=name, now=_short(_number(is_now.most)), before=_short(_number(was.most))
        )
    return None


def _different(name: str, was: ColumnSummary, is_now: ColumnSummary) -> str | None:
    if not was.distinct or abs(is_now.distinct - was.distinct) < FEWER * was.distinct:
        return None
    text = _("“{name}” has {now} different values (was {before})")
    return text.format(name=name, now=several(is_now.distinct), before=several(was.distinct))


def _percent(share: float) -> str:
    digits = 1 if 0 < share < 0.01 else 0
    return f"{share * 100:.{digits}f} %"


def _number(value: float | str | None) -> float:
    return value if isinstance(value, float | int) else 0.0


def _short(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1 else f"{round(value, 1):,.12g}"


def _day(text: str) -> str:
    found = date.fromisoformat(text)
    return f"{found.day} {found:%b %Y}"
