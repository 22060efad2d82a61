"""Rules in plain words."""

from core.profiles.segments.rules import BARE, Group, Op, Rule
from core.texts import _, many


def words(rules: Group) -> str:
    """The rules as a phrase, as in “country is LV and lifetime_value is more than 300”."""
    return _group(rules, outermost=True)


def verb(op: Op) -> str:
    """How an operator reads between its field and its value."""
    return {
        Op.equals: _("is"),
        Op.not_equals: _("is not"),
        Op.is_one_of: _("is one of"),
        Op.is_none_of: _("is none of"),
        Op.contains: _("contains"),
        Op.starts_with: _("starts with"),
        Op.ends_with: _("ends with"),
        Op.matches: _("matches"),
        Op.more_than: _("is more than"),
        Op.at_least: _("is at least"),
        Op.less_than: _("is less than"),
        Op.at_most: _("is at most"),
        Op.between: _("is between"),
        Op.before: _("before"),
        Op.after: _("after"),
        Op.on: _("on"),
        Op.in_last_days: _("in the last"),
        Op.not_in_last_days: _("not in the last"),
        Op.is_true: _("is true"),
        Op.is_false: _("is false"),
        Op.is_empty: _("is empty"),
        Op.is_not_empty: _("is not empty"),
    }[op]


def _group(rules: Group, *, outermost: bool = False) -> str:
    joint = _(" and ") if rules.kind == "all" else _(" or ")
    parts = [_rule(item) if isinstance(item, Rule) else _group(item) for item in rules.items]
    text = joint.join(parts)
    if rules.kind == "none":
        return _("not ({rules})").format(rules=text)
    return text if outermost or len(parts) == 1 else f"({text})"


def _rule(rule: Rule) -> str:
    if rule.op in BARE:
        return f"{rule.field} {verb(rule.op)}"
    return f"{rule.field} {verb(rule.op)} {_value(rule)}"


def _value(rule: Rule) -> str:
    values = rule.value if isinstance(rule.value, list) else [rule.value]
    if rule.op in (Op.in_last_days, Op.not_in_last_days):
        return many("{n} day", "{n} days", int(str(rule.value)))
    if rule.op is Op.between:
        return _("{low} and {high}").format(low=_one(values[0]), high=_one(values[1]))
    return ", ".join(_one(value) for value in values)


def _one(value: object) -> str:
    if isinstance(value, bool):
        return _("true") if value else _("false")
    return f"{value:,}" if isinstance(value, int | float) else str(value)
