"""The durable order of a run's steps, and nothing that isn't the same on replay."""

from collections.abc import Callable

from dbos import DBOS

from core.runs.engine.worker import Answer, Worker
from core.store.tables.runs import Run

# Raise it only when steps that a run under way has behind it change their order or their names:
# such runs would then stay where they are. A step that is added at the end needs no new version.
VERSION = "1"
NAME = "export_run"
MOST_RECOVERIES = 50

Workflow = Callable[[int], None]


def workflow_id(run: Run) -> str:
    """One run is one workflow, however often it is asked to start.

    The moment is part of it: after a database was restored, another run may have the same number.
    """
    again = f"-{run.holds}" if run.holds else ""  # a run that was held starts over
    return f"run-{run.id}-{run.created_at.timestamp() * 1000:.0f}{again}"


def register(worker: Worker) -> Workflow:
    """The workflow and its steps, bound to this process's worker. Call it before DBOS.launch()."""

    def step(action: Callable[..., Answer], *ids: int) -> Answer:
        return DBOS.run_step({"name": action.__name__}, action, *ids)

    @DBOS.workflow(name=NAME, max_recovery_attempts=MOST_RECOVERIES)
    def export_run(run_id: int) -> None:
        """Freeze, send batch after batch, wait for every job, end, read back, count what is late.

        Only ids are arguments.
        """
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

    return export_run
