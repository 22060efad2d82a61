"""An export frozen as a run has it: what was configured when the run was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.configuration.export import Export
from core.configuration.source import Source
from core.destinations.capabilities import Capabilities
from core.destinations.register import DEFAULT, kind_of
from core.profiles.segments.rules import Group


@dataclass(frozen=True, slots=True)
class Order:
    """An export with all that it names, as it was when a run or a preview was asked for."""

    export: Export
    source: Source
    segments: Mapping[str, Group]
    time_zone: str
    exclude: Mapping[str, Group] = field(default_factory=dict)  # segments that are left out
    destination: str = DEFAULT  # the type of its connection
    only_email: str | None = None
    confined: bool = True  # its files lie in the allowed folders
    send_all: bool = False  # also what was sent before as it is

    @property
    def list_id(self) -> str | None:
        """The list that people join; None for an export that only updates profiles."""
        return self.export.joins

    @property
    def capabilities(self) -> Capabilities:
        """What its destination declares. Raises Unknown."""
        return kind_of(self.destination).capabilities


def read_order(data: Mapping[str, Any]) -> Order:
    """The order as `core.store.runs` wrote it."""
    return Order(
        export=Export.model_validate(data["export"]),
        source=Source.model_validate(data["source"]),
        segments={name: Group.model_validate(rules) for name, rules in data["segments"].items()},
        time_zone=data["time_zone"],
        exclude={n: Group.model_validate(rules) for n, rules in data.get("exclude", {}).items()},
        destination=data.get("destination") or DEFAULT,
        only_email=data.get("only_email"),
        confined=data.get("confined", False),  # asked for before folders were confined
        send_all=bool(data.get("send_all")),
    )


def destination_of(data: Mapping[str, Any]) -> Capabilities:
    """What the destination of an order declares, without reading all of the order."""
    return kind_of(data.get("destination") or DEFAULT).capabilities
