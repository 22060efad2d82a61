"""Within a reader: does what its server asks over the pipe."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from core.readers import bounds
from core.settings import Settings
from core.store import Store, open_store

IDLE_SECONDS = 300.0
PROGRESS = "progress"  # the argument that is called while the work goes on


class Failure:
    """An error on its way from one process to another; its causes stay behind."""

    def __init__(self, error: BaseException) -> None:
        self._kind, self._args, self._more = type(error), error.args, vars(error)

    def error(self) -> BaseException:
        """As it was raised: not made anew, for errors take other arguments than they keep."""
        made: BaseException = self._kind.__new__(self._kind, *self._args)
        vars(made).update(self._more)
        return made


def serve(descriptor: int) -> None:
    """Does what is asked, until nobody asks for a while or the other end is closed."""
    pipe = Connection(descriptor)
    with suppress(EOFError, OSError, KeyboardInterrupt):
        settings = pipe.recv()
        given = descriptor, settings.reading_memory, bounds.bound(settings)
        Thread(target=bounds.watch, args=given, daemon=True).start()
        while pipe.poll(IDLE_SECONDS):
            outcome = _outcome(pipe, settings, *pipe.recv())
            pipe.send((bounds.peak(), outcome))


def _outcome(
    pipe: Connection, settings: Settings, function: Callable[..., Any], given: dict[str, Any]
) -> Any:
    if PROGRESS in inspect.signature(function).parameters:
        given[PROGRESS] = lambda share, doing: pipe.send((None, (share, doing)))
    try:
        return function(_store(settings), **given)
    except Exception as error:
        lacked = bounds.lacked_memory(error)
        return Failure(bounds.too_much_memory(settings) if lacked else error)


@cache
def _store(settings: Settings) -> Store:
    return open_store(settings)
