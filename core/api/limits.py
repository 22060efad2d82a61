"""How many requests the API answers: so many a minute, and little long work at a time."""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from core.api.problems import Problem
from core.texts import _

MOST_KEYS = 10_000  # that are counted at once; of more the one counted longest ago is forgotten


class Rate:
    """So many at once for each key, and as many again spread over each minute; for any thread."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._lock = threading.Lock()
        self._used: dict[Hashable, tuple[float, float]] = {}  # how many, and when that was

    def seconds_to_wait(self, key: Hashable) -> float:
        """0 when one more may be, which is counted then; else seconds until it may be."""
        with self._lock:
            now, each = self._clock(), 60 / self._most
            used, since = self._used.pop(key, (0.0, now))
            used = max(0.0, used - (now - since) / each)
            over = used + 1 - self._most
            self._used[key] = (used if over > 0 else used + 1, now)
            if len(self._used) > MOST_KEYS:
                del self._used[next(iter(self._used))]
            return max(0.0, over * each)


class Turns:
    """So much long work at a time: whoever comes to more of it is sent away for a moment."""

    def __init__(self, at_once: int, come_again: int) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._come_again = come_again  # seconds

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, for the block. Raises Problem where none is free."""
        if not self._free.acquire(blocking=False):
            text = _("Too much is being read at the moment. Try again in {n} seconds.")
            raise Problem(503, text.format(n=self._come_again), retry_after=self._come_again)
        try:
            yield
        finally:
            self._free.release()
