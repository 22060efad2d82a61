"""Keeps requests within the windows that a destination allows, for all runs of this process."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from threading import Lock

from core.destinations import Stop, never
from core.errors import Stopped, Unavailable
from core.texts import _, many

BURST = 1.0  # seconds of the short window
STEADY = 60.0  # seconds of the long window
PATIENCE = 120.0  # seconds; a longer wait is the runner's, which survives a restart
SLICE = 0.2  # seconds between two looks at whether to stop
TWO_HOURS = 120  # minutes; longer waits are told in hours
MOMENT = 0.02  # seconds; how soon to look again when only a request under way can make room


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


@dataclass(frozen=True, slots=True)
class Rate:
    """The limits that one class of endpoints shares: requests a second and requests a minute."""

    name: str
    burst: int
    steady: int


@dataclass(slots=True)
class _Window:
    """When the latest requests were answered (ascending), and how many are under way."""

    answered: deque[float] = field(default_factory=deque)
    under_way: int = 0
    held_until: float = 0.0

    def delay(self, rate: Rate, now: float) -> float:
        """Seconds until one more request fits into both windows, wherever these begin."""
        return max(
            self.held_until - now,
            self._room(rate.burst, BURST, now),
            self._room(rate.steady, STEADY, now),
        )

    def _room(self, limit: int, span: float, now: float) -> float:
        free = limit - self.under_way
        if free <= 0:
            return MOMENT
        return self.answered[-free] + span - now if len(self.answered) >= free else 0.0

    def leave(self, rate: Rate, now: float) -> None:
        """One request was answered, or failed."""
        self.under_way -= 1
        self.answered.append(now)
        if len(self.answered) > rate.steady:
            self.answered.popleft()


class Limits:
    """The windows of all accounts; one object a process, shared by its threads.

    A request takes up room from its departure until a window's length after its answer. It reached
    the server somewhere in between, so no window of the server's, wherever it begins, overflows.
    `clock` counts seconds and never goes back; `sleep` takes seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._accounts: dict[str, str] = {}
        self._windows: defaultdict[tuple[str, str], _Window] = defaultdict(_Window)

    @contextmanager
    def turn(self, who: str, rate: Rate, stopped: Stop = never) -> Iterator[None]:
        """Waits until one request may go, and counts it.

        Raises Stopped when asked to stop while waiting, Unavailable when it would take too long.
        """
        window = self._enter(who, rate, stopped)
        try:
            yield
        finally:
            with self._lock:
                window.leave(rate, self._clock())

    def hold(self, who: str, rate: Rate, seconds: float) -> None:
        """Nothing of this account and class goes before so many seconds have passed."""
        with self._lock:
            window = self._window(who, rate)
            window.held_until = max(window.held_until, self._clock() + seconds)

    def pause(self, seconds: float, stopped: Stop = never) -> None:
        """Waits. Raises Stopped when asked to stop meanwhile."""
        end = self._clock() + seconds
        while (left := end - self._clock()) > 0:
            self._wait(left, stopped)

    def belongs(self, who: str, account: str) -> None:
        """From now on `who` (a key) counts towards this account, together with its other keys."""
        with self._lock:
            self._accounts[who] = account
            for owner, rate in [w for w in self._windows if w[0] == who]:
                self._windows.setdefault((account, rate), self._windows[owner, rate])

    def _enter(self, who: str, rate: Rate, stopped: Stop) -> _Window:
        while True:
            with self._lock:
                window = self._window(who, rate)
                delay = window.delay(rate, self._clock())
                if delay <= 0:
                    window.under_way += 1
                    return window
            self._wait(delay, stopped)

    def _window(self, who: str, rate: Rate) -> _Window:
        return self._windows[self._accounts.get(who, who), rate.name]

    def _wait(self, seconds: float, stopped: Stop) -> None:
        if stopped():
            raise Stopped(_("Stopped while waiting for the destination; the request was not sent."))
        if seconds > PATIENCE:
            words = _("The destination has received too many requests.")
            until = asks_to_wait(seconds, datetime.now(UTC))
            raise Unavailable(f"{words} {until}", retry_after=seconds)
        self._sleep(min(seconds, SLICE))
