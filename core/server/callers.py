"""Who asks, and how often: requests of a token, wrong tokens from an address."""

import threading
import time
from collections.abc import Callable, Hashable

from starlette.requests import Request

MOST_KEYS = 10_000  # that are counted at once; of more the one counted longest ago is forgotten


def caller(request: Request) -> str:
    """The address that a request comes from, as far as the server knows it."""
    return request.client.host if request.client else ""


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
