"""Rate limits: fixed windows per account and endpoint, as Klaviyo documents them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from core.sandbox.jsonapi import Problem, Refused

Tier = tuple[tuple[int, int], ...]
"""Pairs of (requests, seconds); the burst window comes first."""

XS: Tier = ((1, 1), (15, 60))
S: Tier = ((3, 1), (60, 60))
M: Tier = ((10, 1), (150, 60))
L: Tier = ((75, 1), (750, 60))
LIST_CREATION: Tier = (*M, (150, 86_400))


@dataclass(slots=True)
class Windows:
    """The counts of one quota's present windows, and until when it is shut after a refusal."""

    starts: list[int]
    counts: list[int]
    shut_until: float = 0.0


class Limiter:
    """Counts requests per quota; time comes from the clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._quotas: dict[tuple[str, str], Windows] = {}

    def clear(self) -> None:
        """Forgets every request."""
        with self._lock:
            self._quotas.clear()

    def admit(self, who: str, what: str, tier: Tier) -> dict[str, str]:
        """Counts one request and gives the headers of its answer; Refused (429) over a limit."""
        with self._lock:
            now = self._clock()
            windows = self._quotas.setdefault((who, what), Windows([], []))
            _advance(windows, tier, now)
            if now < windows.shut_until:
                raise throttled(ceil(windows.shut_until - now))
            if wait := _wait(windows, tier, now):
                windows.shut_until = now + wait
                raise throttled(wait)
            windows.counts = [count + 1 for count in windows.counts]
            return _headers(windows, tier, now)


def throttled(seconds: int) -> Refused:
    """The 429 that asks to wait so many whole seconds; it has no ratelimit headers."""
    unit = "second" if seconds == 1 else "seconds"
    detail = f"Request was throttled. Expected available in {seconds} {unit}."
    problem = Problem("throttled", "Request was throttled.", detail)
    return Refused(429, [problem], {"retry-after": str(seconds)})


def _advance(windows: Windows, tier: Tier, now: float) -> None:
    starts = [int(now // span) for _, span in tier]
    before = windows.starts or [-1] * len(tier)
    counts = windows.counts or [0] * len(tier)
    windows.counts = [
        count if start == was else 0
        for count, start, was in zip(counts, starts, before, strict=True)
    ]
    windows.starts = starts


def _wait(windows: Windows, tier: Tier, now: float) -> int:
    """Whole seconds until every full window has passed, 0 when none is full."""
    full = [
        (start + 1) * span - now
        for (limit, span), start, count in zip(tier, windows.starts, windows.counts, strict=True)
        if count >= limit
    ]
    return max(1, ceil(max(full))) if full else 0


def _headers(windows: Windows, tier: Tier, now: float) -> dict[str, str]:
    burst, span = tier[0]
    listed = ", ".join(f"{limit};w={seconds}" for limit, seconds in tier)
    return {
        "ratelimit-limit": f"{burst}, {listed}",
        "ratelimit-remaining": str(burst - windows.counts[0]),
        "ratelimit-reset": str(max(1, ceil((windows.starts[0] + 1) * span - now))),
    }
