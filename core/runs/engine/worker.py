"""The steps of this process's runs as the engine calls them: each may be repeated after a crash."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from core.errors import SegferryError
from core.runs.steps import count, finish, prepare, send, settle
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.failures import recorded
from core.runs.steps.read_back import look_back
from core.store import Store
from core.store.tables.runs import ENDED, RunStatus, Stage

SETTLE_SECONDS = 5.0  # of one step of waiting; then it is recorded

Answer = dict[str, Any]
HELD: Answer = {"batches": [], "held": True}


class Worker:
    """Calls the steps of runs by their ids; it keeps a run's destination open between them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._at_work: dict[int, RunAtWork] = {}

    def prepare(self, run_id: int) -> Answer:
        """Freezes the run's rows and claims its account; which batches there are to send."""
        work = self._begin(run_id)
        with recorded(work):
            work.step(RunStatus.running, stage=Stage.reading)
            if work.run.status in ENDED:
                return {"batches": []}
            if work.run.status == RunStatus.held:  # before a crash, and this step is repeated
                return HELD
            return {"batches": prepare.prepare(work, datetime.now(UTC))}
        if work.run.status != RunStatus.held:
            return {"batches": []}
        self._close(run_id)  # it may have another key by the time it goes on
        return HELD

    def send(self, run_id: int, batch: int) -> Answer:
        """Sends one batch; whether the run stops there."""
        work = self._begin(run_id)
        with recorded(work), work.destination() as destination:
            if not work.stop_requested():
                return {"stop": not send.send(work, destination, batch)}
        return {"stop": True}

    def look(self, run_id: int) -> Answer:
        """Asks after one job in passing, so that progress shows while batches are sent."""
        work = self._begin(run_id)
        with suppress(SegferryError), work.destination() as destination:  # settle will tell
            settle.look(work, destination)
        return {}

    def settle(self, run_id: int) -> Answer:
        """Waits for jobs, some seconds; how many are unfinished.

        Once none is, whom they refused for optional fields is sent again, without.
        """
        work = self._begin(run_id)
        with recorded(work), work.destination() as destination:
            work.record(stage=Stage.waiting)
            left = settle.settle(work, destination, SETTLE_SECONDS)
            return {"open": left or send.send_again(work, destination)}
        return {"open": 0}

    def finish(self, run_id: int) -> Answer:
        """Keeps the ledger and ends the run."""
        finish.finish(self._begin(run_id))
        return {}

    def read_back(self, run_id: int) -> Answer:
        """Looks at the list once the run has ended."""
        look_back(self._begin(run_id))
        self._close(run_id)
        return {}

    def count(self, run_id: int) -> Answer:
        """Asks after jobs that a cancelled run left, some seconds; how many are unfinished."""
        work = RunAtWork(self._store, run_id, heeds_stop=False)
        try:
            return {"open": count.count(work, SETTLE_SECONDS)}
        finally:
            work.close()

    def give_up(self, run_id: int, reason: str) -> None:
        """Ends a run whose steps can't go on."""
        self._begin(run_id).fail(reason)
        self.finish(run_id)
        self.read_back(run_id)

    def leave(self) -> None:
        """Closes every destination that is still open."""
        for run_id in list(self._at_work):
            self._close(run_id)

    def _begin(self, run_id: int) -> RunAtWork:
        """The run, its row read for the step that begins. Raises StorageFailed."""
        if work := self._at_work.get(run_id):
            work.read()
            return work
        return self._at_work.setdefault(run_id, RunAtWork(self._store, run_id))

    def _close(self, run_id: int) -> None:
        if work := self._at_work.pop(run_id, None):
            work.close()
