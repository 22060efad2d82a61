"""The durable story of one run: its order of steps, and nothing that isn't the same on replay."""

from collections.abc import Callable

from dbos import DBOS

from core.runs.engine.worker import Answer, Ferry
from core.store.tables.runs import Run

# Raise it only when the order of steps changes: runs under way would then stay where they are.
VERSION = "1"
QUEUE = "exports"
NAME = "export_run"
MOST_RECOVERIES = 50

Story = Callable[[int], None]


def workflow_id(run: Run) -> str:
    """One run is one workflow, however often it is asked to start.

    With its moment in it: after a database was restored, another run may bear the same number.
    """
    again = f"-{run.holds}" if run.holds else ""  # a run that was held starts over
    return f"run-{run.id}-{run.created_at.timestamp() * 1000:.0f}{again}"


def register(ferry: Ferry) -> Story:
    """The workflow and its steps, bound to this process's ferry. Call it before DBOS.launch()."""

    def step(action: Callable[..., Answer], *ids: int) -> Answer:
        return DBOS.run_step({"name": action.__name__}, action, *ids)

    @DBOS.workflow(name=NAME, max_recovery_attempts=MOST_RECOVERIES)
    def export_run(run_id: int) -> None:
        """Freeze, send batch after batch, wait for every job, add up. Only ids are arguments."""
        prepared = step(ferry.prepare, run_id)
        if prepared.get("held"):
            return
        for batch in prepared["batches"]:
            if step(ferry.send, run_id, batch)["stop"]:
                break
            step(ferry.look, run_id)
        while prepared["batches"] and step(ferry.settle, run_id)["open"]:
            pass
        step(ferry.finish, run_id)

    return export_run
