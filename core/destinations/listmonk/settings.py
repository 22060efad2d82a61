"""What has to be said to reach a listmonk, and what its API user must be allowed to do."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.destinations.addresses import checked_address
from core.texts import _

LEAST = "v6.1"  # the first that changes a part of a subscriber (PATCH)
EXAMPLE = "https://listmonk.example.com"
# permission: what for; shown before the user is made (listmonk documentation)
SCOPES = {
    "lists:get_all": _("to show the lists"),
    "lists:manage_all": _("to put people on a list, take them off, create a list"),
    "subscribers:get_all": _("to see who is already there"),
    "subscribers:manage": _("to create and update people"),
    "subscribers:sql_query": _("to look up a hundred people at once; only for trusted users"),
    "campaigns:get_all": _("to warn of campaigns that would email those who join"),
}


class ListmonkSettings(BaseModel):
    """Where a listmonk is; the API user is kept elsewhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(title=_("Address"))
    timeout: float = Field(default=60.0, gt=0, title=_("Seconds to wait for an answer"))
    tries: int = Field(default=5, ge=1, title=_("Attempts at one request"))

    @field_validator("base_url")
    @classmethod
    def _encrypted(cls, url: str) -> str:
        return checked_address(url, EXAMPLE)
