"""The windows in which a destination counts requests: how many went, and when another may."""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

BURST = 1.0  # seconds of the short window
STEADY = 60.0  # seconds of the long window
MOMENT = 0.02  # seconds; how soon to look again when only a request under way can make room
ENDED_BY = 300.0  # seconds; what is under way for longer has lost its process


@dataclass(frozen=True, slots=True)
class Rate:
    """The limits that one class of endpoints shares: requests a second and requests a minute."""

    name: str
    burst: int
    steady: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a request may go: if so it has been counted, by its number; else after `delay` s."""

    delay: float
    number: str = ""


@dataclass(slots=True)
class Window:
    """Both windows of one account and class of endpoints; all moments are of one clock.

    A request takes up room from its departure until a window's length after its answer. It reached
    the server somewhere in between, so no window of the server's, wherever it begins, overflows.
    """

    answered: list[float] = field(default_factory=list)  # the latest, ascending
    under_way: dict[str, float] = field(default_factory=dict)  # when it left, by its number
    held_until: float = 0.0

    def enter(self, rate: Rate, now: float) -> Turn:
        """Counts one more request, if it fits into both windows wherever these begin."""
        self.under_way = {n: at for n, at in self.under_way.items() if at > now - ENDED_BY}
        delay = max(
            self.held_until - now,
            self._room(rate.burst, BURST, now),
            self._room(rate.steady, STEADY, now),
        )
        if delay > 0:
            return Turn(delay)
        number = secrets.token_hex(4)
        self.under_way[number] = now
        return Turn(0.0, number)

    def leave(self, rate: Rate, number: str, now: float) -> None:
        """One request was answered, or failed."""
        if self.under_way.pop(number, None) is not None:
            self.answered = [*self.answered, now][-rate.steady :]

    def hold(self, until: float) -> None:
        """Nothing goes before that moment."""
        self.held_until = max(self.held_until, until)

    def _room(self, limit: int, span: float, now: float) -> float:
        free = limit - len(self.under_way)
        if free <= 0:
            return MOMENT
        return self.answered[-free] + span - now if len(self.answered) >= free else 0.0


class Windows(Protocol):
    """Where the windows of all accounts are kept; for any thread.

    An `owner` is an account, or a key whose account isn't known yet.
    """

    def enter(self, owner: str, rate: Rate) -> Turn:
        """One request wants to go."""

    def leave(self, owner: str, rate: Rate, turn: Turn) -> None:
        """It was answered, or failed. Nothing where the owner has no such request."""

    def hold(self, owner: str, rate: Rate, seconds: float) -> None:
        """Nothing of this owner and class goes before so many seconds have passed."""

    def join(self, owner: str, account: str) -> None:
        """What was counted for a key counts for its account, where nothing was before."""


class OwnWindows:
    """Those of one process. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._windows: defaultdict[tuple[str, str], Window] = defaultdict(Window)

    def enter(self, owner: str, rate: Rate) -> Turn:
        """As in Windows."""
        with self._lock:
            return self._windows[owner, rate.name].enter(rate, self._clock())

    def leave(self, owner: str, rate: Rate, turn: Turn) -> None:
        """As in Windows."""
        with self._lock:
            self._windows[owner, rate.name].leave(rate, turn.number, self._clock())

    def hold(self, owner: str, rate: Rate, seconds: float) -> None:
        """As in Windows."""
        with self._lock:
            self._windows[owner, rate.name].hold(self._clock() + seconds)

    def join(self, owner: str, account: str) -> None:
        """As in Windows."""
        with self._lock:
            for key, rate in [key for key in self._windows if key[0] == owner]:
                self._windows.setdefault((account, rate), self._windows[key, rate])
