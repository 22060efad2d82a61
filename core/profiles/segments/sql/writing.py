"""Rules as a condition in SQL, which `reading` reads as the same rules."""

from collections.abc import Callable, Mapping
from datetime import date

from core.errors import Invalid
from core.profiles.cleaning import comparable_text
from core.profiles.segments.operators import Op
from core.profiles.segments.rules import LONGEST_SQL, Group, Rule
from core.profiles.segments.shares import Share
from core.profiles.segments.sql import likes
from core.profiles.segments.sql.days import ALWAYS
from core.profiles.segments.sql.parsing import is_plain_name
from core.profiles.sources import Kind, Schema
from core.texts import _

WIDE = 60  # characters from which on each part has a line of its own


def condition(rules: Group, schema: Schema) -> str:
    """The rules of a source with these columns. Raises Invalid for what SQL has no words for."""
    text = _group(rules, schema, "\n")
    if len(text) > LONGEST_SQL:
        why = _("As SQL these rules would be longer than {n} characters.")
        raise Invalid(why.format(n=f"{LONGEST_SQL:,}"))
    return text


def _group(rules: Group, schema: Schema, line: str = " ") -> str:
    if rules.is_unresolved:
        raise Invalid(_("Only rules can be written as SQL: segments and SQL stand beside them."))
    if rules.top is not None:
        why = _("The first people by a field can't be written as SQL: rules in it look at one row.")
        raise Invalid(why)
    parts = [_item(item, schema) for item in rules.items]
    if rules.kind == "none":
        return f"not ({' or '.join(parts)})"
    joint = "and" if rules.kind == "all" else "or"
    is_wide = line != " " and sum(map(len, parts)) > WIDE
    return f"{line if is_wide else ' '}{joint} ".join(parts)


def _item(item: Group | Rule, schema: Schema) -> str:
    if isinstance(item, Rule):
        return _rule(item, schema.get(item.field, Kind.nothing))
    text = _group(item, schema)
    return text if item.kind == "none" else f"({text})"


def _rule(rule: Rule, kind: Kind) -> str:
    name = _name(rule.field)
    if rule.op is Op.contains and kind is Kind.list:
        return f"{_value(rule.value)} = any({name})"
    if rule.op in _LIKE:
        return f"{name} like {_value(likes.pattern(rule.op, str(rule.value)))}"
    if write := _OTHERS.get(rule.op):
        return write(name, rule.value)
    raise Invalid(_("“{op}” has no words in SQL.").format(op=rule.op.words))


def _name(field: str) -> str:
    if is_plain_name(field):
        return field
    quoted = field.replace('"', '""')
    return f'"{quoted}"'


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = value.isoformat() if isinstance(value, date) else comparable_text(str(value))
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def _day(value: object) -> str:
    return f"date {_value(value)}"


def _ago(days: object) -> str:
    return f"current_date - interval '{days} days'"


def _last(name: str, days: object) -> str:
    if days == 0:
        return f"{name} = current_date"
    if days == ALWAYS:
        return f"{name} <= current_date"
    return f"{name} between {_ago(days)} and current_date"


def _not_last(name: str, days: object) -> str:
    if days == 0:
        return f"{name} <> current_date"
    return f"{name} not between {_ago(days)} and current_date"


def _between(name: str, value: object) -> str:
    ends = value if isinstance(value, list) else []
    low, high = (_day(end) if isinstance(end, str | date) else _value(end) for end in ends)
    return f"{name} between {low} and {high}"


def _listed(value: object) -> str:
    values = value if isinstance(value, list) else []
    return f"({', '.join(map(_value, values))})"


def _share(name: str, value: object) -> str:
    if not isinstance(value, Share):
        raise TypeError
    return f"in_share({name}, {value.percent!r}, {_value(value.seed)})"


_LIKE = (Op.contains, Op.starts_with, Op.ends_with)
_OTHERS: Mapping[Op, Callable[[str, object], str]] = {
    Op.is_true: lambda name, _none: name,
    Op.is_false: lambda name, _none: f"{name} is false",
    Op.is_empty: lambda name, _none: f"{name} is null",
    Op.is_not_empty: lambda name, _none: f"{name} is not null",
    Op.equals: lambda name, value: f"{name} = {_value(value)}",
    Op.not_equals: lambda name, value: f"{name} <> {_value(value)}",
    Op.is_one_of: lambda name, value: f"{name} in {_listed(value)}",
    Op.is_none_of: lambda name, value: f"{name} not in {_listed(value)}",
    Op.more_than: lambda name, value: f"{name} > {_value(value)}",
    Op.at_least: lambda name, value: f"{name} >= {_value(value)}",
    Op.less_than: lambda name, value: f"{name} < {_value(value)}",
    Op.at_most: lambda name, value: f"{name} <= {_value(value)}",
    Op.between: _between,
    Op.on: lambda name, value: f"{name} = {_day(value)}",
    Op.before: lambda name, value: f"{name} < {_day(value)}",
    Op.after: lambda name, value: f"{name} > {_day(value)}",
    Op.in_last_days: _last,
    Op.not_in_last_days: _not_last,
    Op.matches: lambda name, value: f"{name} ~ {_value(value)}",
    Op.in_share: _share,
}
WRITTEN = frozenset((*_LIKE, *_OTHERS))  # the operators that have words in SQL
