"""A connection as a value: the account, who may use it, who agreed, what its plan includes."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from core.configuration.values import NUMBER, Name, Value
from core.destinations.register import DEFAULT, KINDS, kind_of, settings_of
from core.errors import Invalid

MOST_BILLED = 1_000_000_000  # profiles that anybody would have


class Consent(Value):
    """Who agreed that personal data leaves the team's boundary, to which words, and when.

    Without a version those of today are meant, of the connection's type.
    """

    agreed_by: Name
    version: str = ""
    agreed_at: datetime | None = None


Billed = Annotated[int, Field(ge=0, le=MOST_BILLED), NUMBER]


class Billing(Value):
    """How many profiles the account's plan includes, and how many active ones it has by its bill.

    A person reads both there, where no API tells them.
    """

    plan: Billed
    active: Billed


def _known(type: str) -> str:
    try:
        kind_of(type)
    except Invalid as error:
        raise ValueError(str(error)) from None
    return type


Type = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": sorted(KINDS)})]


class Connection(Value):
    """A way to an account at a destination. In a file `api_key` is `${NAME}`; it is kept encrypted.

    `base_url` is the address, by default that of the type, if it has one.
    """

    name: Name
    type: Type = DEFAULT
    api_key: str = Field(min_length=1, repr=False)
    base_url: str = Field(default="", validate_default=True)
    # or the names of people
    shared_with: (
        Literal["administrators", "contributors"] | Annotated[tuple[Name, ...], Field(min_length=1)]
    ) = "administrators"
    billing: Billing | None = None
    consent: Consent

    @field_validator("base_url")
    @classmethod
    def _address(cls, url: str, info: ValidationInfo) -> str:
        """Checked by the settings of the type, without which nothing can be said of it."""
        type: Any = info.data.get("type")
        if type is None:
            return url
        try:
            settings: Any = settings_of(type, {"base_url": url} if url else {})
        except Invalid as error:
            raise ValueError(str(error)) from None
        return str(settings.base_url)

    @field_validator("consent")
    @classmethod
    def _agreed(cls, consent: Consent, info: ValidationInfo) -> Consent:
        type: Any = info.data.get("type")
        if consent.version or type is None:
            return consent
        version = kind_of(type).capabilities.agreement.version
        return consent.model_copy(update={"version": version})
