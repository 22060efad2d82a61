"""The rules of a segment, as values: comparisons in groups that nest freely."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Value = str | bool | int | float | date | list[str | bool | int | float | date] | None


class Op(StrEnum):
    """How a field is compared; the names are those of the configuration file."""

    equals = "equals"
    not_equals = "not_equals"
    is_one_of = "is_one_of"
    is_none_of = "is_none_of"
    contains = "contains"
    starts_with = "starts_with"
    ends_with = "ends_with"
    matches = "matches"
    more_than = "more_than"
    at_least = "at_least"
    less_than = "less_than"
    at_most = "at_most"
    between = "between"
    before = "before"
    after = "after"
    on = "on"
    in_last_days = "in_last_days"
    not_in_last_days = "not_in_last_days"
    is_true = "is_true"
    is_false = "is_false"
    is_empty = "is_empty"
    is_not_empty = "is_not_empty"


BARE = frozenset({Op.is_true, Op.is_false, Op.is_empty, Op.is_not_empty})
LISTED = frozenset({Op.is_one_of, Op.is_none_of})
NEGATIVE = frozenset({Op.not_equals, Op.is_none_of, Op.not_in_last_days})


class Rule(BaseModel):
    """One comparison of one field; the value's shape follows from the operator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: Annotated[str, Field(min_length=1)]
    op: Op
    value: Value = None

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        if problem := _shape_problem(self.op, self.value):
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
            raise ValueError(f"the group “{kinds[0]}” holds no rule")
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
    """What an item means to be, so that only its own faults are told."""
    named = data if isinstance(data, dict) else vars(data) if isinstance(data, Rule) else {}
    return "rule" if {"field", "op", "value"} & set(named) else "group"


Item = Annotated[
    Annotated[Group, Tag("group")] | Annotated[Rule, Tag("rule")], Discriminator(_kind_of)
]
Group.model_rebuild()


def _shape_problem(op: Op, value: Value) -> str | None:
    """What is wrong with the value's shape, or None."""
    if op in BARE:
        return None if value is None else f"“{op}” takes no value"
    if op in LISTED:
        return None if isinstance(value, list) and value else f"“{op}” needs a list of values"
    if op is Op.between:
        pair = isinstance(value, list) and len(value) == 2
        return None if pair else "“between” needs two values, [low, high], both included"
    if op in (Op.in_last_days, Op.not_in_last_days):
        days = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if days else f"“{op}” needs a whole number of days"
    if value is None or isinstance(value, list):
        return f"“{op}” needs one value"
    return None
