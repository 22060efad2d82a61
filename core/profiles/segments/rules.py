"""The rules of a segment, as values: comparisons in groups that nest freely.

A group may be the members of another segment: at first only by its name, `{segment: Spenders}`;
once it is resolved (see `core.profiles.segments.united`) with that segment's rules as well. So may
it be a condition in SQL, `{sql: "country = 'LV'"}`, and once resolved the rules that it means.
Of the people whom its rules find a group may take the first ones only, see `top`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from core.profiles.segments import address_list, shares
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.operators import Op
from core.profiles.segments.shares import Share
from core.profiles.segments.top import Top

LONGEST_SQL = 10_000  # characters of a condition
One = str | bool | int | float | date
NO_RULES = (
    "“top” takes the first of the people whom rules find: put what stands beside it into "
    "“all”, as in {all: [{segment: Spenders}], top: …}"
)
# People write an address list by its name; what is known of it is put there when it is resolved.
Value = One | list[One] | Share | SkipJsonSchema[AddressList] | None


class Rule(BaseModel):
    """One comparison of one field; the value's shape follows from the operator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: Annotated[str, Field(min_length=1)]
    op: Op
    value: Value = None

    @field_validator("value", mode="before")
    @classmethod
    def _mapping(cls, value: object) -> object:
        if address_list.is_reference(value):
            return address_list.read(value)
        return shares.read(value) if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        if problem := self.op.shape.problem(self.op, self.value):
            raise ValueError(problem)
        return self


class Group(BaseModel):
    """Rules and groups joined by all, any or none: exactly one of the three.

    With `top` its people are the first of those whom its rules find in the source; `all: []` finds
    everybody.

    Or the members of another segment, by its name, or a condition in SQL, as it is written; whoever
    reads the rules of either has to resolve it first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    all: tuple["Item", ...] | None = None
    any: tuple["Item", ...] | None = None
    none: tuple["Item", ...] | None = None
    segment: Annotated[str, Field(min_length=1)] | None = None
    sql: Annotated[str, Field(min_length=1, max_length=LONGEST_SQL)] | None = None
    top: Top | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [k for k in ("all", "any", "none") if getattr(self, k) is not None]
        if self.segment is not None and self.sql is not None:
            raise ValueError("a group is a segment or a condition in SQL, not both")
        if not kinds and not (self.segment is None and self.sql is None):
            if self.top is not None:
                raise ValueError(NO_RULES)
            return self
        if len(kinds) != 1:
            raise ValueError("a group has exactly one of all, any, none")
        if not self.items and not (self.top and kinds == ["all"]):
            raise ValueError(f"the group “{kinds[0]}” has no rule")
        return self

    @property
    def is_unresolved(self) -> bool:
        """Whether it is only the name of a segment, or only SQL, without the rules of either."""
        return self.all is None and self.any is None and self.none is None

    @property
    def is_name(self) -> bool:
        """Whether it is only the name of a segment, the rules of which are elsewhere."""
        return self.is_unresolved and self.segment is not None

    @property
    def kind(self) -> str:
        """all, any or none. Raises StopIteration for a group that is unresolved."""
        return next(k for k in ("all", "any", "none") if getattr(self, k) is not None)

    @property
    def items(self) -> "tuple[Group | Rule, ...]":
        """What is joined, in order."""
        members: tuple[Group | Rule, ...] = getattr(self, self.kind)
        return members

    def rules(self) -> Iterator[Rule]:
        """Every comparison in the tree, depth first; of what is unresolved, none."""
        for item in () if self.is_unresolved else self.items:
            if isinstance(item, Rule):
                yield item
            else:
                yield from item.rules()

    def fields(self) -> Iterator[str]:
        """Every field that it looks at, by rules and to find the first people; some twice."""
        yield from (rule.field for rule in self.rules())
        for group in self.groups():
            yield from (group.top.by, group.top.ties) if group.top else ()

    def groups(self) -> Iterator["Group"]:
        """Itself and every group in it, depth first."""
        yield self
        for item in () if self.is_unresolved else self.items:
            if isinstance(item, Group):
                yield from item.groups()

    def tops(self) -> "list[Group]":
        """The groups that take the first of their people, each before those that it is in."""
        return [group for group in self.groups() if group.top is not None][::-1]

    def segments(self) -> set[str]:
        """The names of the segments that it is made from."""
        return {group.segment for group in self.groups() if group.segment is not None}

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON or YAML, without what is not set."""
        return self.model_dump(mode="json", exclude_none=True)


def _kind_of(data: object) -> str:
    """What an item means to be, so that only its own faults are reported."""
    named = data if isinstance(data, dict) else vars(data) if isinstance(data, Rule) else {}
    return "rule" if {"field", "op", "value"} & set(named) else "group"


Item = Annotated[
    Annotated[Group, Tag("group")] | Annotated[Rule, Tag("rule")], Discriminator(_kind_of)
]
Group.model_rebuild()
