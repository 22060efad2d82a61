"""A segment as a value."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from pydantic import AfterValidator

from core.configuration.values import Name, Value
from core.errors import Invalid
from core.profiles.segments.address_list import WRONG, AddressList
from core.profiles.segments.rules import Group
from core.profiles.segments.united import circle


def _written(rules: Group) -> Group:
    """As people write them: of segments and address lists their names, of SQL its text, no more."""
    for group in rules.groups():
        if group.sql is not None and not group.is_unresolved:
            raise ValueError("“sql” stands alone: put it and other rules into one group")
        if group.segment is not None and not group.is_name:
            text = "“segment” stands alone: the rules of “{name}” are its own, so name it only"
            raise ValueError(text.format(name=group.segment))
    if any(isinstance(rule.value, AddressList) for rule in rules.rules()):
        raise ValueError(WRONG)
    return Group(all=(rules,)) if rules.is_unresolved else rules


class Segment(Value):
    """A group of people, by rules over a source."""

    name: Name
    source: Name
    rules: Annotated[Group, AfterValidator(_written)]
    active: bool = True


def in_order(segments: Iterable[Segment]) -> list[Segment]:
    """Each after those that it is made from. Raises Invalid where they are so in a circle."""
    named = {segment.name: segment for segment in segments}
    needs = {name: sorted(one.rules.segments() & named.keys()) for name, one in named.items()}
    try:
        return [named[name] for name in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        raise Invalid(circle(error.args[1][::-1])) from error
