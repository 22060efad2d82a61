"""Sources are read for pages and runs in processes of their own, in bounds of memory and time.

What a file costs ends such a process, not the server and its runs. Only a server has them; any
other process, such as a command, reads by itself.

    @by_reader
    def rows(store: Store, row: SourceRow, progress: Progress | None = None) -> int: ...

A process is used again, for it takes half a second to start, unless it has grown. One that has
nothing to do for IDLE_SECONDS ends, and any of them with the process that started it.
"""

import inspect
import os
import re
import resource
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, wraps
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from signal import SIGABRT, SIGKILL
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from core.errors import SourceFailed
from core.profiles.sources import silent
from core.settings import Settings
from core.store import Store, open_store
from core.texts import _

AT_ONCE = 3  # processes; whoever comes later waits for one
IDLE_SECONDS = 300.0
GROWN = 512  # megabytes: one that needed so much memory is ended, to give it back
LOOK_EVERY = 0.1  # seconds between two calls of the progress, which may raise to stop the work
MEGABYTE = 1 << 20
PEAK = re.compile(r"^VmHWM:\s*(\d+) kB", re.MULTILINE)
PROGRESS = "progress"  # the argument that is called while the work goes on
# Not by multiprocessing: it would run the page that is open as the new process's main program.
START = "import sys; sys.path[:] = {path!r}; from core.readers import serve; serve({pipe})"

P = ParamSpec("P")
T = TypeVar("T")
Reading = Callable[Concatenate[Store, P], T]


def by_reader(function: Reading[P, T]) -> Reading[P, T]:
    """The function, done by a reader where there are some; arguments and result are pickled.

    Raises what the function raises, and SourceFailed where it goes beyond a bound.
    """

    @wraps(function)
    def call(store: Store, *args: P.args, **kwargs: P.kwargs) -> T:
        if store.runtime.read is None:
            return function(store, *args, **kwargs)
        given = dict(inspect.signature(function).bind(store, *args, **kwargs).arguments)
        del given[next(iter(given))]  # the store: a reader opens its own
        return cast(T, store.runtime.read(call, given))

    return cast(Reading[P, T], call)


class Readers:
    """The processes of one server; `call` is what a store's runtime takes as `read`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free = BoundedSemaphore(AT_ONCE)
        self._lock = Lock()
        self._idle: list[_Reader] = []

    def call(self, function: Callable[..., Any], given: Mapping[str, Any]) -> Any:
        """What the function gives for these arguments. Raises what it raises, SourceFailed."""
        report = given.get(PROGRESS) or silent
        arguments = {name: value for name, value in given.items() if name != PROGRESS}
        while not self._free.acquire(timeout=LOOK_EVERY):
            report(0.0, _("Waiting while other sources are being read"))
        try:
            found = self._work(function, arguments, report)
        finally:
            self._free.release()
        if isinstance(found, _Failure):
            raise found.error()
        return found

    def close(self) -> None:
        """Ends those that have nothing to do."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()

    def _work(self, function: Callable[..., Any], given: Mapping[str, Any], report: Any) -> Any:
        reader = self._taken()
        try:
            found = reader.work(function, given, report)
        except BaseException:
            reader.end()  # what it still does nobody waits for
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


class _Failure:
    """An error on its way from one process to another; its causes stay behind."""

    def __init__(self, error: BaseException) -> None:
        self._kind, self._args, self._more = type(error), error.args, vars(error)

    def error(self) -> BaseException:
        """As it was raised: not made anew, for errors take other arguments than they keep."""
        made: BaseException = self._kind.__new__(self._kind, *self._args)
        vars(made).update(self._more)
        return made


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
        """What the function gave, or a _Failure. Raises SourceFailed, or what `report` raises."""
        end = time.monotonic() + self._settings.reading_time
        told = (0.0, _("Reading the source"))
        try:
            self._pipe.send((function, given))
            while time.monotonic() < end:
                if self._pipe.poll(LOOK_EVERY):
                    memory, found = self._pipe.recv()  # no memory: it is only progress
                    if memory is not None:
                        self._used, self.has_grown = time.monotonic(), memory > GROWN
                        return found
                    told = found
                report(*told)
        except (EOFError, OSError):
            raise self._ended() from None
        text = _("Reading the source took more than {n} seconds, so it was stopped. {hint}")
        seconds = f"{self._settings.reading_time:,.0f}"
        raise SourceFailed(text.format(n=seconds, hint=_hint("SEGFERRY_READING_TIME")))

    def end(self) -> None:
        """Ends the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    def _ended(self) -> SourceFailed:
        """Why it ended by itself: at the bound of memory polars ends its process."""
        if self._process.wait() in (-SIGABRT, -SIGKILL):
            return _too_much_memory(self._settings)
        text = _("Reading the source stopped unexpectedly. The server's log may say why.")
        return SourceFailed(text)


def serve(descriptor: int) -> None:
    """Does what is asked over the pipe, until nobody asks for a while or the other end is closed.

    Memory is bounded by what is written to, not by addresses: a mapped file costs nothing.
    """
    pipe = Connection(descriptor)
    Thread(target=_end_with_server, args=(descriptor,), daemon=True).start()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        settings = pipe.recv()
        most = settings.reading_memory * MEGABYTE
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        while pipe.poll(IDLE_SECONDS):
            outcome = _outcome(pipe, settings, *pipe.recv())
            pipe.send((_most_memory(), outcome))


def _end_with_server(descriptor: int) -> None:
    """Ends this process once the pipe's other end is closed: its server is gone.

    Whoever is the server next may freeze the same run meanwhile, into the same files.
    """
    hung_up = select.poll()
    hung_up.register(descriptor, 0)
    hung_up.poll()
    os._exit(1)


def _outcome(
    pipe: Connection, settings: Settings, function: Callable[..., Any], given: dict[str, Any]
) -> Any:
    if PROGRESS in inspect.signature(function).parameters:
        given[PROGRESS] = lambda share, doing: pipe.send((None, (share, doing)))
    try:
        return function(_store(settings), **given)
    except MemoryError:
        return _Failure(_too_much_memory(settings))
    except Exception as error:
        return _Failure(error)


def _too_much_memory(settings: Settings) -> SourceFailed:
    text = _("Reading the source took more than {n} MB of memory, so it was stopped. {hint}")
    megabytes = f"{settings.reading_memory:,}"
    return SourceFailed(text.format(n=megabytes, hint=_hint("SEGFERRY_READING_MEMORY")))


def _hint(setting: str) -> str:
    return _("Make its files smaller, or allow more with {setting}.").format(setting=setting)


def _most_memory() -> float:
    """What this process ever needed, in megabytes.

    Linux tells it here; in `getrusage` it counts what the process needed that started this one.
    """
    with suppress(OSError):
        if found := PEAK.search(Path("/proc/self/status").read_text()):
            return int(found[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (MEGABYTE if sys.platform == "darwin" else 1024)


@cache
def _store(settings: Settings) -> Store:
    return open_store(settings)
