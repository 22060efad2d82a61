"""Bears an outage of the destination for a while, and the waits that it asks for."""

import time
from collections.abc import Callable
from typing import TypeVar

from core.errors import Stopped, Unavailable
from core.runs.steps.logbook import Logbook
from core.texts import _

BREATH = 0.2  # seconds between two looks at whether to stop
LONGEST_WAIT = 3600.0  # seconds that a destination may ask for
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 30.0  # seconds between two tries while it is away

T = TypeVar("T")


def bear(log: Logbook, action: Callable[[], T]) -> T:
    """What the action gives in the end. Raises Stopped, and Unavailable once it lasts too long."""
    tries = 0
    while True:
        try:
            return action()
        except Unavailable as error:
            if _too_long(log, error, first=tries == 0):
                raise
            tries += 1
            _wait(log, error.retry_after or min(LONGEST_PAUSE, FIRST_PAUSE * tries))


def _too_long(log: Logbook, error: Unavailable, first: bool) -> bool:
    if error.retry_after:
        return error.retry_after > LONGEST_WAIT
    return log.outage_lasts(first)


def _wait(log: Logbook, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if log.stop_asked():
            raise Stopped(_("Stopped while waiting for Klaviyo."))
        time.sleep(min(left, BREATH))
