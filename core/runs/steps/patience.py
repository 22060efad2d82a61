"""Tries again while the destination is away, or asks to wait, for as long as the settings allow."""

import time
from collections.abc import Callable
from typing import TypeVar

from core.errors import Stopped, Unavailable
from core.runs.steps.at_work import RunAtWork
from core.texts import _

LOOK_EVERY = 0.2  # seconds between two looks at whether to stop
LONGEST_WAIT = 3600.0  # seconds that a destination may ask for
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 30.0  # seconds between two tries while it is away

T = TypeVar("T")


def until_available(work: RunAtWork, action: Callable[[], T]) -> T:
    """What the action gives in the end. Raises Stopped, and Unavailable once it lasts too long."""
    tries = 0
    while True:
        try:
            return action()
        except Unavailable as error:
            if _too_long(work, error, first=tries == 0):
                raise
            tries += 1
            wait(work, error.retry_after or min(LONGEST_PAUSE, FIRST_PAUSE * tries))


def _too_long(work: RunAtWork, error: Unavailable, first: bool) -> bool:
    if error.retry_after:
        return error.retry_after > LONGEST_WAIT
    return work.outage_lasts(first)


def wait(work: RunAtWork, seconds: float) -> None:
    """Waits so many seconds. Raises Stopped when asked to stop meanwhile."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if work.stop_requested():
            text = _("Stopped while waiting for {destination}.")
            raise Stopped(text.format(destination=work.run.order.capabilities.title))
        time.sleep(min(left, LOOK_EVERY))
