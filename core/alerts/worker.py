"""Lets alerts take their course: one process of an installation does, in threads of its own."""

import math
import threading

from core.alerts import delivery, watch
from core.runs.engine.rounds import Failures, go_round
from core.store import Store, alerts
from core.store.database import now
from core.store.locks import ALERTS, Mine, holding, keeping

TICK = 1.0  # seconds
LOOK_EVERY = 30.0  # seconds, though nothing was written: a run may take too long
LOOKING, DELIVERING = "Alerts can't be looked for", "Alerts can't be delivered"


def keep(store: Store, ending: threading.Event) -> None:
    """Notices and delivers until `ending` is set; waits while another process does it."""
    failures = Failures(LOOKING)
    while not ending.is_set():
        try:
            with keeping(store, ALERTS) as mine:
                if mine():
                    _keep(store, ending, mine)
        except Exception as error:
            failures.log(error)
        ending.wait(TICK)


def once(store: Store) -> None:
    """What a command does at its end, where no server is there: notices, and delivers what is due.

    What isn't taken waits for the next time. It never fails: the command's outcome is another one.
    """
    try:
        with holding(store, ALERTS) as mine:
            if mine:
                watch.look(store, now())
                delivery.deliver(store, now)
    except Exception as error:
        Failures(DELIVERING).log(error)


def _keep(store: Store, ending: threading.Event, mine: Mine) -> None:
    leads = threading.Event()  # `mine` is for one thread

    def look() -> float:
        if mine():
            watch.look(store, now())
            leads.set()
        else:
            leads.clear()
        return LOOK_EVERY

    def deliver() -> float:
        """What services answer may take long; meanwhile changes are noticed."""
        if not leads.is_set():
            return TICK
        delivery.deliver(store, now)
        with store.begin() as session:
            at = alerts.next_due(session)
        return max(TICK, (at - now()).total_seconds()) if at else math.inf

    delivering = threading.Thread(
        target=go_round,
        args=(store, ending, deliver),
        kwargs={"every": TICK, "failing": DELIVERING},
        name="deliveries",
        daemon=True,
    )
    delivering.start()
    go_round(store, ending, look, every=TICK, failing=LOOKING)
    delivering.join(timeout=TICK)  # what it was at stays due, for whoever goes on
