"""Requests to one server: within its limits, repeated only where that can help, and counted."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from core import traces
from core.destinations import Stop, http, never
from core.destinations.bounded import Interrupted, Overdue, answer
from core.destinations.calls import Call
from core.destinations.http import Auth, BaseTransport, Request, RequestError, Response
from core.destinations.limits import PATIENCE, Limits, asks_to_wait
from core.destinations.outages import garbled, misshapen, outage
from core.destinations.proxies import proxy_for
from core.errors import AnswerLost, DestinationFailed, Stopped, Unavailable
from core.texts import _

RANDOM = secrets.SystemRandom()
LONGEST = 30.0  # seconds between two tries, unless the destination asks for more
SLOWEST = 100_000  # bytes a second at which a body may leave before its request is given up
NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)

Params = Mapping[str, str | int | Sequence[str]]
Shape = TypeVar("Shape", bound=BaseModel)
AnyCall = TypeVar("AnyCall", bound=Call)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Server(Generic[AnyCall]):
    """Which server it is and how it is spoken to; `failure` reads its refusals.

    `timeout` is in seconds; those with the same `limits_key` share their limits.
    """

    base_url: str
    timeout: float
    tries: int
    auth: Auth
    headers: dict[str, str]
    limits_key: Callable[[], str]
    failure: Callable[[AnyCall, Response], DestinationFailed]


class Exchange(Generic[AnyCall]):
    """The exchange of requests and answers with one server, for one thread.

    Many of them share their `limits`. `requests` counts what was sent, `throttled` how much of it
    was refused as too fast, and `ahead` tells how far the server's clock is ahead of ours. `jitter`
    yields numbers from 0 to 1.
    """

    def __init__(
        self,
        server: Server[AnyCall],
        limits: Limits,
        stopped: Stop = never,
        transport: BaseTransport | None = None,
        now: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = RANDOM.random,
    ) -> None:
        self.requests = self.throttled = 0
        self.ahead = timedelta()
        self.host = urlsplit(server.base_url).netloc
        self.proxy = proxy_for(server.base_url) if transport is None else ""
        self._server = server
        self._limits, self._stopped = limits, stopped
        self._now, self._jitter = now, jitter
        self._transport = transport
        self._http = self._client()

    def ask(
        self,
        call: AnyCall,
        method: str,
        path: str,
        params: Params | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer to a request, repeated a few times while the server is unwell.

        What isn't `repeatable` is sent again only where it surely didn't arrive. Raises Rejected,
        Unavailable or Stopped (not arrived), AnswerLost (perhaps).
        """
        build = partial(
            self._http.build_request,
            method,
            path,
            params=params,
            content=content,
            headers=headers,
        )
        for attempt in range(1, self._server.tries):
            try:
                return self._once(call, build())
            except AnswerLost:
                raise
            except Unavailable as error:
                if (error.retry_after or 0) > PATIENCE:
                    raise
                # Where the server says how long to wait, its window is held already.
                if error.retry_after is None:
                    self.pause(attempt)
        return self._once(call, build())

    def belongs(self, account: str) -> None:
        """Limits are shared with whoever has the same quota, such as other keys of the account."""
        self._limits.belongs(self._server.limits_key(), f"{self._server.base_url} {account}")

    def pause(self, attempt: int) -> None:
        """Waits longer with each attempt, up to LONGEST seconds. Raises Stopped."""
        longest = min(LONGEST, 2.0 ** (attempt - 1))
        self._limits.pause(longest * (1 + self._jitter()) / 2, self._stopped)

    def close(self) -> None:
        """Lets go of the connections."""
        self._http.close()

    def _client(self) -> http.Client:
        server = self._server
        return http.client(
            *(server.base_url, server.timeout, server.auth, server.headers),
            *(self._count, self._transport),
        )

    def _count(self, _request: Request) -> None:
        self.requests += 1

    def _once(self, call: AnyCall, request: Request) -> Response:
        with self._limits.turn(self._server.limits_key(), call.rate, self._stopped):
            with traces.requesting(request.method, request.url.path) as status:
                response = self._answer(call, request)
                status.append(response.status_code)
            self._note(call, response)
        if response.is_success:
            return response
        raise self._timed(self._server.failure(call, response))

    def _answer(self, call: AnyCall, request: Request) -> Response:
        """The whole answer, by a deadline for all of it: a trickle of bytes is no answer.

        Raises Stopped soon after somebody asked to stop, or AnswerLost where it may have arrived.
        """
        try:
            return self._sent(request)
        except RequestError as error:
            raise outage(call, error, self._now()) from error
        except Interrupted:
            text = _("Stopped during a request to {host}.").format(host=self.host)
            raise (Stopped(text) if call.repeatable else AnswerLost(text)) from None

    def _sent(self, request: Request) -> Response:
        """Raises as `answer`; what follows a request that was left goes over new connections."""
        deadline = self._server.timeout + len(request.content) / SLOWEST
        try:
            return answer(self._http, request, deadline, self._stopped)
        except (Overdue, Interrupted):
            self._http = self._client()
            raise

    def _timed(self, error: DestinationFailed) -> DestinationFailed:
        """The error, with the time until which the server asks to wait where that is long."""
        if not isinstance(error, Unavailable) or (error.retry_after or 0) <= PATIENCE:
            return error
        until = asks_to_wait(error.retry_after or 0, self._now())
        return type(error)(f"{error} {until}", error.retry_after)

    def _note(self, call: AnyCall, response: Response) -> None:
        self.throttled += response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        if not response.is_success and (seconds := retry_after(response, self._now())):
            self._limits.hold(self._server.limits_key(), call.rate, seconds)
        if date := response.headers.get("date"):
            self.ahead = _moment(date, self._now()) - self._now()


def retry_after(response: Response, now: datetime | None = None) -> float | None:
    """How many seconds the server asks to wait, or None: a number, a fraction or a date (HTTP).

    A date is compared with the server's own, else with `now`, so that clocks needn't agree.
    """
    value = response.headers.get("retry-after", "").strip()
    if NUMBER.fullmatch(value):
        return float(value) or None
    try:
        until = parsedate_to_datetime(value).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    present = _moment(response.headers.get("date", ""), now or utc_now())
    return max(0.0, (until - present).total_seconds()) or None


def read_answer(call: Call, shape: type[Shape], response: Response) -> Shape:
    """The answer in its shape. Raises Rejected, Unavailable or AnswerLost for anything else."""
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        # Without its cause: that would quote the answer, and with it people's data or tokens.
        if first["type"] == "json_invalid":
            raise garbled(call) from None
        raise misshapen(call, ".".join(map(str, first["loc"])) or "data") from None


def _moment(date: str, otherwise: datetime) -> datetime:
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return otherwise
