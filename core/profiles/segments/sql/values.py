"""The values of a condition: texts, numbers, yes or no, days, and days counted back from today."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from sqlglot import exp

from core.profiles.segments.sql.places import Refused
from core.profiles.segments.sql.refusals import refused
from core.texts import _

MOST_DIGITS = 300  # of a whole number
MOST_DAYS = 10**9


@dataclass(frozen=True, slots=True)
class DaysAgo:
    """The day so many days before today."""

    days: int


Value = str | bool | int | float | date | DaysAgo


def value(node: exp.Expr) -> Value:
    """What a column is compared with. Raises Refused."""
    node = node.unnest()
    read = _READ.get(type(node))
    if read is None:
        raise refused(node)
    return read(node)


def text(node: exp.Expr) -> str:
    """The same where only a text may stand. Raises Refused."""
    found = value(node)
    if not isinstance(found, str):
        raise Refused(node, _("Write a text in single quotes here, as in 'LV'."))
    return found


def only(node: exp.Expr, *names: str) -> None:
    """Raises Refused where an expression has more parts than these, such as a time zone."""
    if any(part for name, part in node.args.items() if name not in names):
        raise refused(node)


def _literal(node: exp.Expr) -> Value:
    return str(node.this) if node.args["is_string"] else _number(node, str(node.this))


def _negative(node: exp.Expr) -> Value:
    inner = node.this.unnest()
    if not isinstance(inner, exp.Literal) or inner.args["is_string"]:
        raise refused(node)
    return _number(inner, f"-{inner.this}")


def _number(node: exp.Expr, written: str) -> int | float:
    """Whole where it is written so; a fraction only with the digits that a number keeps."""
    if re.fullmatch(r"-?[0-9]+", written) and len(written) <= MOST_DIGITS:
        return int(written)
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,4})?", written):
        raise Refused(node, _("This isn't a number."))
    found = float(written)
    if not isfinite(found) or Decimal(repr(found)) != Decimal(written):
        why = _("A number with so many digits can't be kept exactly: use about 15 of them.")
        raise Refused(node, why)
    return found


def _cast(node: exp.Expr) -> Value:
    """Of casts only date '2026-01-31', in each of its spellings."""
    only(node, "this", "to", "_type")
    inner = node.this
    is_day = node.args["to"].this is exp.DType.DATE and isinstance(inner, exp.Literal)
    if not is_day or not inner.args["is_string"]:
        raise refused(node)
    try:
        if len(inner.this) != len("2026-01-31"):
            raise ValueError
        return date.fromisoformat(inner.this)
    except ValueError:
        raise Refused(node, _("Write a day as date '2026-01-31'.")) from None


def _today(node: exp.Expr) -> Value:
    only(node)
    return DaysAgo(0)


def _days_ago(node: exp.Expr) -> Value:
    """current_date - interval '90 days', or current_date - 90."""
    if not isinstance(node.this, exp.CurrentDate):
        raise refused(node)
    only(node.this)
    back = node.expression.unnest()
    unit = 1
    if isinstance(back, exp.Interval):
        only(back, "this", "unit")
        unit = _UNITS.get(str(back.args.get("unit")).upper(), 0)
        back = back.this
    written = str(back.this) if isinstance(back, exp.Literal) else ""
    if not unit or not re.fullmatch(r"[0-9]{1,9}", written):
        why = _("Count back in days or weeks, as in current_date - interval '90 days'.")
        raise Refused(node, why)
    return DaysAgo(int(written) * unit)


_UNITS = {"DAY": 1, "DAYS": 1, "WEEK": 7, "WEEKS": 7}
_READ: Mapping[type[Any], Callable[[exp.Expr], Value]] = {
    exp.Literal: _literal,
    exp.Neg: _negative,
    exp.Boolean: lambda node: bool(node.this),
    exp.Cast: _cast,
    exp.CurrentDate: _today,
    exp.Sub: _days_ago,
}
