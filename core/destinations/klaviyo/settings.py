"""What has to be said to reach Klaviyo: its address, its API's revision, a key's scopes."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.destinations.addresses import checked_address
from core.texts import _

BASE_URL = "https://a.klaviyo.com"
REVISION = "2026-10-15"  # the newest one (official client 25.0.0)
YEARS_SUPPORTED = 2  # after its release (Klaviyo documentation)

# The least that exporting needs. A key's scopes can't be edited once it is made, so they are shown
# before the key is asked for (Klaviyo documentation).
SCOPES = {
    "accounts:read": _("to see which account the key belongs to"),
    "lists:read": _("to show the lists and follow the import jobs"),
    "lists:write": _("to put profiles on a list"),
    "profiles:read": _("to see which profiles were refused, and why"),
    "profiles:write": _("to create and update profiles"),
}


# What no run needs; each shows more of what a run would set off or cost (official specification).
OPTIONAL_SCOPES = {
    "flows:read": _("to show the flows that joining a list triggers"),
    "campaigns:read": _("to show scheduled campaigns on a list, and hold runs before them"),
    "segments:read": _("to show the segments in Klaviyo that depend on a list"),
    "usage:read": _("to read the size of the plan and the active profiles"),
}


# For erasing people alone, never for a run (official specification, data privacy).
ERASING_SCOPES = {
    "data-privacy:write": _("to have Klaviyo delete a person who is erased here, for good"),
}


class KlaviyoSettings(BaseModel):
    """Where Klaviyo is and which revision of its API to speak; the key is kept elsewhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(
        default=BASE_URL,
        title=_("Address"),
        description=_("Only for a local Klaviyo, such as “segferry sandbox” on this machine."),
    )
    revision: str = Field(default=REVISION, title=_("Revision of the API"))
    timeout: float = Field(default=60.0, gt=0, title=_("Seconds to wait for an answer"))
    tries: int = Field(default=5, ge=1, title=_("Attempts at one request"))

    @field_validator("base_url")
    @classmethod
    def _encrypted(cls, url: str) -> str:
        return checked_address(url, BASE_URL)

    @field_validator("revision")
    @classmethod
    def _dated(cls, revision: str) -> str:
        revision_end(revision)
        return revision


def revision_end(revision: str) -> date:
    """The day on which Klaviyo ends its support of a revision. Raises ValueError when no date."""
    try:
        released = date.fromisoformat(revision if len(revision) == len(REVISION) else "")
    except ValueError:
        raise ValueError(
            _("The revision “{revision}” is not a date like {example}.").format(
                revision=revision, example=REVISION
            )
        ) from None
    leap = (released.month, released.day) == (2, 29)
    return released.replace(year=released.year + YEARS_SUPPORTED, day=28 if leap else released.day)
