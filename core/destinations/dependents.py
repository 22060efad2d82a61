"""What depends on a list at the destination: who changes the list, changes whom these reach."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
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


EVERYTHING = "everything"  # in place of a part: nothing at all could be read


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a part could not be read, a sentence; `at` is when what is shown of it was read."""

    why: str
    at: datetime | None = None  # None: nothing is shown of it


@dataclass(frozen=True, slots=True)
class Dependents:
    """All that depends on a list, as far as it can be seen.

    `unseen` says for flows, campaigns or segments which scopes are missing to see them, `unread`
    which of them failed otherwise.
    """

    flows: tuple[Mailing, ...] = ()
    campaigns: tuple[Campaign, ...] = ()  # the next one first, those without a time last
    segments: tuple[DependentSegment, ...] = ()
    unseen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Mapping[str, Unread] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether nothing is known to depend on the list."""
        return not (self.flows or self.campaigns or self.segments)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        data = asdict(self) | {"unseen": {k: list(v) for k, v in self.unseen.items()}}
        for one in data["campaigns"]:
            one["at"] = _text(one["at"])
        for part in data["unread"].values():
            part["at"] = _text(part["at"])
        return data


def completed(found: Dependents, former: Dependents, at: datetime) -> Dependents:
    """With what was known before, read at that time, of the parts that could not be read."""
    known = {what: _known_at(former, what, at) for what in found.unread}
    parts = {what: getattr(former, what) for what, when in known.items() if when}
    unread = {what: replace(one, at=known[what]) for what, one in found.unread.items()}
    return replace(found, unread=unread, **parts)


def unreadable(former: Dependents | None, at: datetime | None, why: str) -> Dependents:
    """What was known before, if anything, where nothing could be read."""
    return replace(former or Dependents(), unread={EVERYTHING: Unread(why, at)})


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
        unread={
            what: Unread(one["why"], _moment(one["at"]))
            for what, one in data.get("unread", {}).items()  # readings from before had none
        },
    )


def _mailings(data: Iterable[Mapping[str, Any]]) -> tuple[Mailing, ...]:
    return tuple(Mailing(one["id"], one["name"]) for one in data)


def _campaign(data: Mapping[str, Any]) -> Campaign:
    return Campaign(data["id"], data["name"], _moment(data["at"]), tuple(data["through"]))


def _known_at(former: Dependents, what: str, at: datetime) -> datetime | None:
    """When the part was read, if it was; it may have failed before, too."""
    if what in former.unseen:
        return None
    return former.unread[what].at if what in former.unread else at


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
