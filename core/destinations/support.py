"""How long a destination supports the version of its API that is in use here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

NEAR = 90  # days before the end, from which on people are warned


@dataclass(frozen=True, slots=True)
class Support:
    """The version of an API, and the day on which its support ends."""

    name: str  # of what is looked at, for a list of checks
    version: str
    end: date
    words: Callable[[int], str]  # the warning, a sentence, so many days before the end

    def is_near(self, today: date) -> bool:
        """Whether the end is near, or past."""
        return (self.end - today).days <= NEAR

    def warning(self, today: date) -> str:
        """The sentence about the end, and what to do."""
        return self.words(max(0, (self.end - today).days))
