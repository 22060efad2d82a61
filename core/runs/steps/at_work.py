"""A run as its steps see it: its row, its account at the destination, and what they record."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core import traces
from core.connections import checks, clients
from core.destinations import Destination
from core.errors import Forbidden, NotAccepted
from core.runs.steps import begun
from core.store import Store, connections, details, jobs, progress, runs
from core.store.tables.connections import ConnectionRow
from core.store.tables.runs import ENDED, Job, JobStatus, Run, RunStatus

if TYPE_CHECKING:
    from core.destinations.dependents import Dependents
    from core.runs.steps.trimmed import Trimmed

ASK_EVERY = 0.1  # seconds between two looks in the database


class RunAtWork:
    """One run under way. `run` is its row, read once a step and after whatever is recorded.

    `stop_requested` is cheap enough to ask in a loop; after a run's end nobody stops what is still
    looked at (`heeds_stop`). Close it when nothing more is to be sent.
    """

    def __init__(self, store: Store, run_id: int, heeds_stop: bool = True) -> None:
        self.store = store
        self._heeds_stop = heeds_stop
        self.run_id = run_id
        self.run = self.read()
        self.looked_at = 0.0  # when all jobs were asked after in passing, by time.monotonic()
        self.ended: frozenset[str] = frozenset()  # the jobs that had ended by then, by id
        self.trimmed: Trimmed | None = None  # see there; None before anybody was counted
        self.dependents: Dependents | None = None  # on its list; None before it was asked
        self._destination: Destination | None = None
        self._counting = False
        self._outage_since = 0.0
        self._stop_asked = False
        self._stop_looked_at = 0.0

    def read(self) -> Run:
        """The row as it is now. Raises StorageFailed."""
        with self.store.begin() as session:
            self.run = runs.find(session, self.run_id)
        return self.run

    @contextmanager
    def destination(self) -> Iterator[Destination]:
        """The account, opened on first use; the requests made meanwhile are added to the run's.

        Raises Invalid, Unknown where the connection is gone; a failure that concerns the
        connection is noted there.
        """
        if self._destination is None:
            self._destination = clients.open_connection(
                self.store, self.connection(), self.stop_requested
            )
        if self._counting:  # within another use of it, which counts
            yield self._destination
            return
        before = self._destination.requests, self._destination.throttled
        self._counting, made = True, list[traces.Request]()
        try:
            with traces.recorded() as made:
                yield self._destination
        except (NotAccepted, Forbidden) as error:
            checks.note_failure(self.store, self.connection(), error)
            raise
        finally:
            self._counting = False
            self._count(self._destination, before, made)

    @contextmanager
    def opened_briefly(self, store: Store, row: ConnectionRow) -> Iterator[Destination]:
        """The account for what is good to know, given up soon; its requests are the run's, too.

        Raises Invalid.
        """
        with clients.open_briefly(store, row) as destination, traces.recorded() as made:
            try:
                yield destination
            finally:
                self._count(destination, (0, 0), made)

    def connection(self) -> ConnectionRow:
        """The connection that the run was made with, as it is now. Raises Unknown."""
        with self.store.begin() as session:
            return connections.find(session, self.run.order.connection_id or 0)

    def close(self) -> None:
        """Closes the destination; used again, it is opened again, maybe with another key."""
        if self._destination is not None:
            self._destination.close()
            self._destination = None

    def step(self, status: RunStatus, **values: Any) -> Run:
        """Takes the run to its next status, if that may follow; sets values with it."""
        with self.store.begin() as session:
            self.run = progress.step(session, self.run_id, status, **values)
        return self.run

    def record(self, **values: Any) -> None:
        """Sets absolute numbers, so that recording a step twice changes nothing."""
        with self.store.begin() as session:
            self.run = runs.find(session, self.run_id)
            progress.record(session, self.run, values)

    def fail(self, sentence: str) -> None:
        """Notes what went wrong; the first reason stays."""
        with self.store.begin() as session:
            self.run = runs.find(session, self.run_id)
            is_open = self.run.status not in ENDED or self.run.is_recording
            if is_open and not self.run.error:
                progress.record(session, self.run, {"error": sentence})

    def has_begun_sending(self) -> bool:
        """Whether a batch may have left: each is noted before, and the first one marked."""
        if begun.is_marked(self.store.settings, self.run):
            return True
        with self.store.begin() as session:
            return bool(jobs.of_run(session, self.run_id))

    def hold(
        self, why: str, asking: int | None = None, guards: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Keeps the run for a person, with the reason, the number to confirm, the guards."""
        with self.store.begin() as session:
            self.run = progress.hold(session, self.run_id, why, asking, guards)

    def claim(self, account: str) -> bool:
        """Claims the account for the run until it ends; False while another run has it."""
        with self.store.begin() as session:
            claimed = progress.claim(session, self.run_id, account)
        if claimed:
            self.read()
        return claimed

    def end(self, *, recording: bool = False) -> Run:
        """Adds up, and ends the run unless it has ended; `recording`: before its ledger is kept."""
        with self.store.begin() as session:
            self.run = progress.end(session, self.run_id, recording=recording)
        return self.run

    def end_if_stopped(self) -> None:
        """A run that is asked to stop ends at once; its ledger is kept after that."""
        if self.run.status not in ENDED and self.stop_requested():
            self.end(recording=True)

    def settle(self, job: Job, status: JobStatus, **numbers: Any) -> None:
        """Records what became of a batch, and the run's new sums with it."""
        with self.store.begin() as session:
            jobs.settled(session, jobs.found(session, job), status, **numbers)
            progress.add_up(session, self.run_id)

    def outage_lasts(self, first: bool) -> bool:
        """Whether the destination was away for longer than the settings allow.

        `first`: the outage begins now.
        """
        if first or not self._outage_since:
            self._outage_since = time.monotonic()
        return time.monotonic() - self._outage_since > self.store.settings.outage_wait

    def stop_requested(self) -> bool:
        """Whether somebody asked the run to stop, looked up at most every ASK_EVERY seconds."""
        if not self._heeds_stop:
            return False
        if self._stop_asked or time.monotonic() - self._stop_looked_at < ASK_EVERY:
            return self._stop_asked
        self._stop_looked_at = time.monotonic()
        self.store.runtime.waits.leave_if_overtaken()
        with self.store.begin() as session:
            self._stop_asked = runs.stop_requested(session, self.run_id)
        return self._stop_asked

    def _count(
        self, destination: Destination, before: tuple[int, int], made: Sequence[traces.Request]
    ) -> None:
        """Adds the requests that the destination made since `before` (requests, throttled)."""
        with self.store.begin() as session:
            if made:
                details.keep_requests(session, self.run_id, made)
            self.run = runs.find(session, self.run_id)
            sent = destination.requests - before[0]
            slowed = destination.throttled - before[1]
            progress.record(
                session,
                self.run,
                {"requests": self.run.requests + sent, "throttled": self.run.throttled + slowed},
            )
