"""The shapes of Klaviyo's answers, as far as this program reads them (official specification)."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.destinations import Account, Filled, Known, ListFacts
from core.destinations.dependents import Mailing

Id = Annotated[str, Field(min_length=1)]
SINGLE_OPT_IN, DOUBLE_OPT_IN = "single_opt_in", "double_opt_in"  # of `opt_in_process`


def tolerant(value: Any) -> Any:
    """An object, or an empty one: Klaviyo sends [] for it."""
    return value if isinstance(value, dict) else {}


def in_utc(moment: datetime) -> datetime:
    """The moment with a time zone: UTC where it names none."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Shape(BaseModel):
    """A part of an answer; what isn't named is ignored."""

    model_config = ConfigDict(frozen=True)


class Links(Shape):
    """Where the next page is, if there is one."""

    next: str | None = None


class Page(Shape):
    """One page of a collection."""

    links: Annotated[Links, BeforeValidator(tolerant)] = Links()


class Contact(Shape):
    """Who an account belongs to."""

    organization_name: str


class AccountAttributes(Shape):
    """What an account tells of itself."""

    test_account: bool
    contact_information: Contact
    timezone: str = ""


class AccountData(Shape):
    """An account."""

    id: Id
    attributes: AccountAttributes

    def account(self) -> Account:
        """As every destination tells it."""
        about = self.attributes
        name = about.contact_information.organization_name
        return Account(self.id, name or self.id, about.test_account, about.timezone or None)


class Accounts(Shape):
    """The account of a key: a collection of one."""

    data: Annotated[tuple[AccountData, ...], Field(min_length=1)]


class ListAttributes(Shape):
    """What a list tells of itself."""

    name: str | None = None
    opt_in_process: str | None = None
    profile_count: int | None = None


class ListData(Shape):
    """A list."""

    id: Id
    attributes: ListAttributes

    def facts(self) -> ListFacts:
        """As every destination tells it."""
        about = self.attributes
        double = about.opt_in_process == DOUBLE_OPT_IN if about.opt_in_process else None
        return ListFacts(self.id, about.name or self.id, double, about.profile_count)


class OneList(Shape):
    """The answer about one list."""

    data: ListData


class Lists(Page):
    """One page of lists."""

    data: tuple[ListData, ...]


class FlowAttributes(Shape):
    """What a flow tells of itself."""

    name: str | None = None
    status: str | None = None
    archived: bool | None = None


class FlowData(Shape):
    """A flow; `status` is live, draft or manual (Klaviyo documentation)."""

    id: Id
    attributes: FlowAttributes

    @property
    def is_live(self) -> bool:
        """Whether it sends to whoever sets it off."""
        return self.attributes.status == "live" and not self.attributes.archived

    def mailing(self) -> Mailing:
        """As every destination tells it."""
        return Mailing(self.id, self.attributes.name or self.id)


class Flows(Page):
    """One page of flows."""

    data: tuple[FlowData, ...]


class Suppression(Shape):
    """Why a profile gets no marketing at all."""

    reason: str


class EmailMarketing(Shape):
    """Where a profile stands with marketing by email."""

    can_receive_email_marketing: bool = False
    consent: str = "NEVER_SUBSCRIBED"
    suppression: tuple[Suppression, ...] | None = None


class EmailChannel(Shape):
    """The email part of the subscriptions."""

    marketing: EmailMarketing | None = None


class Subscriptions(Shape):
    """A profile's consent."""

    email: EmailChannel | None = None


class ProfileAttributes(Shape):
    """As much of a profile as is asked for; fields that a run may fill are its `model_extra`."""

    model_config = ConfigDict(extra="allow")

    email: str | None = None
    joined_group_at: datetime | None = None
    subscriptions: Subscriptions | None = None


class ProfileData(Shape):
    """A profile."""

    id: Id
    attributes: ProfileAttributes = ProfileAttributes()

    def known(self) -> Known:
        """As every destination tells it."""
        told = self.attributes.subscriptions
        marketing = (told and told.email and told.email.marketing) or EmailMarketing()
        reasons = tuple(found.reason for found in marketing.suppression or ())
        return Known(self.id, marketing.can_receive_email_marketing, marketing.consent, reasons)

    def filled(self, fields: Collection[str]) -> Filled:
        """Which of the fields hold anything."""
        return Filled(self.id, frozenset(name for name in fields if self._holds(name)))

    def _holds(self, field: str) -> bool:
        group, dot, name = field.partition(".")
        value = (self.attributes.model_extra or {}).get(group)
        value = (tolerant(value).get(name)) if dot else value
        return value not in (None, "", [], {})


class Profiles(Page):
    """One page of profiles."""

    data: tuple[ProfileData, ...]


class WholeProfileData(Shape):
    """A profile with everything that Klaviyo tells of it."""

    id: Id
    attributes: dict[str, Any]


class WholeProfile(Shape):
    """The answer about one profile."""

    data: WholeProfileData


class Identifier(Shape):
    """A thing that another one points to."""

    id: Id


class Identifiers(Shape):
    """Things that another one points to; None when the answer leaves them out."""

    data: tuple[Identifier, ...] | None = None


class JobRelationships(Shape):
    """What belongs to a job."""

    lists: Annotated[Identifiers, BeforeValidator(tolerant)] = Identifiers()


class JobAttributes(Shape):
    """How far a job is; there is no “failed”."""

    status: Literal["queued", "processing", "complete", "cancelled"]
    created_at: datetime
    total_count: Annotated[int, Field(ge=0)]
    completed_count: int | None = None
    failed_count: int | None = None

    @property
    def began(self) -> datetime:
        """When Klaviyo made the job; in UTC where it names no zone."""
        return in_utc(self.created_at)

    def accepted(self, failed: int) -> int:
        """How many profiles were imported where so many failed, as far as the counts agree."""
        left = max(0, self.total_count - failed)
        return left if self.completed_count is None else min(self.completed_count, left)


class JobData(Shape):
    """An import job."""

    id: Id
    attributes: JobAttributes
    relationships: Annotated[JobRelationships, BeforeValidator(tolerant)] = JobRelationships()

    @property
    def list_ids(self) -> list[str] | None:
        """The lists that it fills, or None when the answer doesn't say."""
        lists = self.relationships.lists.data
        return None if lists is None else [identifier.id for identifier in lists]


class Job(Shape):
    """The answer about one job."""

    data: JobData


class Jobs(Page):
    """One page of jobs."""

    data: tuple[JobData, ...]


class AcceptedAttributes(Shape):
    """How far a job is that was just made."""

    status: str


class AcceptedData(Shape):
    """A job that was just made; nothing but what its receipt needs, so that none gets lost."""

    id: Id
    attributes: AcceptedAttributes


class Accepted(Shape):
    """The answer to an import request."""

    data: AcceptedData


class ImportErrorData(Shape):
    """One reason why a job refused a profile."""

    id: str = ""
    attributes: dict[str, Any]


class ImportErrors(Page):
    """One page of them."""

    data: tuple[ImportErrorData, ...]
