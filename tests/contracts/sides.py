"""What the contract test needs of each destination: a server of its own, and its words for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from core.destinations import Destination


@dataclass
class Clock:
    """One clock for both sides, so that their limits are tried without waiting."""

    seconds: float = datetime(2026, 11, 24, 8, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Side(Protocol):
    """A local server of one destination: how to open it, what it knows, how to upset it."""

    clock: Clock
    settings: Mapping[str, Any]  # of the register's kind
    secret: str
    a_list: str
    mailings: Sequence[str]  # names of what mails those who join it
    campaigns: Mapping[str, datetime]  # names of the scheduled campaigns to it, and when
    segments: Sequence[str]  # names of what else depends on it
    quiet_list: str  # what hangs on it mails nobody yet
    unknown_list: str
    peoples_list: str  # the people below are on it
    people: Sequence[str]
    people_consents: set[str]  # the words for consent that they have
    people_suppressions: set[str]  # reasons that some of them have
    new_consent: str  # the word for somebody who was just sent
    unknown_person: str  # an id that nobody has
    sending: str  # what the log of requests shows of a batch
    forbidden: Sequence[str]  # what it may never show
    lists_a_day: int | None  # that may be made
    questions: int  # requests that ask twice about 16,000 people whom it doesn't have
    longest_send: float  # seconds that 160 small batches may take, by the clock
    identifier: str | None  # a field besides the email by which people are recognised
    list_page: tuple[str, str]  # where its API may be, and there the page of `a_list` for people
    reads_lists: Sequence[str]  # scopes that let lists be read, and nothing else

    def lacking(
        self, destination: Destination
    ) -> Sequence[tuple[Callable[[], object], tuple[str, ...]]]:
        """Calls that need more than that, and the scopes that they lack."""

    def profile(self, email: str, **fields: Any) -> str:
        """The JSON text of one: fields are first_name, last_name, size, and city and
        the identifier where it has one.
        """

    def read(self, destination: Destination, email: str) -> dict[str, Any]:
        """The profile, with the same names; empty fields are left out."""

    def refused(self, n: int) -> str:
        """An address that is well formed and refused once it has arrived."""

    def upset(self, kind: str, of: str = "send", **how: Any) -> None:
        """The next sending ("send") or making of a list ("create_list") goes wrong."""

    def allow(self, *scopes: str) -> None:
        """The key may do this much from now on."""

    def members(self) -> int:
        """How many are on a_list."""

    def bring(self, emails: Sequence[str], arrived: Callable[..., object]) -> None:
        """Puts thousands on a_list, sent by `arrived` unless there is something faster."""

    def asked(self) -> str:
        """The log of requests."""


class JobsSide(Side, Protocol):
    """One whose destination has jobs."""

    def delay(self, seconds: float) -> None:
        """How long a job takes."""

    def jobs(self) -> int:
        """How many there are."""
