"""A condition as rules: comparisons joined by and, or, not and brackets."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from core.profiles.segments.operators import Op
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.sql.comparisons import comparison, kinds
from core.profiles.segments.sql.parsing import DEEPEST, parsed, too_deep
from core.profiles.segments.sql.places import Place, Refused, invalid
from core.profiles.sources import Kind

Item = Group | Rule
NEGATIVE = {Op.is_one_of: Op.is_none_of, Op.in_last_days: Op.not_in_last_days}


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule of a condition, where it stands, and the kinds of columns that are compared so."""

    rule: Rule
    place: Place
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Condition:
    """The rules of a condition, and each of them in the order of `rules.rules()`."""

    rules: Group
    placed: tuple[Placed, ...]


@lru_cache(maxsize=256)
def read(text: str) -> Condition:
    """What a condition means. Raises Invalid, with the line and the column of what isn't taken."""
    placed: list[Placed] = []
    try:
        item = _item(text, parsed(text), placed, 0)
    except Refused as error:
        raise invalid(str(error), Place.of(text, error.node)) from None
    except RecursionError:
        raise too_deep() from None
    rules = item if isinstance(item, Group) else Group(all=(item,))
    return Condition(rules, tuple(placed))


def _item(text: str, node: exp.Expr, placed: list[Placed], depth: int) -> Item:
    if depth > DEEPEST:
        raise too_deep()
    if isinstance(node, exp.Paren):
        return _item(text, node.this, placed, depth + 1)
    if isinstance(node, exp.Not):
        return _denied(node.this, _item(text, node.this, placed, depth + 1))
    if isinstance(node, exp.And | exp.Or):
        parts = tuple(_item(text, one, placed, depth) for one in _joined(node))
        return Group(all=parts) if isinstance(node, exp.And) else Group(any=parts)
    return _compared(text, node, placed)


def _joined(node: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of a and b and c; sqlglot puts the first two together, then these with the next."""
    kind, parts = type(node), [node]
    while type(parts[-1]) is kind:
        last = parts.pop()
        parts += [last.expression, last.this]
    yield from reversed(parts)


def _denied(node: exp.Expr, item: Item) -> Group | Rule:
    """Everybody whom the condition doesn't find; some comparisons have an operator for it."""
    if isinstance(item, Rule) and isinstance(node, exp.In | exp.Between) and item.op in NEGATIVE:
        return item.model_copy(update={"op": NEGATIVE[item.op]})
    if isinstance(item, Group) and item.kind == "any":
        return Group(none=item.items)
    return Group(none=(item,))


def _compared(text: str, node: exp.Expr, placed: list[Placed]) -> Item:
    item = comparison(node)
    place, found = Place.of(text, node), frozenset(kinds(node))
    rules = [item] if isinstance(item, Rule) else item.rules()
    placed += [Placed(rule, place, found) for rule in rules]
    return item
