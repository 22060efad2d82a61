"""The first n of a group's people by a field: those with the largest, or the smallest, values.

Of people with the same value those come first whose field `ties` has the lower number: of a number
itself, of a text the first 32 bits of an MD5 (see `core.profiles.segments.shares`), so that no
engine's idea of the alphabet matters and nobody is always last.
"""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.profiles.sources import Kind

MOST = 10**9  # people
PREFIX = "top/"  # before a text in what is hashed
ORDERED: Collection[Kind] = (Kind.number, Kind.date, Kind.moment)  # whose values come in order
TELLING: Collection[Kind] = (Kind.text, Kind.number)  # by which people are told apart

Order = Literal["largest", "smallest"]


class Top(BaseModel):
    """How many people, by which field, from which end; of those alike who comes first.

    Of people who are alike in both fields all are in or none: never more than `count`. Whoever has
    nothing in the field `by` is never in; nothing in `ties` comes last.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: Annotated[int, Field(ge=1, le=MOST, strict=True)]
    by: Annotated[str, Field(min_length=1)]
    order: Order = "largest"
    ties: Annotated[str, Field(min_length=1)]

    @property
    def is_descending(self) -> bool:
        """Whether the largest, or newest, come first."""
        return self.order == "largest"
