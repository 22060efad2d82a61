"""Lets schedules take their course: one process of an installation does, until it ends."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from core.runs import scheduler
from core.store import Store
from core.store.locks import SCHEDULES, holding

TICK = 1.0  # seconds
log = logging.getLogger(__name__)


def keep(store: Store, ending: threading.Event) -> None:
    """Starts what schedules ask for until `ending` is set; waits while another process does it."""
    while not ending.is_set():
        try:
            with holding(store, SCHEDULES) as mine:
                if mine:
                    _keep(store, ending)
        except Exception as error:
            log.error("Schedules can't be followed: %s. Trying again.", error)
        ending.wait(TICK)


def _keep(store: Store, ending: threading.Event) -> None:
    scheduler.resume(store, datetime.now(UTC))
    # A refresh may take long; meanwhile slots come, and wait for it or are skipped.
    refreshes = threading.Thread(
        target=_each_tick, args=(lambda: scheduler.refresh(store), ending), daemon=True
    )
    refreshes.start()
    _each_tick(lambda: scheduler.tick(store, datetime.now(UTC)), ending)
    refreshes.join(timeout=TICK)  # what it was at stays due, for whoever goes on


def _each_tick(action: Callable[[], None], ending: threading.Event) -> None:
    while not ending.is_set():
        try:
            action()
        except Exception as error:
            log.error("Schedules can't be followed: %s. Trying again.", error)
        ending.wait(TICK)
