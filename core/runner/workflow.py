"""The durable story of one run: its order of steps, and nothing that isn't the same on replay."""

from collections.abc import Callable
from typing import Any

from dbos import DBOS

from core.runner.ferry import Ferry

# Raise it only when the order of steps changes: runs under way would then stay where they are.
VERSION = "1"
QUEUE = "exports"
NAME = "export_run"
MOST_RECOVERIES = 50

Story = Callable[[int], None]


def workflow_id(run_id: int) -> str:
    """One run is one workflow, however often it is asked to start."""
    return f"run-{run_id}"


def register(ferry: Ferry) -> Story:
    """The workflow and its steps, bound to this process's ferry. Call it before DBOS.launch()."""

    def step(name: str, action: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        return DBOS.step(name=name)(action)

    prepare, send = step("prepare", ferry.prepare), step("send", ferry.send)
    look, settle = step("look", ferry.look), step("settle", ferry.settle)
    finish = step("finish", ferry.finish)

    @DBOS.workflow(name=NAME, max_recovery_attempts=MOST_RECOVERIES)
    def export_run(run_id: int) -> None:
        """Freeze, send batch after batch, wait for every job, add up. Only ids are arguments."""
        prepared = prepare(run_id)
        for batch in prepared["batches"]:
            if send(run_id, batch)["stop"]:
                break
            look(run_id)
        while prepared["batches"] and settle(run_id)["open"]:
            pass
        finish(run_id)

    return export_run
