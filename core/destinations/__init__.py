"""What a destination promises: to say whose it is, take profiles, and tell what became of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, Self

from core.destinations.capabilities import Capabilities
from core.destinations.dependents import Dependents, Mailing
from core.destinations.usage import Usage

Stop = Callable[[], bool]  # asked while waiting: has somebody asked this run to stop?
# Gives an access token of OAuth: any that holds, or another one than the one that was refused.
# May raise DestinationFailed.
Token = Callable[[str | None], str]


def never() -> bool:
    """The answer to Stop of whoever can't be stopped."""
    return False


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens a destination: `token` if there is one, else `key`.

    `former` is the key from before a change-over, asked where `key` is refused.
    """

    key: str | None = field(default=None, repr=False)
    former: str | None = field(default=None, repr=False)
    token: Token | None = field(default=None, repr=False)


class Ended(StrEnum):
    """How a job ended; there is no “failed”: a complete job may have refused every profile."""

    complete = "complete"
    cancelled = "cancelled"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose data it is; `time_zone` is an IANA name, None where the destination tells none."""

    id: str
    name: str
    test: bool
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list; `profiles` is None unless it was asked for, since counting is slow.

    `double_opt_in`: whether people join only once they confirm; None where that isn't told.
    """

    id: str
    name: str
    double_opt_in: bool | None = None
    profiles: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A person on a list: the id of their profile, and when they joined it, if that is told."""

    id: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the destination knows of a person's email: `consent` and `suppressions` in its words.

    `suppressions` are the reasons, empty for who isn't suppressed.
    """

    id: str
    can_receive: bool
    consent: str
    suppressions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """The id of a person's profile, and those of the fields asked for that hold anything."""

    id: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The destination took the request; whether it takes the profiles, the job will tell."""

    job_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """One profile that was refused, told by its place in the request (from 0), its email or both.

    Both are None when the destination didn't say whom it refused. `held_back`: the person is on
    the list as wanted, only the data was not written for now, and a later run sends it again.
    `without`: the paths of optional fields in the profile, where nothing else is at fault.
    """

    email: str | None
    place: int | None
    detail: str
    held_back: bool = False
    without: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: one refusal a profile, and `failed_count` not accepted in all.

    `failed_count` may exceed the refusals: those profiles failed without a reason. Profiles of the
    batch beyond `accepted` and `failed_count` got lost: the destination counts them nowhere.
    A cancelled job counts nothing as accepted, for nobody says which of its profiles arrived.
    """

    status: Ended
    accepted: int
    refusals: tuple[Refusal, ...]
    failed_count: int


class Jobs(Protocol):
    """The jobs of a destination that takes a batch first and works on it later."""

    def find(
        self, list_id: str | None, profiles: int, since: datetime, known: Collection[str]
    ) -> Receipt | None:
        """The one job that a send with a lost answer left behind, or None: then send again.

        It has that many profiles and that list, began after `since`, and is none of the known ids.
        """
        ...

    def glance(self) -> Mapping[str, bool]:
        """Whether each of the latest jobs has ended, by id, in one request; older ones are absent.

        So a run of a hundred batches needn't ask a hundred times while all are under way.
        """
        ...

    def check(self, job_id: str) -> Outcome | None:
        """What became of a job, with every refusal; None while it is under way."""
        ...


