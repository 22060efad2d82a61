"""Work that is looked for as long as a process lives: at once when it comes, else seldom."""

import logging
import time
from collections.abc import Callable
from threading import Event

from core.store import Store
from core.store.database import first_line
from core.store.writes import watched

TELL_EVERY = 60.0  # seconds, while the same goes wrong
RETRY_AFTER = 0.5  # seconds at least, when something went wrong
log = logging.getLogger(__name__)


def go_round(
    store: Store, ending: Event, look: Callable[[], float], *, every: float, failing: str
) -> None:
    """Calls `look` until `ending` is set: each `every` seconds in which something was written.

    `look` returns after how many seconds it wants to be called all the same. What goes wrong is
    logged, with `failing` as its first words, and tried again.
    """
    told, told_at = "", 0.0
    while not ending.is_set():
        try:
            with watched(store) as written:
                _go_round(ending, look, written, every)
        except Exception as error:
            why = first_line(error)
            if why != told or time.monotonic() - told_at > TELL_EVERY:
                told, told_at = why, time.monotonic()
                log.error("%s: %s Trying again.", failing, why)
            log.debug("Why:", exc_info=True)
            ending.wait(max(every, RETRY_AFTER))


def _go_round(
    ending: Event, look: Callable[[], float], written: Callable[[], bool], every: float
) -> None:
    latest = 0.0
    while not ending.is_set():
        if written() or time.monotonic() >= latest:
            latest = time.monotonic() + look()
        ending.wait(every)
