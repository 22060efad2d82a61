"""The comparisons of a condition, each as one rule or a few: the list of all that is understood."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlglot import exp

from core.profiles.segments.operators import TEXT, Op
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.shares import WRONG
from core.profiles.segments.shares import read as read_share
from core.profiles.segments.sql import days, likes
from core.profiles.segments.sql.days import Item
from core.profiles.segments.sql.places import Refused
from core.profiles.segments.sql.refusals import refused
from core.profiles.segments.sql.values import DaysAgo, Value, only, text, value
from core.profiles.segments.values import day
from core.profiles.sources import Kind
from core.texts import _

KINDS: Mapping[
    type[Any], set[Kind]
] = {  # of columns that may be compared so, where rules have no operator of that kind alone
    exp.Like: TEXT,
    exp.ILike: TEXT,
    exp.Escape: TEXT,
    exp.Any: {Kind.list},
    exp.ArrayContains: {Kind.list},
}


def comparison(node: exp.Expr) -> Item:
    """The rules that a comparison stands for. Raises Refused for what isn't understood."""
    read = _READ.get(type(node))
    if read is None:
        raise refused(node)
    try:
        return read(node)
    except ValueError as error:
        raise Refused(node, str(error)) from None


def kinds(node: exp.Expr) -> set[Kind]:
    """The kinds of columns that it compares; all where the operators of its rules say it."""
    found = [KINDS[type(one)] for one in node.walk() if type(one) in KINDS]
    return set(found[0]) if found else set(Kind)


def _column(node: exp.Expr) -> str:
    """The name of a column. Raises Refused for all else."""
    node = node.unnest()
    if not isinstance(node, exp.Column):
        raise refused(node)
    if set(node.args) != {"this"}:
        raise Refused(node, _("Columns stand alone here, without the name of a table."))
    if not isinstance(node.this, exp.Identifier):
        raise refused(node.this)
    return str(node.name)


def _compared(sign: str, turned: str) -> Callable[[exp.Expr], Item]:
    """column = value, or value = column with the sign turned round."""

    def read(node: exp.Expr) -> Item:
        only(node, "this", "expression")
        left, right = node.this.unnest(), node.expression.unnest()
        if isinstance(right, exp.Any):
            return _in_list(left, right.this, sign, node)
        if isinstance(right, exp.Column) and not isinstance(left, exp.Column):
            return _with_value(_column(right), turned, value(left), node)
        return _with_value(_column(left), sign, value(right), node)

    return read


def _with_value(field: str, sign: str, given: Value, node: exp.Expr) -> Item:
    if isinstance(given, date | DaysAgo):
        return days.compared(field, sign, given)
    if sign in ("=", "<>"):
        _check_filled(given, node)
        op = Op.equals if sign == "=" else Op.not_equals
        return Rule(field=field, op=op, value=given)
    if isinstance(given, bool):
        raise Refused(node, _("Write column, column is false, or column is not true."))
    if isinstance(given, str):
        return days.compared(field, sign, _day(given, node))
    return Rule(field=field, op=_ORDERED[sign], value=given)


_ORDERED = {"<": Op.less_than, "<=": Op.at_most, ">": Op.more_than, ">=": Op.at_least}


def _day(given: str, node: exp.Expr) -> date:
    found = day(given)
    if found is None:
        why = _("Texts have no order in rules: only a number or a day, as in date '2026-01-31'.")
        raise Refused(node, why)
    return found


def _check_filled(given: Value, node: exp.Expr) -> None:
    if isinstance(given, str) and not given.strip():
        why = _("A blank text counts as empty: write column is null, or column is not null.")
        raise Refused(node, why)


def _between(node: exp.Expr) -> Item:
    only(node, "this", "low", "high")
    field, ends = _column(node.this), [value(node.args["low"]), value(node.args["high"])]
    if all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
        return Rule(field=field, op=Op.between, value=ends)
    low, high = (_day(end, node) if isinstance(end, str) else end for end in ends)
    if not isinstance(low, date | DaysAgo) or not isinstance(high, date | DaysAgo):
        raise Refused(node, _("Between stand two numbers, or two days."))
    return days.between(field, low, high)


