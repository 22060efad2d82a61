"""The engine of a process: starts queued runs, finishes interrupted ones."""

import logging
import sqlite3
import threading
from types import TracebackType
from typing import Self

from core.models import Run, RunStatus
from core.runner import BELL
from core.runner.ferry import Ferry
from core.runner.workflow import QUEUE, VERSION, Story, register, workflow_id
from core.settings import Settings
from core.store import Store, runs
from core.texts import _

ROUND = 0.5  # seconds between two looks for queued runs
ACCOUNTS_AT_ONCE = 4
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
        from dbos import DBOS, DBOSConfig

        settings = self._store.settings
        _prepare_engine_file(settings)
        config: DBOSConfig = {
            "name": "segferry",
            "system_database_url": settings.engine_url,
            "application_version": VERSION,
            "executor_id": "local",
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": 1.0,
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
        self._rounds.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        from dbos import DBOS

        self._ending.set()
        BELL.set()
        self._rounds.join(timeout=10)
        self._ferry.leave()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=5)

    def _look_around(self) -> None:
        while not self._ending.is_set():
            try:
                self._start_queued()
                self._end_broken()
            except Exception:
                log.exception("Queued runs could not be looked at; trying again.")
            BELL.wait(ROUND)
            BELL.clear()

    def _start_queued(self) -> None:
        """Hands queued runs to the engine: the row is the order, so none is lost in between."""
        from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

        with self._store.begin() as session:
            queued = [r for r in runs.active(session) if r.status == RunStatus.queued]
        for run in queued:
            if self._story is None or DBOS.get_workflow_status(workflow_id(run.id)):
                continue
            with (
                SetWorkflowID(workflow_id(run.id)),
                SetEnqueueOptions(queue_partition_key=run.account),
            ):
                DBOS.enqueue_workflow(QUEUE, self._story, run.id)

    def _end_broken(self) -> None:
        """A run whose workflow gave up is failed, with the reason."""
        from dbos import DBOS

        with self._store.begin() as session:
            begun = [r for r in runs.active(session) if r.status == RunStatus.running]
        for run in begun:
            status = DBOS.get_workflow_status(workflow_id(run.id))
            if status and status.status not in ("PENDING", "ENQUEUED", "DELAYED"):
                self._ferry.give_up(run.id, _reason(run, status.error))


def _prepare_engine_file(settings: Settings) -> None:
    """The engine leaves its journal mode as it is; readers must not block its writer."""
    if settings.on_sqlite:
        connection = sqlite3.connect(settings.home / "engine.sqlite")
        connection.execute("pragma journal_mode=wal")
        connection.close()


def _reason(run: Run, error: Exception | None) -> str:
    return _("Run {run} broke off: {why}. Nothing more was sent; “retry” completes it.").format(
        run=run.id, why=error or _("the engine gave up")
    )
