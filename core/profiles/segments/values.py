"""The value of a rule, made to fit the kind of its field, or the reason why it can't."""

import sys
from datetime import date, datetime
from math import isfinite
from typing import Any

from core.errors import Invalid
from core.profiles.cleaning import comparable_text
from core.profiles.segments.numbers import DIGITS
from core.profiles.segments.operators import Op, Shape
from core.profiles.segments.rules import Rule
from core.profiles.sources import Kind
from core.texts import _

MOST_EXACT = 10**DIGITS  # whole numbers below it are compared as such, however they are written


def fitting(rule: Rule, kind: Kind) -> tuple[Any, ...]:
    """The values of a rule as Python values of the field's kind; none for operators without.

    Raises Invalid, naming the field, for a value of another kind.
    """
    kind = assumed(rule.op, rule.value, kind)
    if rule.op.shape is Shape.nothing:
        return ()
    if rule.op.shape in (Shape.share, Shape.address_list):
        return (rule.value,)
    given = rule.value if isinstance(rule.value, list) else [rule.value]
    if rule.op.shape is Shape.days:
        return tuple(given)
    values = tuple(_fit(rule, kind, value) for value in given)
    if rule.op.shape is Shape.pair and values[0] > values[1]:
        text = _("The field “{field}” can't be between {low} and {high}: put the lower one first.")
        raise Invalid(text.format(field=rule.field, low=given[0], high=given[1]), rule.field)
    return values


def assumed(op: Op, value: object, kind: Kind) -> Kind:
    """The kind of a field that a rule compares; of one that holds nothing what suits the value."""
    if kind is not Kind.nothing:
        return kind
    kinds = [one for one in Kind if one in op.kinds]
    given = value if isinstance(value, list) else [value]
    return next((one for one in kinds if all(_suits(one, item) for item in given)), kinds[0])


def day(value: object) -> date | None:
    """The day a value names, written as in 2026-12-31; None when it names none."""
    if isinstance(value, datetime):
        return value.date() if value.time().isoformat() == "00:00:00" else None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _fit(rule: Rule, kind: Kind, value: object) -> Any:
    if not _suits(kind, value):
        raise Invalid(_mismatch(rule, kind, value), rule.field)
    if kind in (Kind.date, Kind.moment):
        return day(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < MOST_EXACT:
        return int(value)
    return _text(rule, value) if isinstance(value, str) else value


def _suits(kind: Kind, value: object) -> bool:
    """Whether a value is of the kind of a field's values."""
    if kind is Kind.number:
        return _is_number(value)
    if kind is Kind.boolean:
        return isinstance(value, bool)
    if kind in (Kind.date, Kind.moment):
        return day(value) is not None
    return kind in (Kind.text, Kind.list) and isinstance(value, str)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isfinite(value) if isinstance(value, float) else abs(value) <= sys.float_info.max


def _text(rule: Rule, value: str) -> str:
    """Blank text counts as empty, so nothing equals it; nor does it narrow a search if empty.

    As the texts of a column it is cleaned and composed.
    """
    value, is_searched = comparable_text(value), rule.op.shape in (Shape.part, Shape.pattern)
    if not (value if is_searched else value.strip()):
        text = _("The value for “{field}” is empty. Use “is_empty” or “is_not_empty”.")
        raise Invalid(text.format(field=rule.field), rule.field)
    return value


def _mismatch(rule: Rule, kind: Kind, value: object) -> str:
    text = _("The field “{field}” has {kind}, so it can't be compared with {value}. {hint}")
    hints = {
        Kind.text: _("Put the value in quotes."),
        Kind.list: _("Put the value in quotes."),
        Kind.number: _("Give a number, without quotes."),
        Kind.boolean: _("Give true or false, without quotes."),
    }
    hint = hints.get(kind, _("Give a day, as in 2026-12-31."))
    return text.format(field=rule.field, kind=kind.several, value=_shown(value), hint=hint)


def _shown(value: object) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value).lower()
