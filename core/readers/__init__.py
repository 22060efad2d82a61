"""Sources are read for pages and runs in processes of their own, in bounds of memory and time.

What a file costs ends such a process, not the server and its runs. Only a server has them; any
other process, such as a command, reads by itself.

    @by_reader
    def rows(store: Store, row: SourceRow, progress: Progress | None = None) -> int: ...

A process is used again, for it takes half a second to start, unless it has grown. One that has
nothing to do for IDLE_SECONDS ends, and any of them with the process that started it.
"""

import inspect
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import wraps
from multiprocessing import Pipe
from signal import SIGABRT, SIGKILL
from threading import BoundedSemaphore, Lock
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from core.errors import SourceFailed
from core.profiles.sources import silent
from core.profiles.sources.work import drop_abandoned
from core.readers import bounds
from core.readers.process import IDLE_SECONDS, PROGRESS, Failure
from core.settings import Settings
from core.store import Store
from core.texts import _

AT_ONCE = 3  # processes; whoever comes later waits for one
FOR_PAGES = AT_ONCE - 1  # of them, so that no run waits for pages
GROWN = 512  # megabytes: one that needed so much memory is ended, to give it back
LOOK_EVERY = 0.1  # seconds between two calls of the progress, which may raise to stop the work
# Not by multiprocessing: it would run the page that is open as the new process's main program.
START = "import sys; sys.path[:] = {path!r}; from core.readers.process import serve; serve({pipe})"

P = ParamSpec("P")
T = TypeVar("T")
Reading = Callable[Concatenate[Store, P], T]


def by_reader(function: Reading[P, T]) -> Reading[P, T]:
    """The function, done by a reader where there are some; arguments and result are pickled.

    Raises what the function raises, and SourceFailed where it goes beyond a bound.
    """
    return _by_reader(function, for_run=False)


def by_reader_for_run(function: Reading[P, T]) -> Reading[P, T]:
    """As `by_reader`, for what runs do: pages never take all readers."""
    return _by_reader(function, for_run=True)


def _by_reader(function: Reading[P, T], for_run: bool) -> Reading[P, T]:
    @wraps(function)
    def call(store: Store, *args: P.args, **kwargs: P.kwargs) -> T:
        if store.runtime.read is None:
            return function(store, *args, **kwargs)
        given = dict(inspect.signature(function).bind(store, *args, **kwargs).arguments)
        del given[next(iter(given))]  # the store: a reader opens its own
        return cast(T, store.runtime.read(call, given, for_run))

    return cast(Reading[P, T], call)


class Readers:
    """The processes of one server; `call` is what a store's runtime takes as `read`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._all, self._for_pages = BoundedSemaphore(AT_ONCE), BoundedSemaphore(FOR_PAGES)
        self._lock = Lock()
        self._idle: list[_Reader] = []

    def call(self, function: Callable[..., Any], given: Mapping[str, Any], for_run: bool) -> Any:
        """What the function gives for these arguments. Raises what it raises, SourceFailed."""
        report = given.get(PROGRESS) or silent
        arguments = {name: value for name, value in given.items() if name != PROGRESS}
        with self._turn(for_run, report):
            found = self._work(function, arguments, report)
        if isinstance(found, Failure):
            raise found.error()
        return found

    def close(self) -> None:
        """Ends those that have nothing to do."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()

    @contextmanager
    def _turn(self, for_run: bool, report: Any) -> Iterator[None]:
        with ExitStack() as stack:
            for free in [self._all] if for_run else [self._for_pages, self._all]:
                while not free.acquire(timeout=LOOK_EVERY):
                    report(0.0, _("Waiting while other sources are being read"))
                stack.callback(free.release)
            yield

    def _work(self, function: Callable[..., Any], given: Mapping[str, Any], report: Any) -> Any:
        reader = self._taken()
        try:
            found = reader.work(function, given, report)
        except BaseException:
            reader.end()  # what it still does nobody waits for
            drop_abandoned(self._settings.cache)
            raise
        if reader.has_grown:
            reader.end()
            return found
        with self._lock:
            self._idle.append(reader)
        return found

    def _taken(self) -> "_Reader":
        with self._lock:
            while self._idle:
                if (reader := self._idle.pop()).is_ready():
                    return reader
                reader.end()
        return _Reader(self._settings)


class _Reader:
    """One process, and our end of the pipe to it."""

    def __init__(self, settings: Settings) -> None:
        self.has_grown = False
        self._settings = settings
        self._used = time.monotonic()
        self._pipe, theirs = Pipe()
        start = START.format(path=sys.path, pipe=theirs.fileno())
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-c", start], pass_fds=[theirs.fileno()]
        )
        theirs.close()
        self._pipe.send(settings)

    def is_ready(self) -> bool:
        """Whether it surely waits for work: it ends by itself where there is none for long."""
        return time.monotonic() - self._used < IDLE_SECONDS / 2 and self._process.poll() is None

    def work(self, function: Callable[..., Any], given: Mapping[str, Any], report: Any) -> Any:
        """What the function gave, or a Failure. Raises SourceFailed, or what `report` raises."""
        end = time.monotonic() + self._settings.reading_time
        latest = (0.0, _("Reading the source"))
        try:
            self._pipe.send((function, given))
            while time.monotonic() < end:
                if self._pipe.poll(LOOK_EVERY):
                    memory, found = self._pipe.recv()  # no memory: it is only progress
                    if memory is not None:
                        self._used, self.has_grown = time.monotonic(), memory > GROWN
                        return found
                    latest = found
                report(*latest)
        except (EOFError, OSError):
            raise self._ended() from None
        raise bounds.too_much_time(self._settings)

    def end(self) -> None:
        """Ends the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    def _ended(self) -> SourceFailed:
        """Why it ended by itself: by its own look at its memory, by polars, or by the system."""
        if self._process.wait() in (bounds.TOO_MUCH, -SIGABRT, -SIGKILL):
            return bounds.too_much_memory(self._settings)
        text = _("Reading the source stopped unexpectedly. The server's log may say why.")
        return SourceFailed(text)
