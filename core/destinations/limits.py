"""Keeps requests within the windows that a destination allows."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil

from core.destinations import Stop, never
from core.destinations.windows import OwnWindows, Rate, Turn, Windows
from core.errors import Stopped, Unavailable
from core.texts import _, many

PATIENCE = 120.0  # seconds; a longer wait is the runner's, which survives a restart
SLICE = 0.2  # seconds between two looks at whether to stop
TWO_HOURS = 120  # minutes; longer waits are told in hours


def asks_to_wait(seconds: float, now: datetime) -> str:
    """A sentence that tells the time: how long, and until when by this computer's clock."""
    minutes = ceil(seconds / 60)
    length = many("{n} minute", "{n} minutes", minutes)
    if minutes >= TWO_HOURS:
        length = many("{n} hour", "{n} hours", round(minutes / 60))
    until = (now + timedelta(minutes=minutes)).astimezone()
    return _("It asks to wait about {length}, until {until}.").format(
        length=length, until=f"{until:%Y-%m-%d %H:%M %Z}"
    )


class Limits:
    """The limits of all accounts; one object a process, shared by its threads.

    `windows` are those of this process, unless others of the installation share them. `clock`
    counts seconds and never goes back; `sleep` takes seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        windows: Windows | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._windows = windows or OwnWindows(clock)
        self._accounts: dict[str, str] = {}

    @contextmanager
    def turn(self, who: str, rate: Rate, stopped: Stop = never) -> Iterator[None]:
        """Waits until one request may go, and counts it.

        Raises Stopped when asked to stop while waiting, Unavailable when it would take too long.
        """
        owner, turn = self._enter(who, rate, stopped)
        try:
            yield
        finally:  # meanwhile the key may have been found to be of an account
            for counted in {owner, self._owner(who)}:
                self._windows.leave(counted, rate, turn)

    def hold(self, who: str, rate: Rate, seconds: float) -> None:
        """Nothing of this account and class goes before so many seconds have passed."""
        self._windows.hold(self._owner(who), rate, seconds)

    def pause(self, seconds: float, stopped: Stop = never) -> None:
        """Waits. Raises Stopped when asked to stop meanwhile."""
        end = self._clock() + seconds
        while (left := end - self._clock()) > 0:
            self._wait(left, stopped)

    def belongs(self, who: str, account: str) -> None:
        """From now on `who` (a key) counts towards this account, together with its other keys."""
        if self._owner(who) != account:
            self._windows.join(who, account)
            self._accounts[who] = account

    def _enter(self, who: str, rate: Rate, stopped: Stop) -> tuple[str, Turn]:
        while True:
            owner = self._owner(who)
            turn = self._windows.enter(owner, rate)
            if turn.delay <= 0:
                return owner, turn
            self._wait(turn.delay, stopped)

    def _owner(self, who: str) -> str:
        return self._accounts.get(who, who)

    def _wait(self, seconds: float, stopped: Stop) -> None:
        if stopped():
            raise Stopped(_("Stopped while waiting for the destination; the request was not sent."))
        if seconds > PATIENCE:
            words = _("The destination has received too many requests.")
            until = asks_to_wait(seconds, datetime.now(UTC))
            raise Unavailable(f"{words} {until}", retry_after=seconds)
        self._sleep(min(seconds, SLICE))
