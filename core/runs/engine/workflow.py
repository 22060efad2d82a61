"""The durable order of a run's steps, and nothing that isn't the same on replay."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dbos import DBOS

from core.runs.engine.carried import Carried, LeftPending
from core.runs.engine.worker import Answer, Worker, carry_out
from core.store.failures import is_of_database
from core.store.tables.runs import Run

# Raise it only when steps that a run under way has behind it change their order or their names:
# such runs would then stay where they are. A step that is added at the end needs no new version.
VERSION = "1"
NAME = "export_run"
MOST_RECOVERIES = 50

Workflow = Callable[[int], None]


@contextmanager
def _left_pending(worker: Worker, run_id: int) -> Iterator[None]:
    """Turns an error of the engine's own database, which steps don't raise, into LeftPending.

    Raises StorageUnavailable where that was so for too long: with it the workflow ends.
    """
    worker.take_up(run_id)
    try:
        yield
    except Exception as error:
        if not is_of_database(error):
            raise
        worker.waits_for_engine(run_id, error)
        raise LeftPending from error


def workflow_id(run: Run) -> str:
    """One run is one workflow, however often it is asked to start.

    The moment is part of it: after a database was restored, another run may have the same number.
    """
    again = f"-{run.holds}" if run.holds else ""  # a run that was held starts over
    return f"run-{run.id}-{run.created_at.timestamp() * 1000:.0f}{again}"


def run_of(workflow_id: str) -> int:
    """The number of the run whose workflow it is."""
    return int(workflow_id.split("-")[1])


def register(worker: Worker, carried: Carried) -> Workflow:
    """The workflow and its steps, bound to this process's worker. Call it before DBOS.launch()."""

    worker.heed_leaving(carried.leave_if_stopping, carried.leave_if_overtaken)

    def step(action: Callable[..., Answer], *ids: int) -> Answer:
        carried.leave_if_stopping()
        return DBOS.run_step({"name": action.__name__}, worker.patiently, action, *ids)

    @DBOS.workflow(name=NAME, max_recovery_attempts=MOST_RECOVERIES)
    def export_run(run_id: int) -> None:
        """Freeze, send batch after batch, wait for every job, end, read back, count what is late.

        Only ids are arguments.
        """
        with carried.carrying(DBOS.workflow_id or "", run_id), _left_pending(worker, run_id):
            carry_out(worker, step, run_id)

    return export_run
