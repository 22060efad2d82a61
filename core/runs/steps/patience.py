"""Tries again while the destination or the storage is away, for as long as the settings allow."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from core.errors import SegferryError, Stopped, StorageUnavailable, Unavailable
from core.runs.steps.at_work import RunAtWork
from core.store import Store, runs
from core.texts import _

LOOK_EVERY = 0.2  # seconds between two looks at whether to stop
LONGEST_WAIT = 3600.0  # seconds that a destination may ask for
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 30.0  # seconds between two tries while it is away
FIRST_STORAGE, LONGEST_STORAGE = 0.5, 3.0  # seconds between two tries while storage is away
log = logging.getLogger(__name__)

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
            waits = work.store.runtime.waits
            waits.begin(work.run_id, str(error))
            try:
                wait(work, error.retry_after or min(LONGEST_PAUSE, FIRST_PAUSE * tries))
            finally:
                waits.end(work.run_id)


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


def until_writable(store: Store, run_id: int, action: Callable[[], T]) -> T:
    """What the action gives in the end; it may be repeated, and is while storage is away.

    Meanwhile the run's pages say so. Raises StorageUnavailable once it lasts too long.
    """
    waits, pause = store.runtime.waits, FIRST_STORAGE
    while True:
        try:
            found = action()
        except StorageUnavailable as error:
            if waits.seconds(run_id) > store.settings.outage_wait:
                raise
            if waits.sentence(run_id) is None:
                log.warning("Run %s waits: %s", run_id, error)
            waits.begin(run_id, str(error))
            _wait_for_storage(store, run_id, pause)
            pause = min(LONGEST_STORAGE, 2 * pause)
        else:
            waits.end(run_id)
            return found


def _wait_for_storage(store: Store, run_id: int, seconds: float) -> None:
    """Shorter where the run is asked to stop, which may need no storage."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, LOOK_EVERY))
        store.runtime.waits.leave_if_stopping()
        with suppress(SegferryError), store.begin() as session:
            if runs.stop_requested(session, run_id):
                return
