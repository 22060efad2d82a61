"""The workflows that threads of this process carry, and when these are to leave them."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from core.errors import StorageUnavailable
from core.store.advisory import Advisory, Part
from core.store.locks import Mine


class LeftPending(BaseException):
    """Ends a workflow's thread, and leaves the workflow under way for whoever takes it up.

    No Exception, for the engine would record that as the workflow's end.
    """


class Carried:
    """Which workflows that are. `mine` says whether this process has the engine.

    Where several processes have it, each run is a part of the work that one of them has: it is
    carried by whoever has got its part, for as long as that is so.
    """

    def __init__(self, mine: Mine) -> None:
        self.leaving = False
        self._mine = mine
        self._threads: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._own = threading.local()  # `part`: of the run that this thread is at

    def ids(self) -> set[str]:
        """The workflows that some thread is at."""
        with self._lock:
            return set(self._threads)

    @contextmanager
    def carrying(self, id: str, run_id: int) -> Iterator[None]:
        """This thread is at the run's workflow. Raises LeftPending where another process is."""
        with self.alone_with(run_id) as alone:
            if not alone:
                raise LeftPending
            with self._lock:
                self._threads[id] += 1
            try:
                yield
            finally:
                with self._lock:
                    self._threads[id] -= 1
                    self._threads += Counter()  # without those that nobody carries

    @contextmanager
    def alone_with(self, run_id: int) -> Iterator[bool]:
        """Whether this thread has the run, and so no other process; until the end of the block."""
        if (shared := self._mine.shared) is None:
            yield True
            return
        if (part := _part(shared, run_id)) is None:
            yield False
            return
        self._own.part = part
        try:
            yield True
        finally:
            self._own.part = None
            shared.leave(part)

    def elsewhere(self) -> frozenset[int]:
        """The runs that processes have which are there; with this one's own."""
        shared = self._mine.shared
        return shared.parts() if shared else frozenset()

    def leave_if_stopping(self) -> None:
        """Between two steps. Raises LeftPending once the threads are to leave."""
        if self.leaving:
            raise LeftPending
        self.leave_if_overtaken()

    def leave_if_overtaken(self) -> None:
        """Also within a step: where another process may have the run, as this one was stopped.

        Raises LeftPending.
        """
        if not self._has_run():
            raise LeftPending

    def _has_run(self) -> bool:
        if (shared := self._mine.shared) is None:
            return self._mine.holds()
        part: Part | None = getattr(self._own, "part", None)
        return part is None or shared.has(part)


def _part(shared: Advisory, run_id: int) -> Part | None:
    """None also while the database is away: then nobody begins."""
    with suppress(StorageUnavailable):
        return shared.part(run_id)
    return None
