"""What an undo would do, as it is shown to people before it is requested."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.configuration.order import PlanSeen
from core.destinations.capabilities import Capabilities
from core.runs import undo_words

if TYPE_CHECKING:
    import polars as pl

NAMED = 1_000  # of those left alone, in JSON
BY_LATER = frozenset({"changed_since", "not_there"})  # reasons that a later run may have made


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What an undo would do, in people. `undoes` is a run, or None where the list goes to `day`.

    `people` has email, change, alone (why nothing is done to them), by (the run that changed them
    since), its addresses masked for who may not see them.
    """

    export_id: int
    export: str
    list_id: str
    destination: Capabilities
    undoes: int | None
    day: date | None
    day_end: datetime | None  # the moment that ends the day
    numbers: PlanSeen
    alone: Mapping[str, int]  # by reason, the most first
    people: "pl.DataFrame"
    scheduled: bool  # the export runs by itself, and would do it all over
    since: Sequence[int] = ()  # later runs that changed the list and weren't undone, newest first

    @property
    def does_nothing(self) -> bool:
        """Whether nobody is left to whom anything would be done."""
        return self.numbers == PlanSeen(0, 0, 0)

    @property
    def warnings(self) -> Sequence[str]:
        """What can't be taken back, to be said first: sentences."""
        of_run = self.undoes is not None
        found = undo_words.warnings(self.numbers, self.destination, of_run=of_run)
        if self.since and BY_LATER & self.alone.keys():
            return [undo_words.order(self.since), *found]
        return found

    def as_data(self) -> dict[str, Any]:
        """For JSON, with the names that a preview has, and what is left alone besides."""
        plan = self.numbers
        sent = plan.add + plan.update
        left = self.people.drop_nulls("alone")
        return {
            "export": self.export,
            "list_id": self.list_id,
            "run": self.undoes,
            "day": self.day.isoformat() if self.day else None,
            **{"segments": {}, "members": sent, "valid": sent, "rejected": {}, "duplicates": 0},
            **{"warnings": {}, "add": plan.add, "update": plan.update, "unchanged": 0},
            **{"leave": plan.leave, "over_limit": False, "limit": None},
            **{"requests": self._requests(), "seconds": self._seconds(), "sample": []},
            "left_alone": dict(self.alone),
            "left_alone_people": left.select("email", "change", "alone", "by")
            .rename({"alone": "reason", "by": "run"})
            .head(NAMED)
            .to_dicts(),
            "cannot_undo": list(self.warnings),
            "scheduled": self.scheduled,
        }

    def _jobs(self) -> int:
        sent = self.numbers.add + self.numbers.update
        return math.ceil(sent / self.destination.layout.most_profiles)

    def _requests(self) -> int:
        cost, plan = self.destination.cost, self.numbers
        if self.does_nothing:
            return 0
        asked = math.ceil((plan.leave + plan.add + plan.update) / cost.people_a_question)
        return cost.requests_a_run + cost.requests_a_batch * self._jobs() + asked

    def _seconds(self) -> int:
        cost = self.destination.cost
        return round(cost.seconds_a_batch * self._jobs() + cost.seconds_to_finish)