class Destination(Protocol):
    """One account at a destination; closed by `with`. Every call may raise DestinationFailed.

    Sending must be idempotent: a batch whose answer was lost may be sent twice.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the destination declares of itself, the same for every account."""
        ...

    @property
    def jobs(self) -> Jobs | None:
        """Its jobs; None for a destination whose `send` says at once what became of a batch."""
        ...

    @property
    def requests(self) -> int:
        """How many requests were made so far, refused ones included."""
        ...

    @property
    def throttled(self) -> int:
        """How many of them were refused because they came too fast."""
        ...

    @property
    def ahead(self) -> timedelta:
        """How far its clock is ahead of ours, by its last answer; zero before the first."""
        ...

    def account(self) -> Account:
        """Whose account it is; asked for once, then remembered."""
        ...

    def remember(self, account: Account) -> None:
        """The account, known already: it needn't be asked for again so soon."""
        ...

    def missing(self) -> tuple[str, ...]:
        """The scopes that reading shows to be missing; those of writing only a run can prove.

        Raises NotAccepted, Unavailable.
        """
        ...

    def missing_optional(self) -> tuple[str, ...]:
        """The scopes that reading shows to be missing among those of `Key.optional`.

        Raises NotAccepted, Unavailable.
        """
        ...

    def lists(self) -> Iterator[ListFacts]:
        """Every list of the account, page after page."""
        ...

    def list_facts(self, list_id: str, count: bool = False) -> ListFacts:
        """One list, with its number of profiles when `count`. Raises Rejected when unknown."""
        ...

    def create_list(self, name: str, double_opt_in: bool) -> ListFacts:
        """Makes a new list. Raises Invalid without a name, AnswerLost (perhaps made)."""
        ...

    def mailings(self, list_id: str) -> list[Mailing]:
        """What would mail those who join the list. Raises Forbidden, Missing."""
        ...

    def dependents(self, list_id: str) -> Dependents:
        """What depends on the list, as far as the key may see it; empty where nothing can.

        Raises Missing for an unknown list.
        """
        ...

    def usage(self) -> Usage | None:
        """What the plan includes and how much of it is used; None where nothing is told of it.

        Raises Forbidden, Missing.
        """
        ...

    def ids_of(self, emails: Iterable[str]) -> Mapping[str, str]:
        """The ids of the profiles by their emails, in lower case; who has none is absent."""
        ...

    def known(self, emails: Iterable[str], list_id: str | None = None, /) -> Mapping[str, Known]:
        """What is known of people by their emails, in lower case; who has no profile is absent.

        `list_id` is the list that they are to join: where consent belongs to a list, to that one.
        """
        ...

    def filled(self, emails: Iterable[str], fields: Collection[str]) -> Mapping[str, Filled]:
        """Which of the fields, named as in `clear`, hold anything, by the person's email.

        Who has no profile is absent.
        """
        ...

    def members_among(self, list_id: str, emails: Iterable[str]) -> set[str]:
        """Those of the emails, in lower case, that are on the list. Raises Missing."""
        ...

    def joined(self, list_id: str, emails: Iterable[str]) -> Mapping[str, Joined]:
        """The same with their ids, and since when they are on it; absent who isn't."""
        ...

    def take_off(self, list_id: str, ids: Sequence[str]) -> None:
        """Takes profiles off the list; who isn't on it stays off. Consent stays as it is.

        May be called again after a failure. Raises Missing for an unknown list.
        """
        ...

    def read_one(self, id: str) -> Mapping[str, Any]:
        """The attributes of one profile as the destination has them. Raises Missing."""
        ...

    def erase(self, email: str, /) -> None:
        """Asks for everybody with this email to be deleted for good; may be asked again.

        Only when a person is erased here, too: never because they leave a segment. Raises Forbidden
        where the key may not; Rejected where the destination can't be asked for it.
        """
        ...

    def clear(self, id: str, fields: Collection[str]) -> None:
        """Empties fields of a profile, named as in the matching: location.city, properties.size.

        Raises Invalid for the email, by which the profile is known; Missing for an unknown one.
        """
        ...

    def send(
        self, list_id: str | None, bodies: Sequence[str], joining: str | None = None, /
    ) -> Receipt | Outcome:
        """Hands over one batch of profiles, each the JSON text of one; None joins no list.

        `joining` is one of `Capabilities.joinings`, None for its first. A Receipt where jobs are
        to tell what became of it, else the Outcome. Raises RowsRejected, Rejected, Unavailable
        (not arrived), AnswerLost (perhaps arrived).
        """
        ...

    def close(self) -> None:
        """Lets go of the connections."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None: ...
