"""What depends on a list at the destination: who changes the list, changes whom these reach."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Mailing:
    """What hangs on a list and mails who joins it, such as a live flow or a scheduled campaign."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign to the list or to a segment of it; `at` is None where no time is set.

    `through` are the names of the segments by which it depends on the list; empty: directly.
    """

    id: str
    name: str
    at: datetime | None
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DependentSegment:
    """A segment whose members depend on the list, with the live flows that it triggers."""

    id: str
    name: str
    flows: tuple[Mailing, ...] = ()


@dataclass(frozen=True, slots=True)
class Dependents:
    """All that depends on a list, as far as it can be seen.

    `unseen` says for flows, campaigns or segments which scopes are missing to see them.
    """

    flows: tuple[Mailing, ...] = ()
    campaigns: tuple[Campaign, ...] = ()  # the next one first, those without a time last
    segments: tuple[DependentSegment, ...] = ()
    unseen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether nothing is known to depend on the list."""
        return not (self.flows or self.campaigns or self.segments)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        data = asdict(self) | {"unseen": {k: list(v) for k, v in self.unseen.items()}}
        for one in data["campaigns"]:
            one["at"] = one["at"].isoformat() if one["at"] else None
        return data


def in_order(campaigns: Iterable[Campaign]) -> tuple[Campaign, ...]:
    """By the time at which they are sent."""
    return tuple(sorted(campaigns, key=lambda one: (one.at is None, one.at or 0, one.name)))


def read(data: Mapping[str, Any]) -> Dependents:
    """What `as_data` gave."""
    return Dependents(
        flows=_mailings(data["flows"]),
        campaigns=tuple(_campaign(one) for one in data["campaigns"]),
        segments=tuple(
            DependentSegment(one["id"], one["name"], _mailings(one["flows"]))
            for one in data["segments"]
        ),
        unseen={what: tuple(scopes) for what, scopes in data["unseen"].items()},
    )


def _mailings(data: Iterable[Mapping[str, Any]]) -> tuple[Mailing, ...]:
    return tuple(Mailing(one["id"], one["name"]) for one in data)


def _campaign(data: Mapping[str, Any]) -> Campaign:
    at = datetime.fromisoformat(data["at"]) if data["at"] else None
    return Campaign(data["id"], data["name"], at, tuple(data["through"]))
