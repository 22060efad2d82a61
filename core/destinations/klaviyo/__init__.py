"""Klaviyo as a destination: one account, as its private key or an authorization sees it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from core.destinations import (
    Account,
    Credentials,
    Filled,
    Joined,
    Known,
    ListFacts,
    Receipt,
    Stop,
    never,
)
from core.destinations.capabilities import Capabilities
from core.destinations.dependents import Dependents, Mailing
from core.destinations.klaviyo import dependents, lists, profiles, usage
from core.destinations.klaviyo.answers import Accounts, Jobs, Lists, OneList
from core.destinations.klaviyo.auth import AccessToken, PrivateKey
from core.destinations.klaviyo.capabilities import CAPABILITIES
from core.destinations.klaviyo.client import Client
from core.destinations.klaviyo.importing import ImportJobs
from core.destinations.klaviyo.installed import installed, support
from core.destinations.klaviyo.oauth import OAUTH
from core.destinations.klaviyo.settings import SCOPES, KlaviyoSettings, revision_end
from core.destinations.limits import Limits
from core.destinations.usage import Usage
from core.errors import Forbidden

__all__ = [
    "CAPABILITIES",
    "OAUTH",
    "SCOPES",
    "Klaviyo",
    "KlaviyoSettings",
    "installed",
    "open_klaviyo",
    "revision_end",
    "support",
]

LISTS_PAGE = 10  # the most that one page of lists holds (official specification)


def open_klaviyo(
    settings: KlaviyoSettings, credentials: Credentials, limits: Limits, stopped: Stop = never
) -> "Klaviyo":
    """Klaviyo as whoever these belong to sees it. Raises Invalid for an impossible key."""
    if credentials.token:
        return Klaviyo(Client(settings, AccessToken(credentials.token), limits, stopped))
    auth = PrivateKey(credentials.key or "", credentials.former)
    return Klaviyo(Client(settings, auth, limits, stopped))


class Klaviyo:
    """A Destination, see there; for one thread."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._account: Account | None = None
        self._jobs = ImportJobs(client)

    @property
    def capabilities(self) -> Capabilities:
        """What Klaviyo declares of itself."""
        return CAPABILITIES

    @property
    def jobs(self) -> ImportJobs:
        """The account's import jobs."""
        return self._jobs

    @property
    def requests(self) -> int:
        """How many requests were made so far, refused ones included."""
        return self._client.exchange.requests

    @property
    def throttled(self) -> int:
        """How many of them were answered with 429."""
        return self._client.exchange.throttled

    @property
    def ahead(self) -> timedelta:
        """How far Klaviyo's clock is ahead of ours, by the Date of its last answer."""
        return self._client.exchange.ahead

    def account(self) -> Account:
        """The account of the key; asked for once, since one request a second is allowed."""
        if self._account is None:
            account = self._client.get("account", Accounts).data[0].account()
            self.remember(account)
            return account
        return self._account

    def remember(self, account: Account) -> None:
        """The account, known already."""
        self._account = account
        self._client.account = account.name
        self._client.belongs(account.id)

    def missing(self) -> tuple[str, ...]:
        """One small question for each scope of reading: 403 says that it isn't there.

        Write scopes show only at the first write (Klaviyo documentation).
        """
        found: list[str] = []
        for name, shape in (("lists", Lists), ("jobs", Jobs)):
            try:
                self._client.get(name, shape, params={"page[size]": 1})
            except Forbidden as error:
                found += error.scopes
        return tuple(dict.fromkeys(found))

    def missing_optional(self) -> tuple[str, ...]:
        """One small question for each of them; who has no list isn't asked for its flows."""
        return usage.missing_optional(self._client)

    def lists(self) -> Iterator[ListFacts]:
        """Every list of the account, without its number of profiles."""
        for page in self._client.pages("lists", Lists, {"page[size]": LISTS_PAGE}):
            yield from (data.facts() for data in page.data)

    def list_facts(self, list_id: str, count: bool = False) -> ListFacts:
        """One list; counting its profiles is allowed once a second, 15 times a minute."""
        if not count:
            return self._client.get("list", OneList, list_id).data.facts()
        query = {"additional-fields[list]": "profile_count"}
        return self._client.get("list_count", OneList, list_id, query).data.facts()

    def create_list(self, name: str, double_opt_in: bool) -> ListFacts:
        """A new list; Klaviyo lets 150 a day be made (official specification)."""
        return lists.create(self._client, name, double_opt_in)

    def mailings(self, list_id: str) -> list[Mailing]:
        """The live flows that joining the list sets off; needs the scope flows:read."""
        return lists.flows(self._client, list_id)

    def dependents(self, list_id: str) -> Dependents:
        """Flows, scheduled campaigns and segments that depend on the list."""
        return dependents.read(self._client, list_id)

    def usage(self) -> Usage | None:
        """The plan and the active profiles; needs the scope usage:read."""
        return usage.read(self._client)

    def ids_of(self, emails: Iterable[str]) -> Mapping[str, str]:
        """The ids of profiles by email, asked for a hundred at a time."""
        return profiles.ids_of(self._client, emails)

    def known(self, emails: Iterable[str], _list_id: str | None = None) -> Mapping[str, Known]:
        """Where people stand with marketing by email, whatever the list, a hundred at a time."""
        return profiles.known(self._client, emails)

    def filled(self, emails: Iterable[str], fields: Collection[str]) -> Mapping[str, Filled]:
        """Which fields hold anything, asked for a hundred people at a time."""
        return profiles.filled(self._client, emails, fields)

    def members_among(self, list_id: str, emails: Iterable[str]) -> set[str]:
        """Those of the emails that are on the list, asked for a hundred at a time."""
        return lists.members_among(self._client, list_id, emails)

    def joined(self, list_id: str, emails: Iterable[str]) -> Mapping[str, Joined]:
        """The same with their ids, and since when they are on it."""
        return lists.joined(self._client, list_id, emails)

    def take_off(self, list_id: str, ids: Sequence[str]) -> None:
        """Takes profiles off a list, a thousand at a time."""
        lists.take_off(self._client, list_id, ids)

    def erase(self, email: str, /) -> None:
        """Asks for a deletion job, which can't be taken back; needs data-privacy:write."""
        profiles.erase(self._client, email)

    def read_one(self, id: str) -> Mapping[str, Any]:
        """A profile's attributes."""
        return profiles.read(self._client, id)

    def clear(self, id: str, fields: Collection[str]) -> None:
        """Empties fields of a profile, in one request."""
        profiles.clear(self._client, id, fields)

    def send(
        self, list_id: str | None, bodies: Sequence[str], _joining: str | None = None
    ) -> Receipt:
        """Starts one import job of at most 10,000 profiles and 5 MB (official specification)."""
        return self._jobs.start(list_id, bodies)

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.close()
