"""Columns that say which place people have in groups that take the first ones: see `ranked`."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.profiles.segments.operators import Op
from core.profiles.segments.rules import Group, Rule
from core.profiles.sources import Kind, Schema


@dataclass(frozen=True, slots=True)
class Places:
    """Columns of places, each with its group."""

    tops: Sequence[tuple[Group, str]] = ()

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [name for _group, name in self.tops]

    def schema(self, schema: Schema) -> Schema:
        """The source's, with the columns of places."""
        return {**schema, **dict.fromkeys(self.names, Kind.number)}

    def name(self, group: Group) -> str:
        """The column of a group, which has one."""
        return next(name for known, name in self.tops if known == group)

    def rules(self, group: Group) -> Group:
        """The same rules, which compare a column where they take the first of a group's people."""
        items = [self.rules(one) if isinstance(one, Group) else one for one in group.items]
        rules = group.model_copy(update={group.kind: tuple(items), "top": None})
        if group.top is None:
            return rules
        first = Rule(field=self.name(group), op=Op.at_most, value=group.top.count)
        return Group(all=(first, rules) if items else (first,), segment=group.segment)
