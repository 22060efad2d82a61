"""One run's row as its steps see it: read anew each time, written in short transactions."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from core.destinations import Destination
from core.store import Store, jobs, progress, runs
from core.store.tables.runs import ENDED, Job, JobStatus, Run, RunStatus

ASK_EVERY = 0.3  # seconds between two looks in the database


# Opens a run's destination; the requests made meanwhile are counted.
Way = Callable[["Logbook"], AbstractContextManager[Destination]]


class Logbook:
    """What a run's steps read and record; `stop_asked` is cheap enough to ask in a loop."""

    def __init__(self, store: Store, run_id: int) -> None:
        self.store = store
        self.run_id = run_id
        self.looked_at = 0.0  # when all jobs were asked after in passing, by time.monotonic()
        self.ended: frozenset[str] = frozenset()  # the jobs that had ended by then, by id
        self._away_since = 0.0
        self._asked = False
        self._asked_at = 0.0

    def run(self) -> Run:
        """The run as it is now."""
        with self.store.begin() as session:
            return runs.find(session, self.run_id)

    def step(self, status: RunStatus, **values: Any) -> Run:
        """Takes the run to its next status, if that may follow; sets values with it."""
        with self.store.begin() as session:
            return progress.step(session, self.run_id, status, **values)

    def record(self, **values: Any) -> None:
        """Sets absolute numbers, so that recording a step twice changes nothing."""
        with self.store.begin() as session:
            progress.record(session, runs.find(session, self.run_id), values)

    def fail(self, sentence: str) -> None:
        """Notes what went wrong; the first reason stays."""
        with self.store.begin() as session:
            run = runs.find(session, self.run_id)
            if run.status not in ENDED and not run.error:
                progress.record(session, run, {"error": sentence})

    def hold(self, why: str, asking: int | None = None) -> None:
        """Keeps the run for a person, with the reason and the number to confirm."""
        with self.store.begin() as session:
            progress.hold(session, self.run_id, why, asking)

    def settle(self, job: Job, status: JobStatus, **numbers: Any) -> None:
        """Records what became of a batch, and the run's new sums with it."""
        with self.store.begin() as session:
            jobs.settled(session, jobs.found(session, job), status, **numbers)
            progress.add_up(session, self.run_id)

    def count(self, destination: Destination, before: tuple[int, int]) -> None:
        """Adds the requests that the destination made since `before` (requests, throttled)."""
        with self.store.begin() as session:
            run = runs.find(session, self.run_id)
            made = destination.requests - before[0]
            slowed = destination.throttled - before[1]
            progress.record(
                session,
                run,
                {"requests": run.requests + made, "throttled": run.throttled + slowed},
            )

    def outage_lasts(self, first: bool) -> bool:
        """Whether Klaviyo has been away longer than the settings bear; `first`: it begins now."""
        if first or not self._away_since:
            self._away_since = time.monotonic()
        return time.monotonic() - self._away_since > self.store.settings.outage_wait

    def stop_asked(self) -> bool:
        """Whether somebody asked the run to stop, looked up at most every ASK_EVERY seconds."""
        if self._asked or time.monotonic() - self._asked_at < ASK_EVERY:
            return self._asked
        self._asked_at = time.monotonic()
        self._asked = bool(self.run().stop_asked_by)
        return self._asked
