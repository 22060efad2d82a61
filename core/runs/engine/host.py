"""Carries the runs of a data folder: starts queued ones, finishes interrupted ones."""

import math
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from core.runs import refreshing
from core.runs.engine.durable import PAUSE, UNDER_WAY, Engine
from core.runs.engine.rounds import round_of
from core.runs.engine.worker import Worker
from core.runs.steps import begun
from core.store import Store, runs
from core.store.failures import is_of_database
from core.store.locks import ALWAYS_MINE, Mine
from core.store.tables.runs import Run, RunKind, RunStatus
from core.texts import _

POLL_EVERY = 0.1  # seconds
ROUND = 0.5  # seconds between two looks at runs under way, though nothing was written
REST_AFTER = 30.0  # seconds without anything under way
ACCOUNTS_AT_ONCE = 4  # that one process carries runs of
HEAD_START = 2.0  # seconds that others have for each run that a process carries already
SECONDS_TO_LEAVE = 6.0  # for steps in flight, such as the request with a batch


class Host:
    """Holds the data folder's engine while it lives; use it as a context manager.

    Each `poll_every` seconds it looks, at next to no cost, whether anybody has asked for a run.
    Where nobody has for `rest_after` seconds the engine rests, for it would go on asking its own
    database. At its end steps in flight have `leave_within` seconds. Of several processes that have
    the engine each run is carried by one, and an idle one begins the next; what `mine` says is no
    more this one's is left before its next request.
    """

    def __init__(
        self,
        store: Store,
        poll_every: float = POLL_EVERY,
        rest_after: float = REST_AFTER,
        leave_within: float = SECONDS_TO_LEAVE,
        mine: Mine = ALWAYS_MINE,
    ) -> None:
        self._store = store
        self._rest_after = rest_after
        self._leave_within = leave_within
        self._steps_store = store.without_patience()  # a run says that it waits, and goes on
        self._worker = Worker(self._steps_store)
        self._engine = Engine(store, self._worker, rest=poll_every, mine=mine)
        self._shared = mine.shared
        self._busy_at = time.monotonic()
        self._ending = threading.Event()
        self._rounds = round_of(
            store,
            self._ending,
            self._look,
            every=poll_every,
            failing="Runs can't be looked at",
            name="runs",
        )

    def __enter__(self) -> Self:
        begun.let_go(self._store)
        self._engine.launch()
        self._rounds.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Leaves runs where they are: whoever has the engine next goes on with them."""
        self._ending.set()
        if self._rounds.is_alive():
            self._rounds.join(timeout=10)
        self._engine.close(self._leave_within)
        self._worker.leave()
        self._steps_store.close()

    @property
    def is_awake(self) -> bool:
        """Whether the engine is launched: it rests while there is nothing to do."""
        return self._engine.is_launched

    def until_done(
        self, followed: Iterable[Run], seconds: float, mine: Callable[[], bool] = lambda: True
    ) -> None:
        """Waits until nothing more is done about these runs: an ended one is still read back.

        Or until the engine isn't `mine` any more, which is asked meanwhile.
        """
        end = time.monotonic() + seconds
        for run in followed:
            while self._is_under_way(run) and mine() and time.monotonic() < end:
                time.sleep(PAUSE)

    def _is_under_way(self, run: Run) -> bool:
        """Also while the engine's database is away."""
        if self._engine.carries(run):
            return True
        try:
            status = self._engine.status(run)
        except Exception as error:
            if not is_of_database(error):
                raise
            return True
        return status is not None and status.status in UNDER_WAY

    def _look(self) -> float:
        """Starts what nobody has started: the row is the order, so none is lost in between.

        Returns after how many seconds to look again though nothing is written.
        """
        with self._store.begin() as session:
            waiting = _in_turn(runs.active(session))
            settling = runs.settling(session)
        if waiting or settling:
            self._engine.launch()
            self._start_all(waiting, {run.account for run in settling if run.is_recording})
        for run in settling:
            self._go_on(run)
        under_way = self._engine.take_up_abandoned()
        if waiting or under_way:
            self._busy_at = time.monotonic()
            return ROUND  # a run may break off
        return self._rest()

    def _go_on(self, run: Run) -> None:
        """With a run that has ended, where its workflow doesn't."""
        if self._engine.carries(run):
            return
        status = self._engine.status(run)
        if status is None:  # the engine has lost its database
            self._engine.start(run)
        elif run.is_recording and status.status not in UNDER_WAY:
            with self._engine.alone_with(run) as alone:
                if alone and self._now(run).is_recording:
                    self._worker.finish_again(run.id)

    def _start_all(self, waiting: list[Run], recording: set[str]) -> None:
        """One account takes one run at a time, and none while its ledger is `recording`.

        A run waits while a refresh reads its source.
        """
        begun = {run.id: self._is_begun(run) for run in waiting}
        busy = recording | {run.account for run in waiting if begun[run.id]}
        carried = sum(self._engine.carries(run) for run in waiting)
        for run in self._ready([run for run in waiting if not begun[run.id]]):
            if run.account in busy or not self._is_to_start(run, carried):
                continue
            self._engine.start(run)
            busy.add(run.account)
            carried += 1

    def _is_to_start(self, run: Run, carried: int) -> bool:
        """Whether this process is to start it, which carries so many; idler ones come first."""
        if carried >= ACCOUNTS_AT_ONCE:
            return False
        passed = (self._store.clock() - run.created_at).total_seconds()
        if self._shared is None or passed >= carried * HEAD_START:
            return True
        return not self._shared.has_others()

    def _ready(self, waiting: list[Run]) -> list[Run]:
        """Those of them whose source no refresh reads now."""
        taken, waits = refreshing.under_way(self._store), self._store.runtime.waits
        ready = []
        for run in waiting:
            if taken and run.kind == RunKind.export and run.order.source_id in taken:
                waits.begin(run.id, refreshing.WAITING)
            else:
                waits.end(run.id)
                ready.append(run)
        return ready

    def _is_begun(self, run: Run) -> bool:
        """Whether the engine has the run; one that it broke off is given up."""
        if self._engine.carries(run):
            return True
        status = self._engine.status(run)
        if status is not None and status.status not in UNDER_WAY:
            self._give_up(run, status.error)
        return status is not None

    def _give_up(self, run: Run, error: Exception | None) -> None:
        """Unless another process has, or it has come to its end since it was looked at."""
        with self._engine.alone_with(run) as alone:
            if alone and (self._now(run).status, self._now(run).holds) == (run.status, run.holds):
                self._worker.give_up(run.id, _reason(run, error))

    def _now(self, run: Run) -> Run:
        with self._store.begin() as session:
            return runs.find(session, run.id)

    def _rest(self) -> float:
        """Closes the engine once nothing was under way for a while; seconds until then."""
        left = self._busy_at + self._rest_after - time.monotonic()
        if left > 0 and self._engine.is_launched:
            return left
        self._engine.close()
        return math.inf


def _in_turn(active: list[Run]) -> list[Run]:
    """Those that may go on, in the order in which they were asked for, claims first.

    Of a split only the first part that has not ended: the others wait for it.
    """
    first: dict[int, Run] = {}
    for run in sorted(active, key=lambda run: run.part):
        first.setdefault(run.first_id or run.id, run)
    going_on = [run for run in first.values() if run.status != RunStatus.held]
    return sorted(going_on, key=lambda run: (not run.claimed, run.id))


def _reason(run: Run, error: Exception | None) -> str:
    why = str(error or _("the engine gave up")).rstrip(".")
    return _("Run {run} stopped unexpectedly: {why}. Retry it to send what is undelivered.").format(
        run=run.id, why=why
    )
