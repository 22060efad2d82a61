"""Follows runs to their end: executed by a server on the same data folder, or by this process."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from core.cli.output import Progress
from core.errors import StorageUnavailable, Terminated
from core.store import Store, runs
from core.store.locks import keeping
from core.store.tables.runs import ENDED, Run, RunStatus
from core.texts import _

LOOK_EVERY = 0.1  # seconds between two looks at the runs
READ_BACK_WITHIN = 30.0  # seconds after the end, for what the list holds then
COUNTED_WITHIN = 5.0  # seconds after a cancelled run's end, for the jobs that go on without it
TRY_EVERY = 1.0  # seconds until this process tries again to execute them itself
LATER = _("Unfinished runs continue with “segferry resume”, “segferry serve” or the next run.")
RESTING = ENDED | {RunStatus.held}  # nothing more happens to these by itself
T = TypeVar("T")


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
        raise Terminated(f"{_('Ended by SIGTERM.')} {LATER}")

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _follow(store: Store, followed: list[Run], progress: Progress, counted: bool) -> list[Run]:
    follower = _Follower(store, followed, progress)
    found = follower.now()
    while not _resting(found, counted):
        with keeping(store) as mine:
            if follower.patiently(mine):
                from core.runs.engine.host import Host  # its engine takes two seconds to import

                with Host(store, mine=mine) as host:
                    found = follower.watch(mine)
                    late = any(run.stop_asked_by for run in found)
                    within = COUNTED_WITHIN if late else READ_BACK_WITHIN
                    within = store.settings.job_timeout if counted else within
                    host.until_done(found, within, mine)
                    found = follower.now()
                    counted = False  # as far as it can be
            else:
                found = follower.watch(_within(TRY_EVERY))
    progress.done()
    return found


class _Follower:
    """The runs that are followed; while the database is away it says so, and asks again."""

    def __init__(self, store: Store, followed: list[Run], progress: Progress) -> None:
        self._store = store
        self._found = followed
        self._progress = progress

    def watch(self, going_on: Callable[[], bool]) -> list[Run]:
        """Shows how they go until none goes on any more, or `going_on` says no."""
        while not _resting(self.now()) and self.patiently(going_on):
            self._show()
            time.sleep(LOOK_EVERY)
        self._show()
        return self._found

    def now(self) -> list[Run]:
        """Fresh from the database, in order; a split may have added parts meanwhile."""
        self._found = self.patiently(self._read)
        return self._found

    def patiently(self, action: Callable[[], T]) -> T:
        """What the action gives in the end.

        Raises StorageUnavailable once the database is away for longer than a run bears it.
        """
        end = time.monotonic() + self._store.settings.outage_wait
        while True:
            try:
                return action()
            except StorageUnavailable as error:
                if time.monotonic() > end:
                    raise StorageUnavailable(f"{error} {LATER}") from error
                self._show(str(error))
            time.sleep(LOOK_EVERY)

    def _read(self) -> list[Run]:
        with self._store.begin() as session:
            found = {part.id: part for run in self._found for part in runs.siblings(session, run)}
        return [found[key] for key in sorted(found, key=lambda id: id or 0)]

    def _show(self, waits_for: str | None = None) -> None:
        """The first that goes on, and what it waits for."""
        for run in self._found:
            if run.status not in RESTING:
                why = self._store.runtime.waits.sentence(run.id)
                self._progress(run, why or waits_for)
                break


def _within(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds have not passed yet."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def _resting(found: list[Run], counted: bool = False) -> bool:
    return all(run.status in RESTING and not (counted and run.is_settling) for run in found)