def _in(node: exp.Expr) -> Item:
    if query := node.args.get("query"):
        raise refused(query)
    only(node, "this", "expressions")
    values = [value(one) for one in node.expressions]
    if not values:
        raise Refused(node, _("The list after “in” is empty."))
    for one in values:
        _check_filled(one, node)
    if any(isinstance(one, DaysAgo) for one in values):
        raise Refused(node, _("Write column = current_date, joined by or, in place of a list."))
    plain = [one.isoformat() if isinstance(one, date) else one for one in values]
    return Rule(field=_column(node.this), op=Op.is_one_of, value=plain)


def _in_list(item: exp.Expr, of: exp.Expr, sign: str, node: exp.Expr) -> Item:
    """'a' = any(tags)"""
    if sign != "=":
        raise Refused(node, _("Write 'text' = any(column)."))
    return Rule(field=_column(of), op=Op.contains, value=text(item))


def _is(node: exp.Expr) -> Item:
    only(node, "this", "expression", "negate")
    field, what = _column(node.this), node.expression
    if isinstance(what, exp.Null):
        filled = bool(node.args.get("negate"))
        return Rule(field=field, op=Op.is_not_empty if filled else Op.is_empty)
    if not isinstance(what, exp.Boolean):
        raise Refused(node, _("After “is” stands null, not null, true or false."))
    return Rule(field=field, op=Op.is_true if what.this else Op.is_false)


def _like(node: exp.Expr, escape: str = "\\") -> Item:
    only(node, "this", "expression", "negate")
    any_case = isinstance(node, exp.ILike)
    op, given = likes.comparison(text(node.expression), escape, any_case=any_case)
    rule = Rule(field=_column(node.this), op=op, value=given or None)
    return Group(none=(rule,)) if node.args.get("negate") else rule


def _escaped(node: exp.Expr) -> Item:
    letter = text(node.expression)
    if len(letter) != 1 or letter in "%_" or type(node.this) not in (exp.Like, exp.ILike):
        raise Refused(node, _("After “escape” stands one letter, which is not “%” or “_”."))
    return _like(node.this, letter)


def _matches(node: exp.Expr) -> Item:
    if node.args.get("flag"):
        raise Refused(node, _("Write flags within the pattern, as in '(?i)lv'."))
    only(node, "this", "expression")
    flags = "(?i)" if isinstance(node, exp.RegexpILike) else ""
    return Rule(field=_column(node.this), op=Op.matches, value=flags + text(node.expression))


def _by_function(op: Op) -> Callable[[exp.Expr], Item]:
    """contains(column, 'text') and its like."""

    def read(node: exp.Expr) -> Item:
        only(node, "this", "expression")
        return Rule(field=_column(node.this), op=op, value=text(node.expression))

    return read


def _named_function(node: exp.Expr) -> Item:
    """in_share(column, percent, 'seed'), which is ours; no other one."""
    given = node.expressions
    if str(node.this).lower() != "in_share" or len(given) != 3:
        raise refused(node)
    percent = value(given[1])
    if isinstance(percent, str | bool):
        raise Refused(node, WRONG)
    share = read_share({"percent": percent, "seed": text(given[2])})
    return Rule(field=_column(given[0]), op=Op.in_share, value=share)


_READ: Mapping[type[Any], Callable[[exp.Expr], Item]] = {
    exp.EQ: _compared("=", "="),
    exp.NullSafeEQ: _compared("=", "="),
    exp.NEQ: _compared("<>", "<>"),
    exp.NullSafeNEQ: _compared("<>", "<>"),
    exp.LT: _compared("<", ">"),
    exp.LTE: _compared("<=", ">="),
    exp.GT: _compared(">", "<"),
    exp.GTE: _compared(">=", "<="),
    exp.Between: _between,
    exp.In: _in,
    exp.Is: _is,
    exp.Like: _like,
    exp.ILike: _like,
    exp.Escape: _escaped,
    exp.RegexpLike: _matches,
    exp.RegexpILike: _matches,
    exp.Contains: _by_function(Op.contains),
    exp.ArrayContains: _by_function(Op.contains),
    exp.StartsWith: _by_function(Op.starts_with),
    exp.EndsWith: _by_function(Op.ends_with),
    exp.Anonymous: _named_function,
    exp.Column: lambda node: Rule(field=_column(node), op=Op.is_true),
}
