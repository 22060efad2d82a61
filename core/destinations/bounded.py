"""Requests that may take longer than anybody waits: left at a deadline, or when asked to stop."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from threading import Event, Thread

from core.destinations import Stop
from core.destinations.http import Client, ReadTimeout, Request, Response

SLICE = 0.05  # seconds between two looks at whether to stop
GRACE = 0.2  # seconds that work may still take once somebody asked to stop


class Overdue(ReadTimeout):
    """It took longer than it may as a whole."""


class Interrupted(Exception):
    """Somebody asked to stop while it was under way."""


def answer(client: Client, request: Request, seconds: float, stopped: Stop) -> Response:
    """The whole answer to the request, or whatever sending it raises.

    Raises Overdue after so many seconds, Interrupted soon after a stop. Then the client is closed,
    and a request that has still been connecting isn't sent any more.
    """
    left = Event()
    request.extensions = {**request.extensions, "trace": partial(_send_nothing_once, left)}
    work = _begun(partial(client.send, request))
    try:
        _wait(work, request, seconds, stopped)
    except (Overdue, Interrupted):
        left.set()
        client.close()
        raise
    return work.result()


def _send_nothing_once(left: Event, step: str, _details: object) -> None:
    """Called by httpx before and after each step; what it raises ends the request.

    A connection that is opened after its client was closed would never be closed.
    """
    if left.is_set() and step.endswith("send_request_headers.started"):
        raise Interrupted


def _begun(action: Callable[[], Response]) -> "Future[Response]":
    """The action in a thread of its own, which keeps no process alive."""
    work: Future[Response] = Future()

    def run() -> None:
        try:
            work.set_result(action())
        except BaseException as error:  # it is the caller's
            work.set_exception(error)

    Thread(target=run, name="request", daemon=True).start()
    return work


def _wait(work: "Future[Response]", request: Request, seconds: float, stopped: Stop) -> None:
    """Until the request is done. Raises Overdue, Interrupted."""
    end, stop_at = time.monotonic() + seconds, float("inf")
    while not wait([work], min(SLICE, max(0.0, end - time.monotonic()))).done:
        now = time.monotonic()
        if now >= end:
            raise Overdue("", request=request)
        if now >= stop_at:
            raise Interrupted
        if stop_at == float("inf") and stopped():
            stop_at = now + GRACE
