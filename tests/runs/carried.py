"""Runs carried out step by step in this thread: what they do, without the engine around them.

The engine calls the same steps in the same order, and costs as much again; that it does is proved
in tests/runs/engine.
"""

from collections.abc import Callable
from typing import Any

from core.runs.engine.worker import Answer, Worker, carry_out
from core.store import Store, runs
from core.store.tables.runs import Run, RunStatus
from tests.runs.conftest import asked


def carried(store: Store, run: Run, looks_back: bool = True) -> Run:
    """The run once nothing more is done about it, or held; of a split, all of its parts.

    Without `looks_back` it has ended, and what it sent is still there.
    """
    worker = Worker(store)

    def step(action: Callable[..., Answer], *ids: int) -> Answer:
        skipped = action == worker.read_back and not looks_back
        return {} if skipped else worker.patiently(action, *ids)

    while part := _next(store, run):
        carry_out(worker, step, part.id)
    worker.leave()
    with store.begin() as session:
        return runs.find(session, run.id)


def ran(store: Store, name: str = "Newsletter", **options: Any) -> Run:
    """A run from its request to the last thing that is done for it."""
    return carried(store, asked(store, name, **options))


def _next(store: Store, run: Run) -> Run | None:
    """The part that goes on; a held one keeps the others waiting."""
    first = run.first_id or run.id
    with store.begin() as session:
        left = [part for part in runs.active(session) if first in (part.id, part.first_id)]
    left.sort(key=lambda part: part.part)
    return left[0] if left and left[0].status != RunStatus.held else None
