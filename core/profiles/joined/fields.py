"""What is made from another table, as values: one figure or value for each person."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.profiles.segments import lists_within
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind
from core.texts import _

NUMBER = {Kind.number}
DATED = {Kind.date, Kind.moment}
SINGLE = NUMBER | DATED | {Kind.text, Kind.boolean}
ROWS = "rows"
Text = Annotated[str, Field(min_length=1)]
Rows = Literal["rows"]


class Make(StrEnum):
    """How many rows of a person become one value; the names are those of the configuration file.

    `kinds` are those of the columns that it takes, none where it takes rows; `gives` is what it
    makes, None for what the column holds.
    """

    number = "count", (), Kind.number, _("Number of rows")
    sum = "sum", NUMBER, Kind.number, _("Sum of")
    last = "last", SINGLE, None, _("Newest")
    first = "first", SINGLE, None, _("Oldest")
    min = "min", NUMBER | DATED, None, _("Smallest")
    max = "max", NUMBER | DATED, None, _("Largest")
    average = "average", NUMBER, Kind.number, _("Average of")
    distinct = "distinct", SINGLE, Kind.number, _("Number of different")
    exists = "exists", (), Kind.boolean, _("Whether there is a row")

    kinds: Collection[Kind]
    gives: Kind | None
    words: str

    def __new__(cls, name: str, kinds: Collection[Kind], gives: Kind | None, words: str) -> Self:
        """A way by its name, with the rest of its row."""
        made = str.__new__(cls, name)
        made._value_, made.kinds, made.gives, made.words = name, kinds, gives, words
        return made

    @property
    def takes_rows(self) -> bool:
        """Whether it looks at rows, not at a column of them."""
        return not self.kinds

    @property
    def is_ordered(self) -> bool:
        """Whether it is the value of one row, which comes first or last."""
        return self in (Make.first, Make.last)


class JoinedField(BaseModel):
    """One field: exactly one way of making it, and which of a person's rows it is made of.

    `by` is the column of dates that tells the newest row, and the rows within the last days.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: Text
    count: Rows | None = None
    sum: Text | None = None
    last: Text | None = None
    first: Text | None = None
    min: Text | None = None
    max: Text | None = None
    average: Text | None = None
    distinct: Text | None = None
    exists: Rows | None = None
    by: Text | None = None
    within_days: Annotated[int, Field(ge=0, strict=True)] | None = None
    where: Group | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [way for way in Make if getattr(self, way) is not None]
        if len(ways) != 1:
            raise ValueError(f"a field has exactly one of {', '.join(Make)}")
        if self.within_days is not None and self.by is None:
            raise ValueError("`within_days` needs `by`, the column of dates that it looks at")
        if self.by is not None and self.within_days is None and not ways[0].is_ordered:
            raise ValueError("`by` is for `within_days`, `first` and `last`")
        if self.where is not None and self.where.segments():
            raise ValueError("`where` has rules of its own, and names no segment")
        if self.where is not None and self.where.tops():
            raise ValueError("`where` looks at each row by itself: `top` is for segments")
        if self.where is not None and lists_within.named(self.where):
            raise ValueError("`where` compares with values, and names no address list")
        if self.where is not None and any(group.sql for group in self.where.groups()):
            raise ValueError("`where` is made of rules, not of SQL")
        return self

    @property
    def make(self) -> Make:
        """How it is made."""
        return next(way for way in Make if getattr(self, way) is not None)

    @property
    def column(self) -> str | None:
        """The column of the other table that it is made from; None for the rows themselves."""
        return None if self.make.takes_rows else str(getattr(self, self.make))

    @property
    def order(self) -> str | None:
        """The column of dates by which one row comes first or last; None where none does."""
        return (self.by or self.column) if self.make.is_ordered else None

    def columns(self) -> set[str]:
        """All columns of the other table that it looks at."""
        rules = self.where.rules() if self.where else ()
        return {rule.field for rule in rules} | {one for one in (self.column, self.by) if one}


class Join(BaseModel):
    """Another source, the columns by which its rows belong to people, and the fields made of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    source: Text
    on: Text | Annotated[dict[Text, Text], Field(min_length=1, max_length=1)]
    fields: Annotated[tuple[JoinedField, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [field.name for field in self.fields]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"the field “{min(twice)}” is made twice")
        return self

    @property
    def key(self) -> str:
        """The column of the profiles."""
        return self.on if isinstance(self.on, str) else next(iter(self.on))

    @property
    def other_key(self) -> str:
        """The column of the other table."""
        return self.on if isinstance(self.on, str) else next(iter(self.on.values()))

    def columns(self) -> set[str]:
        """All columns of the other table that it looks at."""
        return {self.other_key}.union(*(field.columns() for field in self.fields))

    def with_source(self, name: str) -> Self:
        """The same of another source."""
        return self.model_copy(update={"source": name})


def kind_of(field: JoinedField, kinds: Mapping[str, Kind]) -> Kind:
    """What the field holds, by what the columns of the other table hold."""
    return field.make.gives or kinds[field.column or ""]
