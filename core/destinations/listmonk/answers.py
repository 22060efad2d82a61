"""The shapes of listmonk's answers, as far as this program reads them (listmonk v6.2.0).

Its documentation shows them by example; what it leaves out was read off the structs of models/.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.destinations import Filled, Known, ListFacts
from core.destinations.http import Response

DOUBLE = "double"
ARCHIVED = "archived"
CONFIRMED, UNCONFIRMED, UNSUBSCRIBED = "confirmed", "unconfirmed", "unsubscribed"
BLOCKLISTED = "blocklisted"
ABSENT, WAITING = "absent", "waiting"  # our own words, where listmonk has none
SUPER_ADMIN = 1  # the id of the role that has every permission


class Shape(BaseModel):
    """A part of an answer; what isn't named is ignored."""

    model_config = ConfigDict(frozen=True)


def _tolerant(value: Any) -> Any:  # null for an empty object or array
    return value or {}


class ServerData(Shape):
    """How a server is set up."""

    root_url: str
    version: str


class Server(Shape):
    """The answer of GET /api/config."""

    data: ServerData


class Role(Shape):
    """What a user may do."""

    id: int
    permissions: tuple[str, ...] | None = None


class ListOfRole(Shape):
    """What a list role allows with one list."""

    permissions: tuple[str, ...] = ()


class ListRole(Shape):
    """What a user may do with single lists."""

    lists: tuple[ListOfRole, ...] | None = None


class UserData(Shape):
    """A user, with all its permissions."""

    user_role: Role
    list_role: ListRole | None = None

    @property
    def permissions(self) -> frozenset[str] | None:
        """Those it has, None for all; a list role stands in for those of all lists."""
        if self.user_role.id == SUPER_ADMIN:
            return None
        of_lists = (self.list_role and self.list_role.lists) or ()
        held = {name for each in of_lists for name in each.permissions}
        wide = {"list:get": "lists:get_all", "list:manage": "lists:manage_all"}
        return frozenset(self.user_role.permissions or ()) | {
            broad for narrow, broad in wide.items() if narrow in held
        }


class User(Shape):
    """The answer of GET /api/profile."""

    data: UserData


class ListData(Shape):
    """A list; its number of subscribers is read elsewhere, for here it is wrong."""

    id: int
    name: str
    optin: str
    status: str = "active"

    def facts(self, profiles: int | None = None) -> ListFacts:
        """As every destination tells it."""
        return ListFacts(str(self.id), self.name, self.optin == DOUBLE, profiles)


class OneList(Shape):
    """The answer about one list."""

    data: ListData


class ListsData(Shape):
    """A collection of lists."""

    results: tuple[ListData, ...]


class Lists(Shape):
    """The answer of GET /api/lists."""

    data: ListsData


class Subscription(Shape):
    """Where a person stands with one list."""

    id: int
    name: str = ""
    optin: str = "single"
    subscription_status: str
    subscription_created_at: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether listmonk waits for a confirmation, and mails for it at every change."""
        return self.optin == DOUBLE and self.subscription_status == UNCONFIRMED


class Person(Shape):
    """A subscriber with all that listmonk knows."""

    id: int
    email: str
    name: str = ""
    attribs: Annotated[dict[str, Any], BeforeValidator(_tolerant)] = Field(default_factory=dict)
    status: str
    lists: Annotated[tuple[Subscription, ...], BeforeValidator(lambda value: value or ())] = ()

    def on(self, list_id: str | None) -> Subscription | None:
        """The subscription to a list, whatever its status."""
        return next((one for one in self.lists if str(one.id) == list_id), None)

    def is_member(self, list_id: str) -> bool:
        """Whether the person is on the list and hasn't left it."""
        found = self.on(list_id)
        return found is not None and found.subscription_status != UNSUBSCRIBED

    @property
    def waiting_for(self) -> str | None:
        """The name of a list whose confirmation is missing, so that a change would mail."""
        return next((one.name or str(one.id) for one in self.lists if one.is_waiting), None)

    def known(self, list_id: str | None) -> Known:
        """As every destination tells it: consent belongs to the list."""
        found = self.on(list_id)
        consent = found.subscription_status if found else ABSENT
        consent = WAITING if found and found.is_waiting else consent
        reasons = [BLOCKLISTED] if self.status == BLOCKLISTED else []
        reasons += [UNSUBSCRIBED] if consent == UNSUBSCRIBED else []
        receives = not reasons and consent != WAITING
        return Known(str(self.id), receives, consent, tuple(reasons))

    def filled(self, fields: Collection[str]) -> Filled:
        """Which of the fields hold anything; the name is no field that could be emptied."""
        held = frozenset(name for name in fields if self._holds(name))
        return Filled(str(self.id), held)

    def _holds(self, field: str) -> bool:
        group, dot, name = field.partition(".")
        value = self.attribs.get(name) if dot and group == "properties" else None
        return value not in (None, "", [], {})


class OnePerson(Shape):
    """The answer about one subscriber."""

    data: Person


class PeopleData(Shape):
    """A collection of subscribers; `total` is of all pages."""

    results: tuple[Person, ...]
    total: int


class People(Shape):
    """The answer of GET /api/subscribers."""

    data: PeopleData


class ListOfCampaign(Shape):
    """A list that a campaign goes to."""

    id: int


class Campaign(Shape):
    """A campaign that has not ended."""

    id: int
    name: str
    status: str
    send_at: datetime | None = None
    lists: Annotated[tuple[ListOfCampaign, ...], BeforeValidator(lambda value: value or ())] = ()


class CampaignsData(Shape):
    """A collection of campaigns."""

    results: tuple[Campaign, ...]


class Campaigns(Shape):
    """The answer of GET /api/campaigns."""

    data: CampaignsData


class Done(Shape):
    """The answer to a change in bulk, which counts nothing."""

    data: bool


def words_of(response: Response) -> str:
    """What listmonk says about an error; empty when the answer isn't its own."""
    try:
        message = response.json()["message"]
    except (ValueError, KeyError, TypeError):
        return ""
    return message if isinstance(message, str) else ""
