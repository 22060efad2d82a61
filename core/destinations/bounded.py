"""Requests that may take longer than anybody waits: left at a deadline, or when asked to stop."""

import time
from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Any, Generic, TypeVar

from core.destinations import Stop
from core.destinations.http import Client, Request, Response

SLICE = 0.05  # seconds between two looks at whether to stop
GRACE = 0.2  # seconds that work may still take once somebody asked to stop

T = TypeVar("T")


class Overdue(Exception):
    """It took longer than it may."""


class Interrupted(Exception):
    """Somebody asked to stop while it was under way."""


def answer(client: Client, request: Request, seconds: float, stopped: Stop) -> Response:
    """The whole answer to the request, or whatever sending it raises.

    Raises Overdue after so many seconds, Interrupted soon after a stop. Then the client is closed,
    and a request that has still been connecting isn't sent any more.
    """
    left = Event()
    request.extensions = {**request.extensions, "trace": partial(_send_nothing_once, left)}
    try:
        return _bounded(partial(client.send, request), seconds, stopped)
    except (Overdue, Interrupted):
        left.set()
        client.close()
        raise


def _send_nothing_once(left: Event, step: str, _details: object) -> None:
    """Called by httpx before and after each step; what it raises ends the request.

    A connection that is opened after its client was closed would never be closed.
    """
    if left.is_set() and step.endswith("send_request_headers.started"):
        raise Interrupted


def _bounded(action: Callable[[], T], seconds: float, stopped: Stop) -> T:
    """What the action gives. Once left, it goes on in a thread, which keeps no process alive."""
    work = _Work(action)
    end, stop_at = time.monotonic() + seconds, float("inf")
    while not work.done.wait(min(SLICE, max(0.0, end - time.monotonic()))):
        now = time.monotonic()
        if now >= end:
            raise Overdue
        if now >= stop_at:
            raise Interrupted
        if stop_at == float("inf") and stopped():
            stop_at = now + GRACE
    return work.result()


class _Work(Generic[T]):
    """An action in a thread."""

    def __init__(self, action: Callable[[], T]) -> None:
        self.done = Event()
        self._action = action
        self._found: Any = None
        self._error: BaseException | None = None
        Thread(target=self._run, name="request", daemon=True).start()

    def _run(self) -> None:
        try:
            self._found = self._action()
        except BaseException as error:  # it is the caller's
            self._error = error
        finally:
            self.done.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        found: T = self._found
        return found
