"""Lets alerts take their course: one process of an installation does, in threads of its own."""

import math
import time
from collections.abc import Iterator, Sequence
from functools import partial
from threading import Event, Thread

from core.alerts import delivery, of_runs, watch
from core.runs.engine.rounds import Failures, do_alone, round_of
from core.store import Store, alerts
from core.store.database import now
from core.store.locks import ALERTS, Mine, holding
from core.store.tables.runs import Run

TICK = 1.0  # seconds
PATIENCE = 30.0  # seconds that a command waits for another one: a message may take 20
ASK_EVERY = 0.1  # seconds, meanwhile
LOOK_EVERY = 30.0  # seconds, though nothing was written: a run may take too long
LOOKING, DELIVERING = "Alerts can't be looked for", "Alerts can't be delivered"


def keep(store: Store, ending: Event) -> None:
    """Notices and delivers until `ending` is set; waits while another process does it."""
    do_alone(store, ALERTS, ending, partial(_begin, store), failing=LOOKING)


def once(store: Store, followed: Sequence[Run] = ()) -> None:
    """What a command does at its end: notices, and delivers what is due, also of others.

    While another process does that, it waits until that one has noticed how these runs ended, or
    is through. What isn't taken waits for the next process. It never fails: the command's outcome
    is another one.
    """
    end = time.monotonic() + PATIENCE
    try:
        while not _done(store) and not _noticed(store, followed) and time.monotonic() < end:
            time.sleep(ASK_EVERY)
    except Exception as error:
        Failures(DELIVERING).log(error)


def _done(store: Store) -> bool:
    """Whether this process could do it, since no other does."""
    with holding(store, ALERTS) as mine:
        if mine:
            watch.look(store, now())
            delivery.deliver(store, now)
        return mine


def _noticed(store: Store, followed: Sequence[Run]) -> bool:
    with store.begin() as session:
        return all(of_runs.noticed(session, run) for run in followed)


def _begin(store: Store, leaving: Event, mine: Mine) -> Iterator[Thread]:
    def look() -> float:
        if mine.holds():
            watch.look(store, now())
        return LOOK_EVERY

    def deliver() -> float:
        """What services answer may take long; meanwhile changes are noticed."""
        if not mine.holds():
            return TICK
        delivery.deliver(store, now)
        with store.begin() as session:
            at = alerts.next_due(session)
        return max(TICK, (at - now()).total_seconds()) if at else math.inf

    yield round_of(store, leaving, look, every=TICK, failing=LOOKING, name="alerts")
    yield round_of(store, leaving, deliver, every=TICK, failing=DELIVERING, name="deliveries")
