"""The durable engine (DBOS) of one process: it records each step, so that a crash loses none."""

import logging
import math
import sqlite3
import time
from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING

from core.runs.engine import sqlite
from core.runs.engine.plain import PlainJson, refuse_pickles
from core.runs.engine.worker import Worker
from core.runs.engine.workflow import VERSION, Carried, Workflow, register, workflow_id
from core.settings import Settings
from core.store.failures import is_of_database, located, translated
from core.store.tables.runs import Run

if TYPE_CHECKING:
    from dbos import WorkflowStatus

UNDER_WAY = ("PENDING", "ENQUEUED", "DELAYED")
log = logging.getLogger(__name__)
FORMER_QUEUE = "exports"  # in which a former version put the runs that it was to start
ABANDONED_AFTER = 2.0  # seconds that no thread is at a workflow under way
LOOKED_FOR_EVERY = 0.25  # seconds between two looks for them while other workflows go on
ABOUT_TO_END = 1.0  # seconds
PAUSE = 0.02  # seconds between two looks whether steps are done


class Engine:
    """Starts workflows and knows how they stand; for any thread.

    Launched it asks its database for work all the time, so close it while there is none. On SQLite
    it closes only after a rest of its listener, `rest` seconds. `leads` says whether this process
    still has the engine.
    """

    def __init__(
        self, settings: Settings, worker: Worker, rest: float, leads: Callable[[], bool]
    ) -> None:
        self._settings = settings
        self._worker = worker
        self._rest = rest
        self._lock = RLock()
        self._workflow: Workflow | None = None  # None while it isn't launched
        self._leads = leads
        self._carried = Carried(leads)
        self._abandoned: dict[str, float] = {}  # since when, by time.monotonic()
        self._looked_at = -math.inf  # for them, by time.monotonic()

    @property
    def is_launched(self) -> bool:
        """Whether workflows can be started and looked up."""
        return self._workflow is not None

    def launch(self) -> None:
        """Begins, with what a crash interrupted; nothing where it has begun already.

        Raises StorageFailed where it can't on this Python, or its database takes nothing.
        """
        with self._lock:
            if self._workflow is None:
                try:
                    self._launch()
                except BaseException as error:
                    _destroy()
                    if is_of_database(error):
                        place = located(self._settings.engine_url)
                        raise translated(error, place) from error
                    raise

    def close(self, patience: float = 0.0) -> None:
        """Leaves workflows where they are, each after its step in flight.

        What is about to end does, within a second. A step that takes longer than `patience`
        seconds breaks off, and is repeated by whoever goes on.
        """
        with self._lock:
            if self._workflow is not None:
                end = time.monotonic() + patience
                _wait(self._may_close, min(end, time.monotonic() + ABOUT_TO_END))
                self._carried.leaving = True
                _wait(lambda: not self._carried.ids(), end)
                self._workflow = None
                _destroy()

    def start(self, run: Run) -> None:
        """Starts the run's workflow, once however often it is called."""
        from dbos import DBOS, SetWorkflowID

        with self._lock:
            if self._workflow is not None:
                with SetWorkflowID(workflow_id(run)):
                    DBOS.start_workflow(self._workflow, run.id)

    def carries(self, run: Run) -> bool:
        """Whether a thread of this process is at the run's workflow; asks no database."""
        return workflow_id(run) in self._carried.ids()

    def status(self, run: Run) -> "WorkflowStatus | None":
        """How the run's workflow stands; None before its start, and while nothing is launched."""
        from dbos import DBOS

        with self._lock:
            if self._workflow is None:
                return None
            found = DBOS.get_workflow_status(workflow_id(run))
            if found and found.status == "ENQUEUED" and found.queue_name == FORMER_QUEUE:
                DBOS.resume_workflow(workflow_id(run))
            return found

    def take_up_abandoned(self) -> bool:
        """Goes on with workflows whose threads broke off because nothing could be recorded.

        Whether any workflow is under way. Raises an error of its database while it still can't.
        """
        from dbos import DBOS

        with self._lock:
            now = time.monotonic()
            if self._carried.ids() and now - self._looked_at < LOOKED_FOR_EVERY:
                return True
            under_way = self._under_way()
            self._looked_at = now
            nobody = {id for id, status in under_way.items() if status == "PENDING"}
            nobody -= self._carried.ids()
            self._abandoned = {id: self._abandoned.get(id, now) for id in nobody}
            for id, since in list(self._abandoned.items()):
                if now - since >= ABANDONED_AFTER:
                    DBOS.resume_workflow(id)
                    log.warning("%s is taken up again.", id)
                    del self._abandoned[id]
            return bool(under_way)

    def _under_way(self) -> dict[str, str]:
        """The status of each workflow that has not ended, by its id."""
        from dbos import DBOS

        if self._workflow is None:
            return {}
        found = DBOS.list_workflows(status=list(UNDER_WAY))
        return {one.workflow_id: one.status for one in found if one.queue_name != FORMER_QUEUE}

    def _may_close(self) -> bool:
        """Whether waiting is of no use: no workflow is under way, or nobody can tell."""
        try:
            return not self._under_way()
        except Exception as error:
            if not is_of_database(error):
                raise
            return True

    def _launch(self) -> None:
        from dbos import DBOS, DBOSConfig

        sqlite.check(self._settings)
        refuse_pickles()
        _prepare_file(self._settings)
        config: DBOSConfig = {
            "name": "segferry",
            "system_database_url": self._settings.engine_url,
            "application_version": VERSION,
            "executor_id": "local",
            "log_level": "CRITICAL",  # the run says what failed, in a sentence
            "serializer": PlainJson(),
            "notification_listener_polling_interval_sec": self._rest,
        }
        engine = DBOS(config=config)
        self._carried, self._abandoned = Carried(self._leads), {}
        workflow = register(self._worker, self._carried)
        DBOS.launch()
        # It would wait for ever in silence, and keep whoever asks it; so it raises, and steps wait.
        engine._sys_db._retry_connection_errors = False
        DBOS.delete_queue(FORMER_QUEUE)
        self._workflow = workflow


def _wait(reached: Callable[[], bool], end: float) -> None:
    """Until it is so, or until then by time.monotonic()."""
    while time.monotonic() < end and not reached():
        time.sleep(PAUSE)


def _destroy() -> None:
    """Steps in flight break off and are repeated later; the engine needn't complain about it."""
    from dbos import DBOS

    dbos_log = logging.getLogger("dbos")
    dbos_log.disabled = True
    DBOS.destroy(destroy_registry=True)
    dbos_log.disabled = False


def _prepare_file(settings: Settings) -> None:
    """The engine leaves its journal mode as it is; readers must not block its writer."""
    if settings.on_sqlite:
        connection = sqlite3.connect(settings.home / "engine.sqlite")
        connection.execute("pragma auto_vacuum=incremental")  # of a new file; before it is one
        connection.execute("pragma journal_mode=wal")
        connection.close()
