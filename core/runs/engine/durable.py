"""The durable engine (DBOS) of one process: it records each step, so that a crash loses none."""

import logging
import math
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING

from core.runs.engine import sqlite
from core.runs.engine.carried import Carried, LeftPending
from core.runs.engine.plain import PlainJson, refuse_pickles
from core.runs.engine.worker import Worker
from core.runs.engine.workflow import VERSION, Workflow, register, run_of, workflow_id
from core.settings import Settings
from core.store import Store
from core.store.failures import is_of_database, located, translated
from core.store.locks import RESUMING, Mine, alone
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


@dataclass(frozen=True, slots=True)
class Standing:
    """A workflow under way, as who began or resumed it last has left it."""

    id: str
    executor: str | None
    since: int | None  # in milliseconds of the engine's clock


class Engine:
    """Starts workflows and knows how they stand; for any thread.

    Launched it asks its database for work all the time, so close it while there is none. On SQLite
    it closes only after a rest of its listener, `rest` seconds. `mine` says whether this process
    still has the engine, and whether others have it, too.
    """

    def __init__(self, store: Store, worker: Worker, rest: float, mine: Mine) -> None:
        self._store = store
        self._settings = store.settings
        self._worker = worker
        self._rest = rest
        self._lock = RLock()
        self._workflow: Workflow | None = None  # None while it isn't launched
        self._mine = mine
        self._carried = Carried(mine)
        self._abandoned: dict[Standing, float] = {}  # since when, by time.monotonic()
        self._looked_at = -math.inf  # for them, by time.monotonic()
        # One by itself goes on at once with what the last one left; several must not, for it may
        # be another's.
        self._executor = uuid.uuid4().hex if mine.shared else "local"

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

    @contextmanager
    def alone_with(self, run: Run) -> Iterator[bool]:
        """Whether this thread has the run, and no other process; the block ends where it loses it.

        Whoever has it next goes on.
        """
        with suppress(LeftPending), self._carried.alone_with(run.id) as alone:
            yield alone

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
        """Goes on with workflows that no thread is at.

        It broke off because nothing could be recorded, or its process has ended or is stopped.
        Whether any workflow is under way. Raises an error of its database while it still can't.
        """
        with self._lock:
            now = time.monotonic()
            if self._carried.ids() and now - self._looked_at < LOOKED_FOR_EVERY:
                return True
            under_way = self._under_way()
            self._looked_at = now
            nobodys = self._nobodys(under_way)
            self._abandoned = {one: self._abandoned.get(one, now) for one in nobodys}
            if any(now - since >= ABANDONED_AFTER for since in self._abandoned.values()):
                self._resume()
            return bool(under_way)

    def _resume(self) -> None:
        """Has whoever is the first to find them go on with the workflows that were abandoned.

        One process at a time looks again: another may have done so, and be about to go on.
        """
        from dbos import DBOS

        with alone(self._store.engine, RESUMING):
            nobodys = self._nobodys(self._under_way())
            for one in nobodys & self._abandoned.keys():
                if time.monotonic() - self._abandoned.pop(one) >= ABANDONED_AFTER:
                    DBOS.resume_workflow(one.id)
                    log.warning("%s is taken up again.", one.id)

    def _nobodys(self, under_way: Iterable["WorkflowStatus"]) -> set[Standing]:
        """Those of them that were begun, and that no thread is at, here or elsewhere."""
        begun = [one for one in under_way if one.status == "PENDING"]
        if not begun:
            return set()
        here, there = self._carried.ids(), self._carried.elsewhere()
        return {
            Standing(one.workflow_id, one.executor_id, one.updated_at)
            for one in begun
            if one.workflow_id not in here and run_of(one.workflow_id) not in there
        }

    def _under_way(self) -> list["WorkflowStatus"]:
        """The workflows that have not ended."""
        from dbos import DBOS

        if self._workflow is None:
            return []
        found = DBOS.list_workflows(status=list(UNDER_WAY))
        return [one for one in found if one.queue_name != FORMER_QUEUE]

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
            "executor_id": self._executor,
            "log_level": "CRITICAL",  # the run says what failed, in a sentence
            "serializer": PlainJson(),
            "notification_listener_polling_interval_sec": self._rest,
        }
        engine = DBOS(config=config)
        self._carried, self._abandoned = Carried(self._mine), {}
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
