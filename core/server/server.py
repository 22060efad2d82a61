"""What runs beside the pages: the engine, and the local Klaviyo where it is wanted."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from types import TracebackType
from typing import Self

from core import traces
from core.access import operator
from core.alerts import worker
from core.audience import kept
from core.backup import backups
from core.connections import checks
from core.errors import SegferryError
from core.person import erasing
from core.readers import Readers
from core.runs import removal
from core.runs.engine.rounds import Failures, round_of
from core.runs.engine.timer import keep
from core.server import sign_in
from core.server.demo import loading
from core.server.sandbox import LocalKlaviyo
from core.store import Store, connections, rights
from core.store.locks import KEEP_EVERY, Mine, keeping, serving
from core.texts import _

DEMO = "SEGFERRY_DEMO"  # set by `serve --demo` for the server that it starts
WATCH_EVERY = 2.0  # seconds
SWEEP_EVERY = 3600.0  # seconds; what it removes has been there for a day
LOOK_EVERY = 60.0  # seconds, though nothing was written; each connection is asked once a day
LEAVE_ALERTS_WITHIN = 3.0  # seconds; what is on its way then goes out once more
TRY_EVERY = 1.0  # seconds; a command may hold the engine for a while


class Server:
    """What a dashboard, or a worker without pages, does by itself; use it as a context manager.

    Several over one PostgreSQL carry runs, each run one of them; one follows the schedules, and one
    delivers alerts. The others take over where it ends.
    """

    def __init__(
        self, store: Store, say: Callable[[str], None], *, has_pages: bool, readiness: str = ""
    ) -> None:
        self._store = store
        self._say = say
        self._has_pages = has_pages
        self._readiness = readiness
        self._serves: Callable[[], bool] = lambda: True
        self._ending = threading.Event()
        self._engine = threading.Thread(target=self._carry, name="engine", daemon=True)
        self._watch = round_of(
            store,
            self._ending,
            self._look_after,
            every=WATCH_EVERY,
            failing="Connections and uploads can't be looked at",
            name="watch",
        )
        self._schedules = threading.Thread(
            target=keep, args=(store, self._ending), name="schedules", daemon=True
        )
        self._alerts = threading.Thread(
            target=worker.keep, args=(store, self._ending), name="alerts", daemon=True
        )
        self._swept_at = 0.0  # by the monotonic clock
        self._stack = ExitStack()
        self._local = LocalKlaviyo(store.settings.home / "sandbox")

    @classmethod
    def open(
        cls,
        store: Store,
        say: Callable[[str], None],
        *,
        has_pages: bool = True,
        readiness: str = "",
    ) -> Self:
        """The server of this process; `say` takes lines for whoever started it.

        One of them is `readiness`, once runs are carried. Raises Conflict where there is another
        server on SQLite.
        """
        server = cls(store, say, has_pages=has_pages, readiness=readiness)
        server._serves = server._stack.enter_context(serving(server._store))
        return server

    def __enter__(self) -> Self:
        self._stack.callback(self._gone)
        self._stack.callback(traces.watch(self._store.settings.log_format))
        self._store.runtime.start_sandbox = self.sandbox
        if self._has_pages:
            self._prepare_pages()
        self._sweep()
        self._close_to_others()
        readers = Readers(self._store.settings)
        self._store.runtime.read = readers.call
        self._stack.callback(readers.close)
        self._engine.start()
        self._watch.start()
        self._schedules.start()
        self._alerts.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._ending.set()
        for work in (self._store.runtime.demo, self._store.runtime.backup):
            if work:
                work.stop()
        self._engine.join(timeout=15)
        self._watch.join(timeout=15)
        self._schedules.join(timeout=15)
        self._alerts.join(timeout=LEAVE_ALERTS_WITHIN)
        self._stack.close()

    def _prepare_pages(self) -> None:
        loading.sweep(self._store.settings)
        if os.environ.get(DEMO):
            self._bring_demo()
        self._resume_sandbox()
        self._announce_set_up()

    def _carry(self) -> None:
        """Carries runs, on PostgreSQL together with others, as soon as no command does."""
        failures = Failures("The engine can't start, so no run goes on")
        while not self._ending.is_set():
            try:
                with keeping(self._store, is_shared=True) as mine:
                    leads = mine()
                    self._store.runtime.led_elsewhere = not leads
                    self._announce_readiness(not leads)
                    if leads:
                        self._host(mine)
            except Exception as error:
                self._store.runtime.led_elsewhere = False  # nobody knows
                failures.log(error)
            self._ending.wait(TRY_EVERY)

    def _look_after(self) -> float:
        """Sweeps hourly, finishes removals and erasures, looks at connections."""
        self._serves()  # PostgreSQL may have ended the session that says so
        if time.monotonic() - self._swept_at > SWEEP_EVERY:
            self._sweep()
        removal.finish_all(self._store)
        checks.check_due(self._store)
        erasing.resume(self._store)
        return LOOK_EVERY

    def _sweep(self) -> None:
        """Removes copies and uploads that no source needs, and what was left of making backups."""
        kept.sweep(self._store)
        backups.sweep(self._store.settings)
        self._swept_at = time.monotonic()

    def _host(self, mine: Mine) -> None:
        """Until the end, or until a command carries the runs, as this process was stopped."""
        from core.runs.engine.host import Host

        with Host(self._store, mine=mine), self._leading():
            while mine() and not self._ending.wait(KEEP_EVERY):
                pass

    @contextmanager
    def _leading(self) -> Iterator[None]:
        """For whoever asks whether this process is ready."""
        self._store.runtime.leads = True
        self._announce_readiness(True)
        try:
            yield
        finally:
            self._store.runtime.leads = False

    def _announce_readiness(self, are_carried: bool) -> None:
        """Once, as soon as runs are carried, by this process or a command."""
        if are_carried and self._readiness:
            self._say(self._readiness)
            self._readiness = ""

    def _close_to_others(self) -> None:
        """Says what stays open in the data folder, which holds profiles, and to do about it."""
        mended, left = rights.mend(self._store.settings)
        if mended:
            text = _("Files and folders of {home} that were open to others are now closed: {n}.")
            self._say(text.format(home=self._store.settings.home, n=mended))
        if left:
            text = _("Others may read {path} and {n} more. See “segferry doctor”.")
            self._say(text.format(path=left[0], n=len(left) - 1))

    def _announce_set_up(self) -> None:
        """Only who reads this console can become the first administrator."""
        if code := sign_in.set_up_code(self._store):
            self._say(
                _("No administrator yet. The one-time code for set-up: {code}").format(code=code)
            )

    def _bring_demo(self) -> None:
        from core.sandbox import demo

        url = self.sandbox()
        seeded = demo.seed(self._store, operator(), url, date.today())
        if seeded.new:
            loading.begin(self._store, operator())
        self._say(
            _("Demo: exports {exports}, to the local Klaviyo on {url}").format(
                exports=", ".join(seeded.exports), url=url
            )
        )
        for name, role, password in demo.sign_ins(self._store, operator()):
            self._say(
                _("Sign in as {name} ({role}): {password}").format(
                    name=name, role=role, password=password
                )
            )

    def sandbox(self) -> str:
        """The address of the local Klaviyo, which runs from now on until the server ends.

        Raises StorageFailed.
        """
        return self._local.begin()

    def _resume_sandbox(self) -> None:
        """Where connections go to it, it listens again at their address, or says why it can't."""
        with self._store.begin() as session:
            used = any(self._local.kept_at(row.base_url) for row in connections.everything(session))
        if used:
            try:
                self._local.begin(moves=False)
            except SegferryError as error:
                self._say(str(error))

    def _gone(self) -> None:
        self._store.runtime.start_sandbox = None
        self._local.close()
