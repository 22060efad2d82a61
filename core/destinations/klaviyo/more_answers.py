"""The shapes of answers about segments, campaigns and the usage of the plan.

Segments by the official specification of 2026-07-15, the others by the official client 25.0.0.
"""

import math
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from core.destinations.klaviyo.answers import (
    FlowData,
    Id,
    Identifier,
    Identifiers,
    Page,
    Shape,
    in_utc,
    tolerant,
)
from core.destinations.usage import Usage

PROFILES = "profiles"  # the unit of the rows that count profiles


class Pointer(Shape):
    """One thing that another one points to; None when the answer leaves it out."""

    data: Identifier | None = None


Many = Annotated[Identifiers, BeforeValidator(tolerant)]
One = Annotated[Pointer, BeforeValidator(tolerant)]


class SegmentAttributes(Shape):
    """What a segment tells of itself; the definition as it comes."""

    name: str | None = None
    definition: Any = None
    is_active: bool = True


class SegmentRelationships(Shape):
    """What belongs to a segment."""

    flows: Many = Field(default=Identifiers(), alias="flow-triggers")


class SegmentData(Shape):
    """A segment."""

    id: Id
    attributes: SegmentAttributes
    relationships: Annotated[SegmentRelationships, BeforeValidator(tolerant)] = (
        SegmentRelationships()
    )

    @property
    def flow_ids(self) -> list[str]:
        """The flows that joining it triggers, live or not."""
        return [one.id for one in self.relationships.flows.data or ()]


class Segments(Page):
    """One page of segments, and the flows behind them."""

    data: tuple[SegmentData, ...]
    included: tuple[FlowData, ...] = ()


def _moment(value: Any) -> datetime | None:
    """None for what isn't one: a single odd time must not hide all other campaigns."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None


class SendOptions(Shape):
    """When a message is sent; the second one has a time for each of its variations."""

    send_time: Annotated[datetime | None, BeforeValidator(_moment)] = None
    send_times: Annotated[dict[str, Any], BeforeValidator(tolerant)] = Field(default_factory=dict)


class MessageDefinition(Shape):
    """What is known of a message."""

    send_options: SendOptions | None = None


class MessageAttributes(Shape):
    """What a message tells of itself."""

    definition: MessageDefinition = MessageDefinition()


class MessageRelationships(Shape):
    """What a message belongs to."""

    campaign: One = Pointer()
    audience: One = Field(default=Pointer(), alias="campaign-audience")


class Message(Shape):
    """A message of a campaign."""

    id: Id
    attributes: MessageAttributes = MessageAttributes()
    relationships: Annotated[MessageRelationships, BeforeValidator(tolerant)] = (
        MessageRelationships()
    )

    @property
    def campaign_id(self) -> str | None:
        """Its campaign."""
        campaign = self.relationships.campaign.data
        return campaign.id if campaign else None

    @property
    def audience_ids(self) -> list[str]:
        """The audience that it goes to, if the answer says which one of its campaign's."""
        audience = self.relationships.audience.data
        return [audience.id] if audience else []

    @property
    def at(self) -> datetime | None:
        """When the first of it is sent."""
        options = self.attributes.definition.send_options or SendOptions()
        times = [options.send_time, *map(_moment, options.send_times.values())]
        return min((in_utc(time) for time in times if time), default=None)


class Messages(Page):
    """One page of messages."""

    data: tuple[Message, ...]


class AudienceDefinition(Shape):
    """Ids of lists and segments."""

    included: tuple[str, ...] | None = None
    excluded: tuple[str, ...] | None = None


class AudienceAttributes(Shape):
    """What an audience tells of itself."""

    definition: AudienceDefinition = AudienceDefinition()


class AudienceData(Shape):
    """Whom a campaign goes to."""

    id: Id
    attributes: AudienceAttributes = AudienceAttributes()

    @property
    def groups(self) -> tuple[str, ...]:
        """The lists and segments on which it depends, excluded ones among them."""
        groups = self.attributes.definition
        return (*(groups.included or ()), *(groups.excluded or ()))


class CampaignDefinition(Shape):
    """What is known of a campaign."""

    name: str | None = None


class CampaignAttributes(Shape):
    """What a campaign tells of itself."""

    definition: CampaignDefinition = CampaignDefinition()


class CampaignRelationships(Shape):
    """What belongs to a campaign."""

    audiences: Many = Field(default=Identifiers(), alias="campaign-audiences")


class CampaignData(Shape):
    """A campaign."""

    id: Id
    attributes: CampaignAttributes = CampaignAttributes()
    relationships: Annotated[CampaignRelationships, BeforeValidator(tolerant)] = (
        CampaignRelationships()
    )

    @property
    def name(self) -> str:
        """Its name, else its id."""
        return self.attributes.definition.name or self.id

    @property
    def audience_ids(self) -> list[str]:
        """Its audiences."""
        return [one.id for one in self.relationships.audiences.data or ()]


class Campaigns(Page):
    """One page of campaigns, and their audiences."""

    data: tuple[CampaignData, ...]
    included: tuple[AudienceData, ...] = ()


class UsageAttributes(Shape):
    """How much of one thing is used; `usage_max` is what the plan includes."""

    usage_used: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    usage_max: Annotated[int, Field(ge=0)]
    unit: str
    as_of: datetime


class UsageData(Shape):
    """One row of the usage."""

    id: Id
    attributes: UsageAttributes

    def usage(self) -> Usage:
        """As every destination tells it."""
        row = self.attributes
        return Usage(row.usage_max, math.ceil(row.usage_used), in_utc(row.as_of))


def _readable(rows: Any) -> Any:
    """Without rows of another shape: what no plan bounds may have no maximum, or no date."""
    if not isinstance(rows, list):
        return rows
    found = []
    for row in rows:
        with suppress(ValidationError):
            found.append(UsageData.model_validate(row))
    return found


class UsageRows(Page):
    """All rows of the usage that can be read."""

    data: Annotated[tuple[UsageData, ...], BeforeValidator(_readable)]
