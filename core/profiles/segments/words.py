"""Rules in plain words."""

from collections.abc import Mapping
from datetime import date

from core.errors import Invalid
from core.masking import Masks
from core.profiles.segments import united
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.operators import Op, Shape
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.shares import Share
from core.profiles.segments.top import Order, Top
from core.texts import _, many

ORDERS: Mapping[Order, str] = {
    "largest": _("largest first"),
    "smallest": _("smallest first"),
}


def words(rules: Group, seen: Masks | None = None) -> str:
    """The rules as a phrase, as in “country is LV and lifetime_value is more than 300”.

    With `seen` their values are written as it shows those of their columns.
    """
    return _group(rules, seen, outermost=True)


def rule_words(rule: Rule, *, valued: bool = True) -> str:
    """A rule as a phrase; without its value, unless that is to be seen."""
    return _rule(rule, None) if valued else f"{rule.field} {rule.op.words} …"


def _group(rules: Group, seen: Masks | None, *, outermost: bool = False) -> str:
    if rules.segment is not None:
        return _("in the segment “{name}”").format(name=rules.segment)
    if rules.is_unresolved:
        return _sql(rules, seen, outermost=outermost)
    if rules.top is not None:
        text = _top(rules, rules.top, seen)
        return text if outermost else f"({text})"
    joint = _(" and ") if rules.kind == "all" else _(" or ")
    alone = len(rules.items) == 1 and (outermost or rules.kind == "none")
    parts = [
        _rule(item, seen) if isinstance(item, Rule) else _group(item, seen, outermost=alone)
        for item in rules.items
    ]
    text = joint.join(parts)
    if rules.kind == "none":
        return _("not ({rules})").format(rules=text)
    return text if outermost or len(parts) == 1 else f"({text})"


def _top(rules: Group, top: Top, seen: Masks | None) -> str:
    text, of = _("the first {n} by {field}, {order}, of everyone"), ""
    if rules.items:
        text = _("the first {n} by {field}, {order}, of those with {rules}")
        of = _group(rules.model_copy(update={"top": None}), seen, outermost=True)
    return text.format(n=f"{top.count:,}", field=top.by, order=ORDERS[top.order], rules=of)


def _sql(rules: Group, seen: Masks | None, *, outermost: bool) -> str:
    """What a condition means; one that a former version took, and this one doesn't, can't tell."""
    try:
        return _group(united.translated(rules), seen, outermost=outermost)
    except Invalid:
        return _("a condition in SQL that isn't understood")


def _rule(rule: Rule, seen: Masks | None) -> str:
    if rule.op in _ALWAYS and rule.value == date.max.toordinal() - 1:
        return f"{rule.field} {_ALWAYS[rule.op]}"
    if rule.op.shape is Shape.nothing:
        return f"{rule.field} {rule.op.words}"
    return f"{rule.field} {rule.op.words} {_value(rule, seen)}"


# In the last days since the first day of all: how a condition in SQL compares with current_date.
_ALWAYS = {Op.in_last_days: _("is up to today"), Op.not_in_last_days: _("is not up to today")}


def _value(rule: Rule, seen: Masks | None) -> str:
    if isinstance(rule.value, Share):
        text = _("{percent} % (“{seed}”)")
        return text.format(percent=f"{rule.value.percent:g}", seed=rule.value.seed)
    if rule.op.shape is Shape.address_list:
        name = rule.value.name if isinstance(rule.value, AddressList) else rule.value
        return _("“{name}”").format(name=name)
    values = rule.value if isinstance(rule.value, list) else [rule.value]
    if seen and rule.op.shape is not Shape.days:
        values = seen.value(rule.field, values)
    if rule.op.shape is Shape.days:
        return many("{n} day", "{n} days", int(str(rule.value)))
    if rule.op.shape is Shape.pair:
        return _("{low} and {high}").format(low=_one(values[0]), high=_one(values[1]))
    return ", ".join(_one(value) for value in values)


def _one(value: object) -> str:
    if isinstance(value, bool):
        return _("true") if value else _("false")
    return f"{value:,}" if isinstance(value, int | float) else str(value)
