"""A thread that does one work after the other, and keeps no program from ending."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Worker:
    """Does what is submitted, in that order, until `end`.

    A server that stays silent may hold up a work for ever: it is left to itself then.
    """

    def __init__(self) -> None:
        self._works: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        Thread(target=self._run, daemon=True, name="database").start()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """What the work will give."""
        future: Future[T] = Future()
        self._works.put(lambda: _do(work, future))
        return future

    def end(self) -> None:
        """Ends the thread after the works that were submitted."""
        self._works.put(None)

    def _run(self) -> None:
        while (work := self._works.get()) is not None:
            work()
            del work  # nothing of what it held stays while the next one is waited for


def _do(work: Callable[[], Any], future: Future[Any]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)
