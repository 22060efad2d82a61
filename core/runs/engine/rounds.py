"""Work that is looked for as long as a process lives: at once when it comes, else seldom."""

import logging
import time
from collections.abc import Callable, Iterable
from threading import Event, Thread

from core.store import Store
from core.store.failures import first_line
from core.store.locks import Mine, keeping
from core.store.writes import watched

TELL_EVERY = 60.0  # seconds, while the same goes wrong
RETRY_AFTER = 0.5  # seconds at least, when something went wrong
TRY_EVERY = 1.0  # seconds; another process may do the work
KEEP_EVERY = 2.0  # seconds between two looks whether it is this one's still
LEAVE_WITHIN = 1.0  # seconds; what a thread was at is done again by whoever goes on
log = logging.getLogger(__name__)


class Failures:
    """Logs what goes wrong, with these first words; the same again and again once a minute."""

    def __init__(self, failing: str) -> None:
        self._failing = failing
        self._logged: dict[str, float] = {}

    def log(self, error: Exception) -> None:
        """One more failure, after which it is tried again."""
        why, now = first_line(error).rstrip("."), time.monotonic()
        if now - self._logged.get(why, -TELL_EVERY) >= TELL_EVERY:
            self._logged = {w: at for w, at in self._logged.items() if now - at < TELL_EVERY}
            self._logged[why] = now
            log.error("%s: %s. Trying again.", self._failing, why)
        log.debug("Why:", exc_info=True)


def do_alone(
    store: Store,
    lock: str,
    ending: Event,
    begin: Callable[[Event, Mine], Iterable[Thread]],
    *,
    failing: str,
) -> None:
    """Has one process at a time do the work behind the lock, until `ending` is set.

    `begin` gives its threads, to be started, which end once the event that it is given is set: this
    process is to end, or has lost the lock. What goes wrong is logged, with `failing` as its first
    words.
    """
    failures = Failures(failing)
    while not ending.is_set():
        try:
            with keeping(store, lock) as mine:
                if mine():
                    _do(ending, mine, begin)
        except Exception as error:
            failures.log(error)
        ending.wait(TRY_EVERY)


def _do(ending: Event, mine: Mine, begin: Callable[[Event, Mine], Iterable[Thread]]) -> None:
    leaving, threads = Event(), list[Thread]()
    try:
        for thread in begin(leaving, mine):
            thread.start()
            threads.append(thread)
        while mine() and not ending.wait(KEEP_EVERY):
            pass
    finally:
        leaving.set()
        for thread in threads:
            thread.join(timeout=LEAVE_WITHIN)


def round_of(
    store: Store, ending: Event, look: Callable[[], float], *, every: float, failing: str, name: str
) -> Thread:
    """A thread, to be started, that does `go_round`."""
    given, more = (store, ending, look), {"every": every, "failing": failing}
    return Thread(target=go_round, args=given, kwargs=more, name=name, daemon=True)


def go_round(
    store: Store, ending: Event, look: Callable[[], float], *, every: float, failing: str
) -> None:
    """Calls `look` until `ending` is set: each `every` seconds in which something was written.

    `look` returns after how many seconds it wants to be called all the same. What goes wrong is
    logged, with `failing` as its first words, and tried again.
    """
    failures = Failures(failing)
    while not ending.is_set():
        try:
            with watched(store) as written:
                _go_round(ending, look, written, every)
        except Exception as error:
            failures.log(error)
            ending.wait(max(every, RETRY_AFTER))


def _go_round(
    ending: Event, look: Callable[[], float], written: Callable[[], bool], every: float
) -> None:
    latest = 0.0
    while not ending.is_set():
        if written() or time.monotonic() >= latest:
            latest = time.monotonic() + look()
        ending.wait(every)
