"""listmonk as a destination: one server, as an API user of it sees it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from core.destinations import (
    Account,
    Credentials,
    Filled,
    Joined,
    Known,
    ListFacts,
    Outcome,
    Stop,
    never,
)
from core.destinations.capabilities import Capabilities
from core.destinations.dependents import Dependents, Mailing
from core.destinations.limits import Limits
from core.destinations.listmonk import account, lists, people, sending
from core.destinations.listmonk.answers import OneList, Person
from core.destinations.listmonk.auth import ApiUser
from core.destinations.listmonk.capabilities import CAPABILITIES
from core.destinations.listmonk.client import Client
from core.destinations.listmonk.settings import ListmonkSettings

__all__ = ["CAPABILITIES", "Listmonk", "ListmonkSettings", "open_listmonk"]


def open_listmonk(
    settings: ListmonkSettings, credentials: Credentials, limits: Limits, stopped: Stop = never
) -> "Listmonk":
    """listmonk as this API user sees it. Raises Invalid for a key that can't be one."""
    auth = ApiUser(credentials.key or "", credentials.former)
    return Listmonk(settings, Client(settings, auth, limits, stopped))


class Listmonk:
    """A Destination, see there; for one thread."""

    jobs = None  # what became of people is known at once

    def __init__(self, settings: ListmonkSettings, client: Client) -> None:
        self._settings = settings
        self._client = client
        self._account: Account | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What listmonk declares of itself."""
        return CAPABILITIES

    @property
    def requests(self) -> int:
        """How many requests were made so far, refused ones included."""
        return self._client.exchange.requests

    @property
    def throttled(self) -> int:
        """How many of them were answered with 429, by a server in front."""
        return self._client.exchange.throttled

    @property
    def ahead(self) -> timedelta:
        """How far its clock is ahead of ours, by the Date of its last answer."""
        return self._client.exchange.ahead

    def account(self) -> Account:
        """The server; asked for once. Raises Rejected for a version that is too old."""
        if self._account is None:
            found = account.account(self._client, self._settings.base_url)
            self.remember(found)
            return found
        return self._account

    def remember(self, account: Account) -> None:
        """The server, known already."""
        self._account = account
        self._client.account = account.name

    def missing(self) -> tuple[str, ...]:
        """The permissions that the API user lacks, those of writing too."""
        return account.missing(self._client)

    def missing_optional(self) -> tuple[str, ...]:
        """None: `missing` names all."""
        return ()

    def lists(self) -> Iterator[ListFacts]:
        """Every list but archived ones, in one request."""
        return lists.everything(self._client)

    def list_facts(self, list_id: str, count: bool = False) -> ListFacts:
        """One list; counting takes two requests more."""
        return lists.facts(self._client, list_id, count)

    def create_list(self, name: str, double_opt_in: bool) -> ListFacts:
        """A new private list."""
        return lists.create(self._client, name, double_opt_in)

    def mailings(self, list_id: str) -> list[Mailing]:
        """The campaigns that may mail those who join; needs the permission campaigns:get_all."""
        return lists.mailings(self._client, list_id)

    def dependents(self, list_id: str) -> Dependents:
        """The same campaigns with their times; listmonk has no flows and no segments."""
        return lists.dependents(self._client, list_id)

    def usage(self) -> None:
        """listmonk bills nothing."""
        return None

    def ids_of(self, emails: Iterable[str]) -> Mapping[str, str]:
        """The ids of subscribers by email, asked for a hundred at a time."""
        return {email: str(person.id) for email, person in self._people(emails)}

    def known(self, emails: Iterable[str], list_id: str | None = None) -> Mapping[str, Known]:
        """Where people stand with the list, and whether they are blocklisted."""
        return {email: person.known(list_id) for email, person in self._people(emails)}

    def filled(self, emails: Iterable[str], fields: Collection[str]) -> Mapping[str, Filled]:
        """Which attributes hold anything."""
        return {email: person.filled(fields) for email, person in self._people(emails)}

    def members_among(self, list_id: str, emails: Iterable[str]) -> set[str]:
        """Those of the emails that are on the list and haven't left it."""
        return set(self.joined(list_id, emails))

    def joined(self, list_id: str, emails: Iterable[str]) -> Mapping[str, Joined]:
        """The same with their ids, and since when their subscription is there."""
        found = {
            email: Joined(str(person.id), _since(person, list_id))
            for email, person in self._people(emails)
            if person.is_member(list_id)
        }
        if not found:  # nobody is on a list that isn't there either
            self._client.get("list", OneList, list_id)
        return found

    def take_off(self, list_id: str, ids: Sequence[str]) -> None:
        """Takes people off the list; those who unsubscribed from it stay unsubscribed."""
        lists.take_off(self._client, list_id, ids)

    def erase(self, _email: str, /) -> None:
        """Deletes nobody. Raises Rejected, which says what to do there."""
        people.refuse_erasing()

    def read_one(self, id: str) -> Mapping[str, Any]:
        """What listmonk has of one person."""
        return people.read(self._client, id)

    def clear(self, id: str, fields: Collection[str]) -> None:
        """Empties attributes."""
        people.clear(self._client, id, fields)

    def send(
        self, list_id: str | None, bodies: Sequence[str], joining: str | None = None
    ) -> Outcome:
        """Creates and updates people one by one, then puts all of them on the list at once.

        They join unconfirmed unless the export chose otherwise; nobody is mailed.
        """
        return sending.send(self._client, list_id, bodies, joining or sending.CAUTIOUS)

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

    def _people(self, emails: Iterable[str]) -> Iterator[tuple[str, Person]]:
        return people.by_email(self._client, emails)


def _since(person: Person, list_id: str) -> datetime | None:
    found = person.on(list_id)
    return found.subscription_created_at if found else None
