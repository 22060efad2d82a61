"""The engine of a process: starts queued runs, finishes interrupted ones."""

import logging
import sqlite3
import threading
import time
from types import TracebackType
from typing import Self

from core.runs import BELL
from core.runs.engine.worker import Ferry
from core.runs.engine.workflow import QUEUE, VERSION, Story, register, workflow_id
from core.settings import Settings
from core.store import Store, runs
from core.store.tables.runs import Run, RunStatus
from core.texts import _

ROUND = 0.5  # seconds between two looks for queued runs
ACCOUNTS_AT_ONCE = 4
SECONDS_TO_LEAVE = 1.0  # for steps in flight, before they are left
MOMENT = 0.02  # seconds between two looks whether they are done
LISTEN_EVERY = 0.05  # seconds; on SQLite the engine leaves only after such a rest of its listener
CARRIED = ("PENDING", "ENQUEUED", "DELAYED")
log = logging.getLogger(__name__)


class Host:
    """Holds the data folder's engine while it lives; use it as a context manager."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ferry = Ferry(store)
        self._ending = threading.Event()
        self._rounds = threading.Thread(target=self._look_around, name="runs", daemon=True)
        self._story: Story | None = None

    def __enter__(self) -> Self:
        try:
            self._launch()
        except BaseException:
            _destroy()
            raise
        self._rounds.start()
        return self

    def _launch(self) -> None:
        from dbos import DBOS, DBOSConfig

        settings = self._store.settings
        _prepare_engine_file(settings)
        config: DBOSConfig = {
            "name": "segferry",
            "system_database_url": settings.engine_url,
            "application_version": VERSION,
            "executor_id": "local",
            "log_level": "CRITICAL",  # what fails is told by the run, in a sentence
            "notification_listener_polling_interval_sec": LISTEN_EVERY,
        }
        DBOS(config=config)
        self._story = register(self._ferry)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=ACCOUNTS_AT_ONCE,
            polling_interval_sec=0.2,
            on_conflict="always_update",
        )

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Leaves runs where they are: whoever has the engine next goes on with them."""
        self._ending.set()
        BELL.set()
        if self._rounds.is_alive():
            self._rounds.join(timeout=10)
        _let_finish()
        _destroy()
        self._ferry.leave()

    def _look_around(self) -> None:
        while not self._ending.is_set():
            try:
                self._carry_all()
            except Exception as error:
                log.error("Runs can't be looked at: %s. Trying again.", error)
                log.debug("Why:", exc_info=True)
            BELL.wait(ROUND)
            BELL.clear()

    def _carry_all(self) -> None:
        """Starts whatever isn't carried yet: the row is the order, so none is lost in between."""
        from dbos import DBOS

        with self._store.begin() as session:
            under_way = _in_turn(runs.active(session))
        for run in under_way:
            if run.status == RunStatus.held:
                continue
            status = DBOS.get_workflow_status(workflow_id(run))
            if status is None:
                self._start(run)
            elif status.status not in CARRIED:
                self._ferry.give_up(run.id, _reason(run, status.error))

    def _start(self, run: Run) -> None:
        from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

        if self._story is None:
            return
        with (
            SetWorkflowID(workflow_id(run)),
            SetEnqueueOptions(queue_partition_key=run.account),
        ):
            DBOS.enqueue_workflow(QUEUE, self._story, run.id)


def _in_turn(under_way: list[Run]) -> list[Run]:
    """Of a split only the first part that has not ended: the others wait for it."""
    first: dict[int, Run] = {}
    for run in sorted(under_way, key=lambda run: run.part):
        first.setdefault(run.first_id or run.id, run)
    return list(first.values())


def _let_finish() -> None:
    """Waits for what is about to end; the engine's own wait takes a second at least."""
    from dbos import DBOS

    end = time.monotonic() + SECONDS_TO_LEAVE
    while time.monotonic() < end and DBOS.list_workflows(status="PENDING", limit=1):
        time.sleep(MOMENT)


def _destroy() -> None:
    """Steps in flight break off and are repeated later; the engine needn't complain about it."""
    from dbos import DBOS

    dbos_log = logging.getLogger("dbos")
    dbos_log.disabled = True
    DBOS.destroy(destroy_registry=True)
    dbos_log.disabled = False


def _prepare_engine_file(settings: Settings) -> None:
    """The engine leaves its journal mode as it is; readers must not block its writer."""
    if settings.on_sqlite:
        connection = sqlite3.connect(settings.home / "engine.sqlite")
        connection.execute("pragma journal_mode=wal")
        connection.close()


def _reason(run: Run, error: Exception | None) -> str:
    why = str(error or _("the engine gave up")).rstrip(".")
    return _("Run {run} broke off: {why}. Retry it to send what is undelivered.").format(
        run=run.id, why=why
    )
