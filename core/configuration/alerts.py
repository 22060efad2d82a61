"""Alerts as values: what they tell of, where they go, their limits, and the heartbeat."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from core.configuration.schedule import Time
from core.configuration.values import NUMBER, Name, Value
from core.texts import _


class Reason(StrEnum):
    """What an alert tells of."""

    failed = "failed"
    held = "held"
    connection = "connection"
    missed = "missed"
    refresh = "refresh"
    rejected = "rejected"
    size = "size"
    slow = "slow"
    approval = "approval"
    recovered = "recovered"  # of whichever of the others was told


WORDS = {
    Reason.failed: _("A run failed"),
    Reason.held: _("A run is held"),
    Reason.connection: _("A connection doesn’t work, or not in full"),
    Reason.missed: _("A scheduled run was missed"),
    Reason.refresh: _("The refresh failed"),
    Reason.rejected: _("Too many profiles are rejected"),
    Reason.size: _("An export’s size has changed much"),
    Reason.slow: _("A run takes much longer than usual"),
    Reason.approval: _("A change waits for approval"),
    Reason.recovered: _("It works again"),
}
EVERY_REASON = tuple(Reason)


class Limits(Value):
    """From when on the share of rejected profiles, a size and a duration are worth an alert."""

    rejected: Annotated[float, Field(gt=0, le=100), NUMBER] = 5  # percent of an export's members
    size: Annotated[float, Field(gt=0), NUMBER] = 30  # percent, against the run before
    slow: Annotated[float, Field(gt=1), NUMBER] = 3  # times the median of the runs before


class Channel(Value):
    """Where alerts go. In a file `address` is `${NAME}`, an address of Apprise; kept encrypted."""

    name: Name
    address: str = Field(min_length=1, repr=False)
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)] = EVERY_REASON
    exports: tuple[Name, ...] = ()  # none: of all exports
    digest: Time | None = None  # once a day, in the refresh's time zone; none: at once

    @field_validator("reasons", "exports")
    @classmethod
    def _once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names))


class Heartbeat(Value):
    """What is asked after each refresh, so that silence is noticed; both are `${NAME}` in a file.

    Without `failed` that address is `address` with /fail at its end.
    """

    address: str = Field(min_length=1, repr=False)
    failed: str | None = Field(default=None, min_length=1, repr=False)


class Alerts(Value):
    """The section `alerts` of a configuration file; what is missing in it says nothing."""

    channels: tuple[Channel, ...] | None = None
    heartbeat: Heartbeat | None = None
    limits: Limits | None = None

    @field_validator("channels")
    @classmethod
    def _names_once(cls, channels: tuple[Channel, ...] | None) -> tuple[Channel, ...] | None:
        names = [one.name for one in channels or ()]
        if twice := {n for n in names if names.count(n) > 1}:
            raise ValueError(f"the name “{min(twice)}” is used twice")
        return channels


def channel_key(name: str) -> str:
    """The name of a channel's secret among those of a file, where connections have theirs."""
    return f"alerts.channels.{name}"


def heartbeat_key(field: str) -> str:
    """The name of the secret of one of the heartbeat's fields, as of a channel."""
    return f"alerts.heartbeat.{field}"


def references(alerts: Alerts | None) -> dict[str, str]:
    """By the name of the secret: what a file says in its place, `${NAME}`."""
    if alerts is None:
        return {}
    found = {channel_key(one.name): one.address for one in alerts.channels or ()}
    given = alerts.heartbeat.model_dump(exclude_none=True) if alerts.heartbeat else {}
    return found | {heartbeat_key(field): text for field, text in given.items()}
