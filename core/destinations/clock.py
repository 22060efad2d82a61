"""Whether a destination's clock and ours agree: a warning, for nothing fails by it."""

from datetime import timedelta

from core.texts import _, many

TOLERATED = timedelta(minutes=5)


def clock_off(ahead: timedelta) -> str | None:
    """The sentence for a clock that differs by more than is tolerated; `ahead` as Destination's."""
    if abs(ahead) <= TOLERATED:
        return None
    minutes = round(abs(ahead).total_seconds() / 60)
    slow = many(
        "This computer's clock is {n} minute slow by Klaviyo's.",
        "This computer's clock is {n} minutes slow by Klaviyo's.",
        minutes,
    )
    fast = many(
        "This computer's clock is {n} minute fast by Klaviyo's.",
        "This computer's clock is {n} minutes fast by Klaviyo's.",
        minutes,
    )
    advice = _("Set it right: schedules and the times in the history go by it.")
    return f"{slow if ahead > timedelta() else fast} {advice}"
