"""What guards look at, and what they say of it: values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.configuration.export import Guards
from core.profiles.freshness import Freshness
from core.profiles.sources import Kind
from core.runs.built import Built


@dataclass(frozen=True, slots=True)
class Creating:
    """How many new profiles a run makes, and for how many more the plan has room.

    The number is an estimate if `sampled`; the room is below zero where the plan is exceeded.
    `read_at`: when the destination told the numbers; None where a person entered them.
    """

    new: int
    room: int
    sampled: bool = False
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangedColumn:
    """A matched column that holds another kind of values than in the export's last run."""

    name: str
    before: Kind
    now: Kind
    why: str | None = None  # the first cell that made it so


@dataclass(frozen=True, slots=True)
class Aged:
    """Up to when the data of a run goes, at the moment at which that is asked, in a zone."""

    data: Freshness
    now: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run is about to do. Numbers are people; None: not known."""

    add: int
    leave: int
    members: int  # of the segments
    valid: int
    rejected: int  # for what is wrong with them; people who are left out are not in it
    ours: int  # on the list, by us, before the run
    on_list: int | None  # all on the list
    members_before: int | None  # of the export's last run
    flows: Sequence[str]  # names of live flows that joining sets off
    creating: Creating | None = None  # None: there is room, or what the plan includes isn't known
    sharing: Mapping[str, int] = field(default_factory=dict)  # kind of Shared: who share one
    changed: Sequence[ChangedColumn] = ()  # since the export's last run
    update: int = 0  # on the list already, whose profiles change
    upcoming: str | None = None  # a campaign to the list that is near enough, with its time
    unknown_campaigns: str | None = None  # why campaigns to the list can't be told, a sentence
    aged: Aged | None = None  # None: it isn't known
    built: Built | None = None  # None: the source is no model of dbt, or it isn't known


@dataclass(frozen=True, slots=True)
class CrossedGuard:
    """A guard that is crossed: its name, the sentence, the number that a person has to confirm."""

    name: str  # in the configuration file
    text: str
    number: int
    unknown: bool = False  # whether it holds since something can't be told

    def as_data(self, guards: Guards) -> dict[str, Any]:
        """For the story of the run's hold, with what the guard was set to."""
        return {
            "name": self.name,
            "limit": getattr(guards, self.name, True),
            "number": self.number,
            "text": self.text,
        }
