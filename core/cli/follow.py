"""Follows runs to their end: executed by a server on the same data folder, or by this process."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.cli.output import Progress
from core.errors import Terminated
from core.store import Store, runs
from core.store.locks import holding
from core.store.tables.runs import ENDED, Run, RunStatus
from core.texts import _

LOOK_EVERY = 0.1  # seconds between two looks at the runs
READ_BACK_WITHIN = 30.0  # seconds after the end, for what the list holds then
COUNTED_WITHIN = 5.0  # seconds after a cancelled run's end, for the jobs that go on without it
TRY_EVERY = 1.0  # seconds until this process tries again to execute them itself
RESTING = ENDED | {RunStatus.held}  # nothing more happens to these by itself


def follow(
    store: Store, followed: list[Run], progress: Progress, *, counted: bool = False
) -> list[Run]:
    """The runs, with all parts of a split, when none of them goes on any more.

    `counted`: and what a cancelled one left is counted and recorded. Whoever holds the data
    folder's engine executes them; when nobody does, this process does. Raises Terminated upon
    SIGTERM, once the batch in flight is recorded, or noted as in flight.
    """
    with _until_terminated():
        return _follow(store, followed, progress, counted)


@contextmanager
def _until_terminated() -> Iterator[None]:
    """Within the block SIGTERM is an error that ends it in order, as Ctrl-C does."""

    def end(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is ending
        raise Terminated(
            _(
                "Ended by SIGTERM. What has not ended goes on with “segferry resume”, “segferry "
                "serve” or the next run."
            )
        )

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _follow(store: Store, followed: list[Run], progress: Progress, counted: bool) -> list[Run]:
    found = _now(store, followed)
    while not _resting(found, counted):
        with holding(store) as mine:
            if mine:
                from core.runs.engine.host import Host  # its engine takes two seconds to import

                with Host(store) as host:
                    found = _watch(store, followed, progress)
                    late = any(run.stop_asked_by for run in found)
                    within = COUNTED_WITHIN if late else READ_BACK_WITHIN
                    host.until_done(found, store.settings.job_timeout if counted else within)
                    found = _now(store, followed)
                    counted = False  # as far as it can be
            else:
                found = _watch(store, followed, progress, TRY_EVERY)
    progress.done()
    return found


def _watch(
    store: Store, followed: list[Run], progress: Progress, seconds: float = float("inf")
) -> list[Run]:
    end = time.monotonic() + seconds
    while True:
        found = _now(store, followed)
        for run in found:
            if run.status not in RESTING:
                progress(run, store.runtime.waits.sentence(run.id))
                break
        if _resting(found) or time.monotonic() >= end:
            return found
        time.sleep(LOOK_EVERY)


def _now(store: Store, followed: list[Run]) -> list[Run]:
    """Fresh from the database, in order; a split may have added parts meanwhile."""
    with store.begin() as session:
        found = {part.id: part for run in followed for part in runs.siblings(session, run)}
    return [found[key] for key in sorted(found, key=lambda id: id or 0)]


def _resting(found: list[Run], counted: bool = False) -> bool:
    return all(run.status in RESTING and not (counted and run.is_settling) for run in found)
