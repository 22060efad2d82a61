"""The steps of this process's runs as the engine calls them: each may be repeated after a crash."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from core import traces
from core.errors import SegferryError, StorageUnavailable
from core.files import require_free
from core.runs.steps import count, finish, prepare, send, settle
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.failures import recorded
from core.runs.steps.patience import until_writable
from core.runs.steps.read_back import look_back
from core.store import Store
from core.store.failures import first_line, is_locked, located, translated
from core.store.tables.runs import ENDED, RunStatus, Stage
from core.texts import _

SETTLE_SECONDS = 5.0  # of one step of waiting; then it is recorded

log = logging.getLogger(__name__)

Answer = dict[str, Any]
HELD: Answer = {"batches": [], "held": True}


class Worker:
    """Calls the steps of runs by their ids; it keeps a run's destination open between them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._at_work: dict[int, RunAtWork] = {}

    def patiently(self, action: Callable[..., Answer], run_id: int, *rest: int) -> Answer:
        """What one of the steps below gives, waited for while storage is away.

        Raises StorageUnavailable once that lasts too long.
        """

        def durably() -> Answer:
            found = action(run_id, *rest)
            self._store.make_durable()  # before the engine records, durably, that it is done
            return found

        with traces.about(run_id, action.__name__):
            return until_writable(self._store, run_id, durably)

    def waits_for_engine(self, run_id: int, error: Exception) -> None:
        """The engine can't record the run's steps; see `take_up`."""
        settings = self._store.settings
        text = _(
            "The state of the run can't be recorded in {home}: {why}. Free space there or check "
            "its permissions; then it continues on its own. If that takes longer than {seconds} s "
            "(SEGFERRY_OUTAGE_WAIT), it ends as failed, and retry sends the rest."
        ).format(
            home=settings.home,
            why=first_line(error).rstrip("."),
            seconds=f"{settings.outage_wait:g}",
        )
        if not settings.on_sqlite or is_locked(error):
            text = str(translated(error, located(settings.engine_url)))
        log.error("Run %s waits: %s", run_id, text)
        self._store.runtime.waits.begin(run_id, text)

    def heed_leaving(
        self, leave_if_stopping: Callable[[], None], leave_if_overtaken: Callable[[], None]
    ) -> None:
        """From now on waits of the steps end where these raise something."""
        waits = self._store.runtime.waits
        waits.leave_if_stopping, waits.leave_if_overtaken = leave_if_stopping, leave_if_overtaken

    def take_up(self, run_id: int) -> None:
        """The run goes on, unless it has waited for too long: raises StorageUnavailable then."""
        waits, most = self._store.runtime.waits, self._store.settings.outage_wait
        too_long = waits.seconds(run_id) > most
        waits.end(run_id)
        if too_long:
            text = _(
                "How it stood could not be recorded for longer than {seconds} s "
                "(SEGFERRY_OUTAGE_WAIT)."
            )
            raise StorageUnavailable(text.format(seconds=f"{most:g}"))

    def prepare(self, run_id: int) -> Answer:
        """Freezes the run's rows and claims its account; which batches there are to send."""
        work = self._begin(run_id)
        with recorded(work):
            work.step(RunStatus.running, stage=Stage.reading)
            if work.run.status in ENDED:
                return {"batches": []}
            if work.run.status == RunStatus.held:  # before a crash, and this step is repeated
                return HELD
            if not work.stop_requested():
                self._require_space()
            return {"batches": prepare.prepare(work, self._store.clock())}
        if work.run.status != RunStatus.held:
            return {"batches": []}
        self._close(run_id)  # it may have another key by the time it goes on
        return HELD

    def send(self, run_id: int, batch: int) -> Answer:
        """Sends one batch; whether the run stops there."""
        work = self._begin(run_id)
        with recorded(work), work.destination() as destination:
            if not work.stop_requested():
                self._require_space()
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
        """Keeps the ledger and ends the run; a cancelled one the other way round."""
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
        self._store.runtime.waits.end(run_id)
        self._begin(run_id).fail(reason)
        self.finish_again(run_id)

    def finish_again(self, run_id: int) -> None:
        """Does what is left to do of a run whose steps can't go on."""
        self.finish(run_id)
        self.read_back(run_id)

    def leave(self) -> None:
        """Closes every destination that is still open."""
        for run_id in list(self._at_work):
            self._close(run_id)

    def _require_space(self) -> None:
        """Raises StorageUnavailable: what is left has to do for recording how runs stand."""
        settings = self._store.settings
        for folder in settings.folders:
            require_free(folder, settings.least_free)

    def _begin(self, run_id: int) -> RunAtWork:
        """The run, its row read for the step that begins. Raises StorageFailed."""
        if work := self._at_work.get(run_id):
            work.read()
            return work
        return self._at_work.setdefault(run_id, RunAtWork(self._store, run_id))

    def _close(self, run_id: int) -> None:
        if work := self._at_work.pop(run_id, None):
            work.close()


def carry_out(worker: Worker, step: Callable[..., Answer], run_id: int) -> None:
    """The steps of a run in their order; `step` calls each, with the ids that it is given."""
    prepared = step(worker.prepare, run_id)
    if prepared.get("held"):
        return
    for batch in prepared["batches"]:
        if step(worker.send, run_id, batch)["stop"]:
            break
        step(worker.look, run_id)
    while prepared["batches"] and step(worker.settle, run_id)["open"]:
        pass
    step(worker.finish, run_id)
    step(worker.read_back, run_id)
    while step(worker.count, run_id)["open"]:
        pass
