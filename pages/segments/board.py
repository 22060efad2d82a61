"""What drawing the rules of a segment needs, and gathers for whoever fills in numbers later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from streamlit.delta_generator import DeltaGenerator

from core.errors import Invalid
from core.profiles.segments import checks, lists_within, operators, united
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.contents import Contents
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind, Schema
from pages.segments import draft
from pages.segments.draft import Node

Slots = dict[str, DeltaGenerator]  # by id: where the number of a rule or a group will stand


@dataclass(slots=True)
class Board:
    """What drawing a tree needs and gathers."""

    root: Node
    schema: Schema
    contents: Callable[[str], Contents | None]  # what a field holds, if it can be read
    segments: Mapping[str, Group] | None = None  # others that it can be made from, by name
    lists: Mapping[str, AddressList] | None = None  # those that rules can name, by name
    about: Mapping[str, str] = field(default_factory=dict)  # descriptions of fields
    takes_sql: bool = False
    takes_first: bool = False
    key: str | None = None  # the field that tells people apart, if it is known
    slots: Slots = field(default_factory=dict)
    below: Slots = field(default_factory=dict)  # by id: where a rule says what one may have meant
    ends: Slots = field(default_factory=dict)  # by id: where a group says where its first end
    numbers: dict[str, int] = field(default_factory=dict)  # of groups and of rules, each from 1

    def whole(self, group: Group) -> Group:
        """Rules with all that they name. Raises Unknown, Invalid."""
        return lists_within.resolved(united.resolved(group, self.segments or {}), self.lists or {})

    def problem(self, node: Node) -> str | None:
        """What is wrong with a finished rule, naming its field and what that holds."""
        value = draft.value_of(node)
        if value is None:
            return draft.wrong(node)
        try:
            checks.check(self.whole(value), self.schema, "")
        except Invalid as error:
            return str(error).removeprefix(": ")
        return None

    def operators(self, kind: Kind) -> list[str]:
        """Those that are offered for what a field holds."""
        offered = operators.operators(kind)
        takes_lists = self.lists is not None
        return [op.value for op in offered if takes_lists or not lists_within.is_of_list(op)]
