"""Segments made from other segments: their names become the rules that stand for them.

So do conditions in SQL.
"""

from collections.abc import Callable, Mapping

from core.errors import Invalid, Unknown
from core.profiles.segments.rules import Group
from core.texts import _

DEEPEST = 10  # segments within each other
MOST_RULES = 500  # of a segment with those of all segments in it


def is_resolved(rules: Group) -> bool:
    """Whether the rules say all by themselves, without other segments and SQL."""
    return not any(group.is_unresolved for group in rules.groups())


def resolved(rules: Group, known: Mapping[str, Group], own: str | None = None) -> Group:
    """The rules with those of the segments that they name; these groups keep their name.

    Conditions in SQL become rules as well, and keep their text.

    `known` are the rules of all segments of the source by name, `own` is the name of the segment
    that these rules are of. Raises Unknown; Invalid for a circle, for what is too large, and
    for SQL that isn't understood.
    """
    found: dict[str, Group] = {}

    def whole(name: str, within: tuple[str, ...]) -> Group:
        if name in within:
            raise Invalid(circle([*within[within.index(name) :], name]))
        if len(within) > DEEPEST:
            text = _("More than {n} segments lie within each other: {names}.")
            raise Invalid(text.format(n=DEEPEST, names=_listed(within)))
        if name not in known:
            raise Unknown(_("segment"), name, known)
        if name not in found:
            inner = inside(known[name], (*within, name))
            found[name] = inner.model_copy(update={"segment": name})
            _check_size(found[name])
        return found[name]

    def inside(group: Group, within: tuple[str, ...]) -> Group:
        if group.is_name:
            return whole(str(group.segment), within)
        if group.is_unresolved:
            return translated(group)
        return _each(group, lambda one: inside(one, within))

    if is_resolved(rules):
        return rules
    made = inside(rules, () if own is None else (own,))
    _check_size(made)
    return made


def translated(rules: Group) -> Group:
    """A condition in SQL with the rules that it means. Raises Invalid."""
    from core.profiles.segments.sql import reading  # heavy

    text = str(rules.sql)
    return reading.read(text).rules.model_copy(update={"sql": text})


def replaced(rules: Group, name: str, other: Group) -> Group:
    """Resolved rules with other ones in place of those of the segment with this name."""
    if rules.segment == name:
        return other.model_copy(update={"segment": name})
    return _each(rules, lambda one: replaced(one, name, other))


def renamed(rules: Group, old: str, new: str) -> Group:
    """The rules with another name of a segment in them."""
    if rules.is_name:
        return Group(segment=new) if rules.segment == old else rules
    if rules.is_unresolved:
        return rules
    return _each(rules, lambda one: renamed(one, old, new))


def unnamed(rules: Group) -> Group:
    """Resolved rules without names of segments and SQL: what they ask, however it is written."""
    return _each(rules, unnamed).model_copy(update={"segment": None, "sql": None})


def _each(rules: Group, made: Callable[[Group], Group]) -> Group:
    """The rules with each group in them made into another one."""
    items = [made(one) if isinstance(one, Group) else one for one in rules.items]
    return rules.model_copy(update={rules.kind: tuple(items)})


def _check_size(rules: Group) -> None:
    """Raises Invalid: a segment in a segment twice over soon has more rules than anyone can ask."""
    if sum(1 for _rule in rules.rules()) > MOST_RULES:
        text = _("With all that is in it, it has more than {n} rules. Use fewer of them.")
        raise Invalid(text.format(n=MOST_RULES))


def circle(names: list[str]) -> str:
    """That segments are made from each other, each from the next."""
    text = _(
        "Segments can't be made from each other in a circle, and these are: {names}. Take one of "
        "them out of the next."
    )
    return text.format(names=_listed(names))


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return " → ".join(f"“{name}”" for name in names)
