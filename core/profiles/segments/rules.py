"""The rules of a segment, as values: comparisons in groups that nest freely."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from core.profiles.segments.operators import Op

Value = str | bool | int | float | date | list[str | bool | int | float | date] | None


class Rule(BaseModel):
    """One comparison of one field; the value's shape follows from the operator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: Annotated[str, Field(min_length=1)]
    op: Op
    value: Value = None

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        if problem := self.op.shape.problem(self.op, self.value):
            raise ValueError(problem)
        return self


class Group(BaseModel):
    """Rules and groups joined by all, any or none: exactly one of the three."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    all: tuple["Item", ...] | None = None
    any: tuple["Item", ...] | None = None
    none: tuple["Item", ...] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [k for k in ("all", "any", "none") if getattr(self, k) is not None]
        if len(kinds) != 1:
            raise ValueError("a group has exactly one of all, any, none")
        if not self.items:
            raise ValueError(f"the group “{kinds[0]}” has no rule")
        return self

    @property
    def kind(self) -> str:
        """all, any or none."""
        return next(k for k in ("all", "any", "none") if getattr(self, k) is not None)

    @property
    def items(self) -> "tuple[Group | Rule, ...]":
        """What is joined, in order."""
        members: tuple[Group | Rule, ...] = getattr(self, self.kind)
        return members

    def rules(self) -> Iterator[Rule]:
        """Every comparison in the tree, depth first."""
        for item in self.items:
            if isinstance(item, Rule):
                yield item
            else:
                yield from item.rules()

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
