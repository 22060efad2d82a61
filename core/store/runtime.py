"""What the threads of one process share about an installation, whoever of them uses its store."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from core.destinations.limits import Limits
from core.errors import SegferryError, Stopped
from core.store.passwords import Hashing
from core.texts import _

log = logging.getLogger(__name__)


class Waits:
    """What runs of this process wait for, in sentences; for any thread.

    Kept in memory, for the run may wait for the very database that pages read.
    """

    def __init__(self) -> None:
        self._found: dict[int, tuple[str, float]] = {}
        # Raises something that ends a wait where its thread is to leave the run to others.
        self.leave_if_stopping: Callable[[], None] = lambda: None
        # The same where others have taken the run: what was begun isn't finished any more.
        self.leave_if_overtaken: Callable[[], None] = lambda: None

    def begin(self, run_id: int, sentence: str) -> None:
        """The run waits, and has since the first call, for what the sentence says."""
        _former, since = self._found.get(run_id, ("", time.monotonic()))
        self._found[run_id] = sentence, since

    def end(self, run_id: int) -> None:
        """The run goes on."""
        self._found.pop(run_id, None)

    def sentence(self, run_id: int) -> str | None:
        """What it waits for; None while it doesn't."""
        found = self._found.get(run_id)
        return found[0] if found else None

    def seconds(self, run_id: int) -> float:
        """For how long it has waited by now."""
        found = self._found.get(run_id)
        return time.monotonic() - found[1] if found else 0.0


class Visitors:
    """Spaces out the pages that people at one address open who aren't signed in.

    Else whoever opens many of them would take the processor from those who work: drawing one takes
    20 ms of it, most of them in Streamlit.
    """

    GAP, LONGEST = 0.1, 5.0  # seconds from one page to the next, and that anybody waits

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._counting = Lock()
        self._next: dict[str, float] = {}  # by address: when the next page may be drawn

    def wait(self, address: str) -> None:
        """Until it is the page's turn."""
        with self._counting:
            now = self._clock()
            self._next = {one: at for one, at in self._next.items() if at > now}
            at = min(self._next.get(address, now), now + self.LONGEST)
            self._next[address] = at + self.GAP
        if at > now:
            self._sleep(at - now)


class LongWork:
    """Work in a thread of its own, as whoever looks at it sees it; for any thread."""

    def __init__(self, doing: str) -> None:
        self.share = 0.0
        self.doing = doing  # a sentence
        self.problem: str | None = None  # what it failed with
        self.outcome: str | None = None  # what it ended with, where that is to be said
        self.is_done = False
        self.is_taken_back = False  # once it was stopped, what it made is removed
        self._stop_requested = False

    def report(self, share: float, doing: str) -> None:
        """How far it is, from 0 to 1. Raises Stopped once somebody wants it to stop."""
        if self._stop_requested:
            raise Stopped(_("Stopped."))
        self.share, self.doing = share, doing

    def stop(self, takes_back: bool = False) -> None:
        """Ends it at its next report; with `takes_back` what it has made is removed then."""
        self.is_taken_back |= takes_back
        self._stop_requested = True

    def carry(self, do: Callable[[], str | None], failed: str) -> None:
        """Does it to its end; what goes wrong is its problem, and `failed` opens the log's line."""
        try:
            self.outcome = do()
        except Stopped:
            return
        except SegferryError as error:
            self.problem = str(error)
            log.warning("%s: %s", failed, error)
        except Exception:
            self.problem = _("An error that nobody foresaw; the log has it.")
            log.exception("%s.", failed)
        finally:
            self.is_done = True

    @property
    def is_stopping(self) -> bool:
        """Whether somebody wants it to stop."""
        return self._stop_requested


@dataclass(slots=True)
class Runtime:
    """One for each store, and so one a process: runs and pages count their requests together."""

    limits: Limits = field(default_factory=Limits)  # destinations count requests per account
    waits: Waits = field(default_factory=Waits)
    hashing: Hashing = field(default_factory=Hashing)
    visitors: Visitors = field(default_factory=Visitors)
    leads: bool = False  # whether this process carries the runs
    led_elsewhere: bool = False  # whether another one had the engine when this one tried last
    totals: Any = None  # what was measured of ended runs, remembered from look to look
    start_sandbox: Callable[[], str] | None = None  # its address; set while a server runs here
    demo: LongWork | None = None  # the making of the demo, the last one
    backup: LongWork | None = None  # the making or checking of a backup, the last one
    beginning: Lock = field(default_factory=Lock)  # held while long work is begun
    # Does such a function, given its arguments, for a run or not, in a process of its own, see
    # `core.readers`.
    read: Callable[[Callable[..., Any], Mapping[str, Any], bool], Any] | None = None
