"""One run's row as its steps see it: read anew each time, written in short transactions."""

import time
from typing import Any

from core.destinations import Destination
from core.models import ENDED, Run, RunStatus
from core.store import Store, runs

ASK_EVERY = 0.3  # seconds between two looks in the database


class Logbook:
    """What a run's steps read and record; `stop_asked` is cheap enough to ask in a loop."""

    def __init__(self, store: Store, run_id: int) -> None:
        self.store = store
        self.run_id = run_id
        self.looked_at = 0.0  # when a job was asked after in passing, by time.monotonic()
        self._asked = False
        self._asked_at = 0.0

    def run(self) -> Run:
        """The run as it is now."""
        with self.store.begin() as session:
            return runs.find(session, self.run_id)

    def step(self, status: RunStatus, **values: Any) -> Run:
        """Takes the run to its next status, if that may follow; sets values with it."""
        with self.store.begin() as session:
            return runs.step(session, self.run_id, status, **values)

    def record(self, **values: Any) -> None:
        """Sets absolute numbers, so that recording a step twice changes nothing."""
        with self.store.begin() as session:
            runs.record(session, runs.find(session, self.run_id), values)

    def fail(self, sentence: str) -> None:
        """Notes what went wrong; the first reason stays."""
        with self.store.begin() as session:
            run = runs.find(session, self.run_id)
            if run.status not in ENDED and not run.error:
                runs.record(session, run, {"error": sentence})

    def count(self, destination: Destination, before: tuple[int, int]) -> None:
        """Adds the requests that the destination made since `before` (requests, throttled)."""
        with self.store.begin() as session:
            run = runs.find(session, self.run_id)
            made = destination.requests - before[0]
            slowed = destination.throttled - before[1]
            runs.record(
                session,
                run,
                {"requests": run.requests + made, "throttled": run.throttled + slowed},
            )

    def stop_asked(self) -> bool:
        """Whether somebody asked the run to stop, looked up at most every ASK_EVERY seconds."""
        if self._asked or time.monotonic() - self._asked_at < ASK_EVERY:
            return self._asked
        self._asked_at = time.monotonic()
        self._asked = bool(self.run().stop_asked_by)
        return self._asked
