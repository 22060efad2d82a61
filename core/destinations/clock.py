"""Whether a destination's clock and ours agree: a warning, for nothing fails by it."""

from datetime import timedelta

from core.destinations import Destination
from core.texts import _, many

TOLERATED = timedelta(minutes=5)


def clock_off(destination: Destination) -> str | None:
    """The sentence for a clock that differs from the destination's by more than is tolerated."""
    ahead, title = destination.ahead, destination.capabilities.title
    if abs(ahead) <= TOLERATED:
        return None
    minutes = round(abs(ahead).total_seconds() / 60)
    slow = many(
        "This computer's clock is {n} minute slow by {destination}'s.",
        "This computer's clock is {n} minutes slow by {destination}'s.",
        minutes,
        destination=title,
    )
    fast = many(
        "This computer's clock is {n} minute fast by {destination}'s.",
        "This computer's clock is {n} minutes fast by {destination}'s.",
        minutes,
        destination=title,
    )
    advice = _("Set it right: schedules and the times in the history go by it.")
    return f"{slow if ahead > timedelta() else fast} {advice}"
