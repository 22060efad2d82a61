"""Lets schedules take their course: one process of an installation does, until it ends."""

import logging
import threading
from datetime import UTC, datetime

from core.runs import scheduler
from core.runs.engine.rounds import go_round
from core.store import Store
from core.store.locks import SCHEDULES, holding

TICK = 1.0  # seconds
MINUTE = 60.0  # seconds; no schedule is finer
FAILING = "Schedules can't be followed"
log = logging.getLogger(__name__)


def keep(store: Store, ending: threading.Event) -> None:
    """Starts what schedules ask for until `ending` is set; waits while another process does it."""
    while not ending.is_set():
        try:
            with holding(store, SCHEDULES) as mine:
                if mine:
                    _keep(store, ending)
        except Exception as error:
            log.error("%s: %s. Trying again.", FAILING, error)
        ending.wait(TICK)


def _keep(store: Store, ending: threading.Event) -> None:
    scheduler.resume(store, datetime.now(UTC))

    def tick() -> float:
        """The next moment that a schedule may name is the next minute."""
        now = datetime.now(UTC)
        scheduler.tick(store, now)
        return MINUTE - now.second - now.microsecond / 1e6

    def refresh() -> float:
        scheduler.refresh(store)
        return MINUTE

    # A refresh may take long; meanwhile slots come, and wait for it or are skipped.
    refreshes = threading.Thread(
        target=go_round,
        args=(store, ending, refresh),
        kwargs={"every": TICK, "failing": FAILING},
        daemon=True,
    )
    refreshes.start()
    go_round(store, ending, tick, every=TICK, failing=FAILING)
    refreshes.join(timeout=TICK)  # what it was at stays due, for whoever goes on
