"""One state of a database, read through a driver: what is asked is bounded, stopped, translated."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillWorking
from contextlib import contextmanager, suppress
from functools import partial
from math import inf
from typing import Any, TypeVar

import pyarrow as pa

from core.errors import SegferryError, SourceFailed
from core.profiles.sources import Progress, silent
from core.profiles.sources.databases import confined
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.columns import Column
from core.profiles.sources.databases.drivers import Driver, Types, open_driver
from core.profiles.sources.databases.engines import ENGINES, Engine
from core.profiles.sources.databases.failures import sentence
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.databases.worker import Worker
from core.texts import _

PATIENCE = 10.0  # seconds in which a server has to end what was cancelled
LOOK_EVERY = 0.1  # seconds between two calls of the progress, which may raise to stop the work
T = TypeVar("T")


class Session:
    """A connection that is open until `close`. Whatever fails is SourceFailed, with a sentence.

    `label` is how sentences call the source. A statement of more than `seconds` is cancelled, and
    so is one while which the progress raises.
    """

    def __init__(
        self, address: Address, label: str, seconds: float, progress: Progress | None = None
    ) -> None:
        self._address, self._label, self._seconds = address, label, seconds
        self._report = progress or silent
        self._worker, self._looked = Worker(), time.monotonic()
        self._end = inf  # of all statements
        self._driver: Driver | None = None
        try:
            self._done(self._connect)
        except BaseException:
            self.close()  # it may have been connected too late
            raise

    @property
    def engine(self) -> Engine:
        """What the server is, whatever its URL calls it: MariaDB is often called MySQL."""
        return ENGINES[self._open.engine]

    def columns(self, base: str) -> list[Column]:
        """The columns of what stands after `from`. Raises SourceFailed."""
        return self._done(lambda: self._open.columns(base))

    def tables(self) -> list[str]:
        """Tables and views that may be read, as a source names them. Raises SourceFailed."""
        return self._done(lambda: self._open.tables())

    def batches(self, sql: str, types: Types, losses: Losses) -> Iterator[pa.RecordBatch]:
        """The rows of a statement, batch by batch; `losses` say what didn't arrive as it is.

        Raises SourceFailed.
        """
        if self._end < (now := time.monotonic()):
            raise self._failed(TimeoutError("statement timeout"))
        end = min(now + self._seconds, self._end)
        found = self._done(lambda: self._open.batches(sql, types, losses), end)
        coming = self._worker.submit(lambda: next(found, None))
        while (batch := self._translated(partial(self._waited, coming, end))) is not None:
            coming = self._worker.submit(lambda: next(found, None))  # while this one is worked on
            yield batch
            if time.monotonic() - self._looked > LOOK_EVERY:  # they may come more often
                self._look(end, coming)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """All statements within it take so long together at most; SourceFailed ends the last."""
        self._end = time.monotonic() + seconds
        try:
            yield
        finally:
            self._end = inf

    def close(self) -> None:
        """Ends the session."""
        if self._driver is not None:
            driver, self._driver = self._driver, None
            _wait(self._worker.submit(driver.close))
        self._worker.end()

    def _connect(self) -> None:
        self._driver = open_driver(self._address, self._seconds)
        confined.check_opened(self._address)

    @property
    def _open(self) -> Driver:
        if self._driver is None:
            raise SourceFailed(_("{name} is closed.").format(name=self._label))
        return self._driver

    def _done(self, work: Callable[[], T], end: float | None = None) -> T:
        """What the work gives, done beside this thread, which looks whether to stop it."""
        end = min(end or time.monotonic() + self._seconds, self._end)
        future: Future[T] = self._worker.submit(work)
        return self._translated(partial(self._waited, future, end))

    def _translated(self, work: Callable[[], T]) -> T:
        """What the work gives; whatever fails in it is SourceFailed."""
        try:
            return work()
        except SegferryError:
            raise
        except Exception as error:
            raise self._failed(error) from None

    def _waited(self, future: Future[T], end: float) -> T:
        while True:
            try:
                return future.result(LOOK_EVERY)
            except StillWorking:
                if future.done():
                    return future.result()
            self._look(end, future)

    def _look(self, end: float, future: Future[Any] | None = None) -> None:
        """Whether to go on; raises what the progress raises, SourceFailed after the end."""
        self._looked = time.monotonic()
        try:
            self._report(0.0, _("Reading the database"))
            if self._looked > end:
                raise self._failed(TimeoutError("statement timeout"))
        except BaseException:
            self._cancel(future)
            raise

    def _cancel(self, future: Future[Any] | None) -> None:
        """Ends the statement in the database, and waits until it is ended.

        A server that is silent ends nothing: then the work is left to itself.
        """
        if self._driver is not None:
            beside = Worker()
            _wait(beside.submit(self._driver.cancel))
            beside.end()
        if future is not None:
            _wait(future)

    def _failed(self, error: BaseException) -> SourceFailed:
        why = sentence(error, self._address, self._seconds)
        return SourceFailed(_("{name}: {why}").format(name=self._label, why=why))


def _wait(future: Future[Any]) -> None:
    """Until it is done, whatever comes of it, or the patience is at its end."""
    with suppress(StillWorking):
        future.exception(PATIENCE)
