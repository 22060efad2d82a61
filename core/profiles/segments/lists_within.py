"""Address lists in rules: which ones they name, and rules with what is known of these."""

from collections.abc import Callable, Iterator, Mapping

from core.errors import Unknown
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.operators import Op, Shape
from core.profiles.segments.rules import Group, Rule
from core.texts import _

Change = Callable[[str | AddressList], str | AddressList]


def named(rules: Group) -> set[str]:
    """The names of the address lists in the rules."""
    return {_name(value) for value in _values(rules)}


def resolved(rules: Group, known: Mapping[str, AddressList]) -> Group:
    """The rules with what is known of each list that they name. Raises Unknown, naming the field.

    Addresses are not among it, see `filled`.
    """

    def found(value: str | AddressList) -> AddressList:
        if _name(value) not in known:
            raise Unknown(_("address list"), _name(value), known)
        return known[_name(value)]

    return _changed(rules, found)


def filled(rules: Group, addresses: Callable[[AddressList], tuple[str, ...]]) -> Group:
    """Resolved rules with the addresses of each list, to be compared."""

    def found(value: str | AddressList) -> str | AddressList:
        if isinstance(value, str) or value.addresses is not None:
            return value
        return value.with_addresses(addresses(value))

    return _changed(rules, found)


def renamed(rules: Group, old: str, new: str) -> Group:
    """Rules as people write them, with another name of a list in them."""
    return _changed(rules, lambda value: new if value == old else value)


def as_written(rules: Group) -> Group:
    """Resolved rules with the mere name of each list, as people write them."""
    return _changed(rules, _name)


def known(rules: Group) -> dict[str, AddressList]:
    """What is known of each list in resolved rules, by its name."""
    return {value.name: value for value in _values(rules) if isinstance(value, AddressList)}


def is_of_list(op: Op) -> bool:
    """Whether the operator compares with an address list."""
    return op.shape is Shape.address_list


def _name(value: str | AddressList) -> str:
    return value if isinstance(value, str) else value.name


def _values(rules: Group) -> Iterator[str | AddressList]:
    for rule in rules.rules():
        if is_of_list(rule.op) and isinstance(rule.value, str | AddressList):
            yield rule.value


def _changed(rules: Group, change: Change) -> Group:
    """The rules with each of their lists changed; the same ones where there is none."""
    if next(_values(rules), None) is None:
        return rules
    items = [
        _changed(item, change) if isinstance(item, Group) else _rule(item, change)
        for item in rules.items
    ]
    return rules.model_copy(update={rules.kind: tuple(items)})


def _rule(rule: Rule, change: Change) -> Rule:
    if not is_of_list(rule.op) or not isinstance(rule.value, str | AddressList):
        return rule
    return rule.model_copy(update={"value": change(rule.value)})
