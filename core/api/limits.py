"""How much the API does at a time: little long work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.api.problems import Problem
from core.texts import _


class Turns:
    """So much long work at a time: whoever comes to more of it is sent away for a moment."""

    def __init__(self, at_once: int, come_again: int) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._come_again = come_again  # seconds

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, for the block. Raises Problem where none is free."""
        if not self._free.acquire(blocking=False):
            text = _("Too much is being read at the moment. Try again in {n} seconds.")
            raise Problem(503, text.format(n=self._come_again), retry_after=self._come_again)
        try:
            yield
        finally:
            self._free.release()
