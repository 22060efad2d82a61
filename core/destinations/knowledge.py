"""What Klaviyo knows already of the people that an export is about to send."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from core.destinations import Destination
from core.destinations.sample import MOST, sample
from core.texts import _

SUBSCRIBED, UNSUBSCRIBED, NEVER = "SUBSCRIBED", "UNSUBSCRIBED", "NEVER_SUBSCRIBED"
# Why a profile gets no marketing, in words (Klaviyo specification).
SUPPRESSIONS: dict[str, str] = {
    "HARD_BOUNCE": _("their address bounced"),
    "INVALID_EMAIL": _("their address is not valid"),
    "SPAM_COMPLAINT": _("they complained of spam"),
    "UNSUBSCRIBE": _("they unsubscribed"),
    "USER_SUPPRESSED": _("suppressed by hand"),
}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Of `people` different emails, `asked` were asked about: all of them, or a sample.

    All other numbers are of those asked. `suppressed` counts by reason, in Klaviyo's words;
    somebody with two reasons is in both.
    """

    people: int
    asked: int
    existing: int  # have a profile
    can_receive: int  # marketing by email
    subscribed: int
    never_subscribed: int
    unsubscribed: int
    suppressed: Mapping[str, int]

    @property
    def sampled(self) -> bool:
        """Whether the numbers are of a sample only."""
        return self.asked < self.people

    @property
    def new(self) -> int:
        """How many of those asked about would become new profiles."""
        return self.asked - self.existing

    @property
    def new_of_all(self) -> int:
        """How many of all the people that would be; about so many where only some were asked."""
        return _of_all(self.new, self.asked, self.people)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"sampled": self.sampled, "new": self.new}


def about(
    destination: Destination, emails: pl.Series | Iterable[str], most: int = MOST
) -> Knowledge:
    """What the destination knows of these people, or of `most` of them at random.

    Raises DestinationFailed.
    """
    drawn = sample(emails, most)
    known = destination.known(drawn.emails).values()
    consent = Counter(one.consent for one in known)
    return Knowledge(
        people=drawn.of,
        asked=len(drawn.emails),
        existing=len(known),
        can_receive=sum(one.can_receive for one in known),
        subscribed=consent[SUBSCRIBED],
        never_subscribed=consent[NEVER],
        unsubscribed=consent[UNSUBSCRIBED],
        suppressed=dict(Counter(reason for one in known for reason in set(one.suppressions))),
    )


def how_many_new(
    destination: Destination, emails: pl.Series | Iterable[str], most: int = MOST
) -> int:
    """How many of these people have no profile yet; of more than `most` an estimate by a sample.

    The same people give the same estimate. Raises DestinationFailed.
    """
    drawn = sample(emails, most)
    existing = destination.ids_of(drawn.emails)
    return _of_all(len(drawn.emails) - len(existing), len(drawn.emails), drawn.of)


def _of_all(n: int, asked: int, people: int) -> int:
    return round(n * people / asked) if asked else 0
