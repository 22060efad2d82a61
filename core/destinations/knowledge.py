"""What a destination knows already of the people that an export is about to send."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from core.destinations import Destination
from core.destinations.capabilities import Standing
from core.destinations.sample import MOST, sample


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Of `people` different emails, `asked` were asked about: all of them, or a sample.

    All other numbers are of those asked. `suppressed` counts by reason, in the destination's words;
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
    destination: Destination,
    emails: pl.Series | Iterable[str],
    list_id: str | None = None,
    most: int = MOST,
) -> Knowledge:
    """What the destination knows of these people, or of `most` of them at random.

    `list_id` is the list that they are to join.

    Raises DestinationFailed.
    """
    drawn = sample(emails, most)
    known = destination.known(drawn.emails, list_id).values()
    words = destination.capabilities.consents
    consent = Counter(words[one.consent].standing for one in known if one.consent in words)
    return Knowledge(
        people=drawn.of,
        asked=len(drawn.emails),
        existing=len(known),
        can_receive=sum(one.can_receive for one in known),
        subscribed=consent[Standing.subscribed],
        never_subscribed=consent[Standing.never],
        unsubscribed=consent[Standing.unsubscribed],
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


def _of_all(n: int, drawn: int, people: int) -> int:
    return round(n * people / drawn) if drawn else 0
