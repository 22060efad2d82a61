"""Faults that can be switched on: what goes wrong with the next requests to an endpoint."""

import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What goes wrong; the names are those of `POST /sandbox/faults`."""

    status = "status"
    broken_json = "broken_json"
    closed_before = "closed_before"
    closed_after = "closed_after"
    hang = "hang"
    slow = "slow"
    trickle = "trickle"
    too_large = "too_large"
    too_many_rows = "too_many_rows"
    strict_fields = "strict_fields"
    job_stuck = "job_stuck"
    job_cancelled = "job_cancelled"
    job_strict_fields = "job_strict_fields"
    short_counts = "short_counts"


JOB_FATES = {
    Kind.job_stuck: "stuck",
    Kind.job_cancelled: "cancelled",
    Kind.job_strict_fields: "strict",
    Kind.short_counts: "short",
}
IMPORTS = "POST /api/profile-bulk-import-jobs"
OF_IMPORTS = frozenset({Kind.too_many_rows, Kind.strict_fields})  # no other request meets them
ANY_ENDPOINT = "*"
STATUSES = (400, 401, 403, 404, 409, 410, 413, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next `times` requests to an endpoint meet (None: until cleared).

    `status` and `retry_after` (seconds, or a date) go with `status`; `seconds` with `slow`, `hang`
    and `trickle`, where each byte of the answer takes so long; `detail` replaces the words of the
    error. With `short_counts` a job completes without its last `profiles`, which only its counts
    tell; `too_large` answers 413 to a body of more than `bytes`, `too_many_rows` 400 to an import
    of more than `profiles`, `strict_fields` 400 to one with coordinates out of range or with an IP
    address, time zone, locale or image that is none; with `job_strict_fields` such an import is
    taken, and its job refuses those profiles.
    """

    kind: Kind
    endpoint: str = ANY_ENDPOINT
    times: int | None = 1
    status: int = 500
    retry_after: int | float | str | None = None
    seconds: float = 60.0
    detail: str | None = None
    profiles: int = 1
    bytes: int = 1_000_000


class Faults:
    """The faults switched on, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Switches one on, behind those that are on already."""
        with self._lock:
            self._active.append(fault)

    def clear(self) -> None:
        """Switches all off."""
        with self._lock:
            self._active.clear()

    def active(self) -> list[dict[str, Any]]:
        """Those still on, as plain values."""
        with self._lock:
            return [asdict(fault) for fault in self._active]

    def for_request(self, endpoint: str) -> Fault | None:
        """The fault that a request to the endpoint (`METHOD /template`) meets; counted down."""
        others = OF_IMPORTS if endpoint != IMPORTS else frozenset()
        return self._take(endpoint, set(Kind) - set(JOB_FATES) - others)

    def fate_of_job(self) -> str | None:
        """stuck, cancelled, strict or “short 3” if the next job is to end so; counted down."""
        fault = self._take(None, JOB_FATES)
        if fault is None:
            return None
        short = f" {fault.profiles}" if fault.kind is Kind.short_counts else ""
        return JOB_FATES[fault.kind] + short

    def _take(self, endpoint: str | None, kinds: Iterable[Kind]) -> Fault | None:
        with self._lock:
            for place, fault in enumerate(self._active):
                fits = endpoint is None or fault.endpoint in (ANY_ENDPOINT, endpoint)
                if fault.kind in kinds and fits:
                    self._count_down(place)
                    return fault
        return None

    def _count_down(self, place: int) -> None:
        fault = self._active[place]
        if fault.times is None:
            return
        if fault.times > 1:
            self._active[place] = replace(fault, times=fault.times - 1)
        else:
            del self._active[place]
