"""A connection as a value: the account, who may use it, who agreed, what its plan includes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from core.configuration.values import Name, Value
from core.destinations.addresses import checked_address
from core.destinations.klaviyo.settings import BASE_URL

MOST_BILLED = 1_000_000_000  # profiles that anybody would have
CONSENT_VERSION = "2026-09-01"


class Consent(Value):
    """Who agreed that personal data leaves the team's boundary, to which words, and when."""

    agreed_by: Name
    version: str = CONSENT_VERSION
    agreed_at: datetime | None = None


Billed = Annotated[int, Field(ge=0, le=MOST_BILLED)]


class Billing(Value):
    """How many profiles Klaviyo's plan includes, and how many active ones its billing page shows.

    A person reads both there, for Klaviyo's API doesn't tell them.
    """

    plan: Billed
    active: Billed


class Connection(Value):
    """A way to a Klaviyo account. In a file `api_key` is `${NAME}`; the value is kept encrypted."""

    name: Name
    type: Literal["klaviyo"] = "klaviyo"
    api_key: str = Field(min_length=1, repr=False)
    base_url: Annotated[str, AfterValidator(lambda url: checked_address(url, BASE_URL))] = BASE_URL
    # or the names of people
    shared_with: (
        Literal["administrators", "contributors"] | Annotated[tuple[Name, ...], Field(min_length=1)]
    ) = "administrators"
    billing: Billing | None = None
    consent: Consent
