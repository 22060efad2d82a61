"""Lets schedules take their course, and prunes: one process of an installation, until it ends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread

from core.runs import scheduler
from core.runs.engine.rounds import Failures, do_alone, round_of
from core.runs.keeping.prune import prune_daily
from core.store import Store
from core.store.locks import SCHEDULES, Mine

TICK = 1.0  # seconds
MINUTE = 60.0  # seconds; no schedule is finer
SOON, HOUR = 10.0, 3600.0  # seconds until the first look whether to prune, and between two
FAILING = "Schedules can't be followed"


def keep(store: Store, ending: Event) -> None:
    """Starts what schedules ask for until `ending` is set; waits while another process does it."""
    do_alone(store, SCHEDULES, ending, partial(_begin, store), failing=FAILING)


def _begin(store: Store, leaving: Event, mine: Mine) -> Iterator[Thread]:
    scheduler.resume(store, datetime.now(UTC))

    def tick() -> float:
        """The next moment that a schedule may name is the next minute."""
        now = datetime.now(UTC)
        if mine.holds():
            scheduler.tick(store, now)
        return MINUTE - now.second - now.microsecond / 1e6

    def refresh() -> float:
        scheduler.refresh(store)
        return MINUTE

    yield round_of(store, leaving, tick, every=TICK, failing=FAILING, name="slots")
    # A refresh may take long; meanwhile slots come, and wait for it or are skipped.
    yield round_of(store, leaving, refresh, every=TICK, failing=FAILING, name="refreshes")
    yield Thread(target=_prune, args=(store, leaving), name="prunes", daemon=True)


def _prune(store: Store, ending: Event) -> None:
    """Removes once a day what is older than it is kept for; looks hourly whether it is time."""
    failures = Failures("What is old can't be removed")
    wait = SOON
    while not ending.wait(wait):
        wait = HOUR
        try:
            prune_daily(store, datetime.now(UTC))
        except Exception as error:
            failures.log(error)
