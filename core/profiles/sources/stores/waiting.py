"""Work that waits for a server, done beside this thread: it can be stopped at any time."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from threading import Thread
from typing import TypeVar

from core.errors import SourceFailed
from core.texts import _

LOOK_EVERY = 0.1  # seconds between two calls of the progress, which may raise to stop the work
T = TypeVar("T")


def done(works: Sequence[Callable[[], T]], report: Callable[[], object], seconds: float) -> list[T]:
    """What each of the works gives, done at once; what the first raises that fails.

    `report` is called all the while. What it raises, and SourceFailed after so many seconds, leaves
    the works to themselves: their threads end by themselves, and keep no program from ending.
    """
    futures, end = [_begun(work) for work in works], time.monotonic() + seconds
    report()
    while True:
        finished, waiting = wait(futures, LOOK_EVERY, FIRST_EXCEPTION)
        for future in finished:
            future.result()
        if not waiting:
            return [future.result() for future in futures]
        report()
        if time.monotonic() > end:
            text = _(
                "Reading the source took more than {n} seconds, so it was stopped. Make its files "
                "smaller, or allow more with SEGFERRY_READING_TIME."
            )
            raise SourceFailed(text.format(n=f"{seconds:,.0f}"))


def _begun(work: Callable[[], T]) -> Future[T]:
    future: Future[T] = Future()

    def do() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=do, daemon=True, name="store").start()
    return future
