"""A clock that is set back, and goes faster than others: for runs that are to have been before."""

import time
from datetime import datetime, timedelta

PACE = 8.0  # seconds that it goes on in one


class PastClock:
    """Shows the moment that it was set to last, and what has passed since; for any thread."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self._since = time.monotonic()

    def set(self, moment: datetime) -> None:
        """Shows this moment now, unless it is later already: it never goes back."""
        self._moment, self._since = max(moment, self.now()), time.monotonic()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self._moment + timedelta(seconds=PACE * (time.monotonic() - self._since))

    def seconds(self) -> float:
        """The moment in seconds since 1970."""
        return self.now().timestamp()

    def sleep(self, seconds: float) -> None:
        """Lets so many seconds pass at once."""
        self.set(self.now() + timedelta(seconds=seconds))
