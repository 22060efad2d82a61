"""Lets schedules take their course: one process of an installation does, until it ends."""

import threading
from datetime import UTC, datetime

from core.runs import scheduler
from core.runs.engine.rounds import Failures, go_round
from core.store import Store
from core.store.locks import SCHEDULES, Mine, keeping

TICK = 1.0  # seconds
MINUTE = 60.0  # seconds; no schedule is finer
FAILING = "Schedules can't be followed"


def keep(store: Store, ending: threading.Event) -> None:
    """Starts what schedules ask for until `ending` is set; waits while another process does it."""
    failures = Failures(FAILING)
    while not ending.is_set():
        try:
            with keeping(store, SCHEDULES) as mine:
                if mine():
                    _keep(store, ending, mine)
        except Exception as error:
            failures.log(error)
        ending.wait(TICK)


def _keep(store: Store, ending: threading.Event, mine: Mine) -> None:
    scheduler.resume(store, datetime.now(UTC))

    def tick() -> float:
        """The next moment that a schedule may name is the next minute."""
        now = datetime.now(UTC)
        if mine():
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
