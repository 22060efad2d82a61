"""Lets schedules take their course, and prunes: one process of an installation, until it ends."""

import threading
from datetime import UTC, datetime

from core.runs import scheduler
from core.runs.engine.rounds import Failures, go_round
from core.runs.keeping.prune import prune_daily
from core.store import Store
from core.store.locks import SCHEDULES, Mine, keeping

TICK = 1.0  # seconds
MINUTE = 60.0  # seconds; no schedule is finer
SOON, HOUR = 10.0, 3600.0  # seconds until the first look whether to prune, and between two
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
    prunes = threading.Thread(target=_prune, args=(store, ending), daemon=True)
    refreshes.start()
    prunes.start()
    go_round(store, ending, tick, every=TICK, failing=FAILING)
    for thread in (refreshes, prunes):
        thread.join(timeout=TICK)  # what it was at stays due, for whoever goes on


def _prune(store: Store, ending: threading.Event) -> None:
    """Removes once a day what is older than it is kept for; looks hourly whether it is time."""
    failures = Failures("What is old can't be removed")
    wait = SOON
    while not ending.wait(wait):
        wait = HOUR
        try:
            prune_daily(store, datetime.now(UTC))
        except Exception as error:
            failures.log(error)
