"""Which requests arrived, so that a test can prove what was called and what was not."""

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

NO_ANSWER = 0
RECENT = 1_000
MOST_PATHS = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: when (seconds since 1970), what, its bytes, the answer's status (0: none)."""

    at: float
    method: str
    path: str
    query: str
    status: int
    bytes: int
    retry_after: str | None


class RequestLog:
    """Counts by method, path and status, and the last 1,000 requests one by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._recent: deque[Entry] = deque(maxlen=RECENT)

    def add(self, entry: Entry, template: str | None) -> None:
        """Counts a request under its endpoint's template, or its own path if unknown."""
        key = (entry.method, template or entry.path, entry.status)
        with self._lock:
            self._recent.append(entry)
            if key in self._counts or len(self._counts) < MOST_PATHS:
                self._counts[key] += 1

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._counts.clear()
            self._recent.clear()

    def as_data(self) -> dict[str, Any]:
        """`requests` (method, path, status, count), `total`, and `recent`, oldest first."""
        with self._lock:
            counted = [
                {"method": method, "path": path, "status": status, "count": count}
                for (method, path, status), count in sorted(self._counts.items())
            ]
            recent = [asdict(entry) for entry in self._recent]
        return {
            "requests": counted,
            "total": sum(row["count"] for row in counted),
            "recent": recent,
        }
