"""An export frozen as a run has it: what was configured when the run was asked for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from core.configuration.export import Export
from core.configuration.source import Source, Whole
from core.destinations.capabilities import Capabilities
from core.destinations.register import DEFAULT, kind_of
from core.profiles.segments import lists_within
from core.profiles.segments.rules import Group


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """How many people somebody saw to be taken off, put back and restored."""

    leave: int
    add: int
    update: int


@dataclass(frozen=True, slots=True)
class Undo:
    """What a run takes back: these runs (one, or the parts of a split), or all after a day.

    `clears`: also what the runs were the first to send of people who had been sent before. `seen`
    is the plan that a person saw, for it is confirmed by that.
    """

    runs: tuple[int, ...] = ()
    day_end: datetime | None = None
    clears: bool = False
    seen: PlanSeen | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Undo":
        """From what `as_data` wrote."""
        day_end, seen = data.get("since"), data.get("seen")
        return cls(
            runs=tuple(data["runs"]),
            day_end=datetime.fromisoformat(day_end) if day_end else None,
            clears=bool(data.get("clears")),
            seen=PlanSeen(**seen) if seen else None,
        )

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "runs": list(self.runs),
            "since": self.day_end.isoformat() if self.day_end else None,
            "clears": self.clears,
            "seen": asdict(self.seen) if self.seen else None,
        }


@dataclass(frozen=True, slots=True)
class Order:
    """An export with all that it names, as it was when a run or a preview was asked for."""

    export: Export
    source: Source  # whole
    segments: Mapping[str, Group]
    time_zone: str
    exclude: Mapping[str, Group] = field(default_factory=dict)  # segments that are left out
    destination: str = DEFAULT  # the type of its connection
    only_email: str | None = None
    confined: bool = True  # its files lie in the allowed folders
    send_all: bool = False  # also what was sent before as it is
    connection_id: int | None = None
    source_id: int | None = None
    refused_again: bool = False  # also what was refused before as it is
    starts_over: bool = False  # a retry that sends the export as it is now, not what is left
    keeps_leavers: bool = False  # takes nobody off the list this time
    undo: Undo | None = None  # takes this back, and reads no source

    @property
    def list_id(self) -> str | None:
        """The list that people join; None for an export that only updates profiles."""
        return self.export.joins

    @property
    def capabilities(self) -> Capabilities:
        """What its destination declares. Raises Unknown."""
        return kind_of(self.destination).capabilities

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Order":
        """The order as `as_data` wrote it, by this version or a former one."""
        return cls(
            export=Export.model_validate(data["export"]),
            source=Whole.model_validate(data["source"]),
            segments=_rules(data["segments"]),
            time_zone=data["time_zone"],
            exclude=_rules(data.get("exclude", {})),
            destination=data.get("destination") or DEFAULT,
            only_email=data.get("only_email"),
            confined=data.get("confined", False),  # asked for before folders were confined
            send_all=bool(data.get("send_all")),
            connection_id=data.get("connection_id"),
            source_id=data.get("source_id"),
            refused_again=bool(data.get("refused_again")),
            starts_over=bool(data.get("anew")),
            keeps_leavers=bool(data.get("keeps_leavers")),
            undo=Undo.read(data["undo"]) if data.get("undo") else None,
        )

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "export": self.export.model_dump(mode="json"),
            "connection_id": self.connection_id,
            "destination": self.destination,
            "source": self.source.model_dump(mode="json"),
            "source_id": self.source_id,
            "confined": self.confined,
            "segments": {name: rules.as_data() for name, rules in self.segments.items()},
            "exclude": {name: rules.as_data() for name, rules in self.exclude.items()},
            "time_zone": self.time_zone,
            "only_email": self.only_email,
            "send_all": self.send_all,
            "refused_again": self.refused_again,
            "anew": self.starts_over,
            **({"keeps_leavers": True} if self.keeps_leavers else {}),
            **({"undo": self.undo.as_data()} if self.undo else {}),
        }


def changed_lists(before: Order, now: Order) -> list[str]:
    """The names of address lists in both that had other addresses then."""
    had, has = (
        {
            name: one.digest
            for rules in (*order.segments.values(), *order.exclude.values())
            for name, one in lists_within.known(rules).items()
        }
        for order in (before, now)
    )
    return sorted(name for name in had.keys() & has.keys() if had[name] != has[name])


def _rules(data: Mapping[str, Any]) -> dict[str, Group]:
    return {name: Group.model_validate(rules) for name, rules in data.items()}
