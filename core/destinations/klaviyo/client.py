"""Talks to Klaviyo: one request at a time, within its limits, repeated only where that can help."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from core import __version__
from core.destinations import Stop, never
from core.destinations.klaviyo.answers import Page
from core.destinations.klaviyo.auth import AccessToken, PrivateKey
from core.destinations.klaviyo.endpoints import ENDPOINTS, path_of
from core.destinations.klaviyo.failures import Call, failure, retry_after
from core.destinations.klaviyo.outages import garbled, misshapen, outage
from core.destinations.klaviyo.proxies import proxy_for
from core.destinations.klaviyo.settings import KlaviyoSettings, is_loopback
from core.destinations.limits import PATIENCE, Limits
from core.errors import AnswerLost, Unavailable

MEDIA_TYPE = "application/vnd.api+json"
CONNECT_TIMEOUT = 10.0  # seconds
RANDOM = secrets.SystemRandom()
LONGEST = 30.0  # seconds between two of them, unless Klaviyo asks for more

Params = Mapping[str, str | int]
Shape = TypeVar("Shape", bound=BaseModel)
PageShape = TypeVar("PageShape", bound=Page)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Client:
    """One key's or token's way to Klaviyo, for one thread; many of them share their `limits`.

    `requests` counts what was sent, `throttled` how much of it was refused as too fast, and `ahead`
    tells how far Klaviyo's clock is ahead of ours. `jitter` yields numbers from 0 to 1.
    """

    def __init__(
        self,
        settings: KlaviyoSettings,
        auth: PrivateKey | AccessToken,
        limits: Limits,
        stopped: Stop = never,
        transport: httpx.BaseTransport | None = None,
        now: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = RANDOM.random,
    ) -> None:
        self.account = ""
        self.requests = self.throttled = 0
        self.ahead = timedelta()
        self._settings = settings
        self._auth = auth
        self._limits, self._stopped = limits, stopped
        self._now, self._jitter = now, jitter
        self._proxy = proxy_for(settings.base_url) if transport is None else ""
        self._http = httpx.Client(
            base_url=settings.base_url,
            auth=auth,
            headers=_headers(settings),
            timeout=httpx.Timeout(settings.timeout, connect=min(CONNECT_TIMEOUT, settings.timeout)),
            follow_redirects=False,
            transport=transport,
            trust_env=not is_loopback(settings.base_url),
            event_hooks={"request": [self._count]},
        )

    def get(
        self, name: str, shape: type[Shape], id: str | None = None, params: Params | None = None
    ) -> Shape:
        """What an endpoint of the table answers; repeated a few times while Klaviyo is unwell.

        Raises Rejected, Unavailable or Stopped.
        """
        call = self._call(name, id)
        request = self._http.build_request("GET", path_of(call.endpoint, id), params=params)
        return read_answer(call, shape, self._response(call, request))

    def pages(
        self, name: str, shape: type[PageShape], params: Params, id: str | None = None
    ) -> Iterator[PageShape]:
        """Every page of a collection. Only the query of links.next is followed, never its host."""
        query: Params | None = params
        seen: set[str] = set()
        while query is not None:
            page = self.get(name, shape, id, query)
            yield page
            following = page.links.next
            if following in seen:
                raise misshapen(self._call(name, id), "links.next")
            seen.add(following or "")
            query = _query(following) if following else None

    def post(
        self,
        name: str,
        shape: type[Shape],
        content: bytes,
        subject: str = "",
        *,
        repeatable: bool = False,
    ) -> Shape:
        """Sends once, and again only where it surely didn't arrive or is `repeatable`.

        `subject` is for sentences. Raises RowsRejected, Rejected, Unavailable or Stopped (not
        arrived), AnswerLost (perhaps).
        """
        call = replace(self._call(name, subject), size=len(content), repeatable=repeatable)
        request = self._http.build_request("POST", path_of(call.endpoint), content=content)
        return read_answer(call, shape, self._response(call, request))

    def change(self, name: str, id: str, content: bytes) -> None:
        """Changes one thing, harmless to repeat; of the answer nothing is needed.

        Raises Rejected, Unavailable or Stopped.
        """
        call = replace(self._call(name, id), size=len(content))
        path = path_of(call.endpoint, id)
        self._response(call, self._http.build_request(call.endpoint.method, path, content=content))

    def belongs(self, account_id: str) -> None:
        """Limits are shared with who has the same quota of the account, such as its other keys."""
        quota = f"{self._auth.quota}{account_id}"
        self._limits.belongs(self._who, f"{self._settings.base_url} {quota}")

    def pause(self, attempt: int) -> None:
        """Waits longer with each attempt, up to LONGEST seconds. Raises Stopped."""
        longest = min(LONGEST, 2.0 ** (attempt - 1))
        self._limits.pause(longest * (1 + self._jitter()) / 2, self._stopped)

    def close(self) -> None:
        """Lets go of the connections."""
        self._http.close()

    @property
    def _who(self) -> str:
        return f"{self._settings.base_url} {self._auth.fingerprint}"

    def _count(self, _request: httpx.Request) -> None:
        self.requests += 1

    def _call(self, name: str, subject: str | None) -> Call:
        return Call(
            endpoint=ENDPOINTS[name],
            account=self.account,
            revision=self._settings.revision,
            host=urlsplit(self._settings.base_url).netloc,
            subject=subject or "",
            proxy=self._proxy,
            by_oauth=self._auth.by_oauth,
        )

    def _response(self, call: Call, request: httpx.Request) -> httpx.Response:
        for attempt in range(1, self._settings.tries):
            try:
                return self._once(call, request)
            except AnswerLost:
                raise
            except Unavailable as error:
                if (error.retry_after or 0) > PATIENCE:
                    raise
                # Where Klaviyo says how long to wait, its window is held already.
                if error.retry_after is None:
                    self.pause(attempt)
        return self._once(call, request)

    def _once(self, call: Call, request: httpx.Request) -> httpx.Response:
        with self._limits.turn(self._who, call.endpoint.rate, self._stopped):
            try:
                response = self._http.send(request)
            except httpx.RequestError as error:
                raise outage(call, error, self._now()) from error
            self._note(call, response)
        if response.is_success:
            return response
        raise failure(call, response)

    def _note(self, call: Call, response: httpx.Response) -> None:
        self.throttled += response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        if not response.is_success and (seconds := retry_after(response)):
            self._limits.hold(self._who, call.endpoint.rate, seconds)
        if date := response.headers.get("date"):
            self.ahead = _moment(date, self._now()) - self._now()


def _headers(settings: KlaviyoSettings) -> dict[str, str]:
    return {
        "Accept": MEDIA_TYPE,
        "Content-Type": MEDIA_TYPE,
        "User-Agent": f"segferry/{__version__}",
        "revision": settings.revision,
    }


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _moment(date: str, otherwise: datetime) -> datetime:
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return otherwise


def read_answer(call: Call, shape: type[Shape], response: httpx.Response) -> Shape:
    """The answer in its shape. Raises Rejected, Unavailable or AnswerLost for anything else."""
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        # Without its cause: that would quote the answer, and with it people's data or tokens.
        if first["type"] == "json_invalid":
            raise garbled(call) from None
        raise misshapen(call, ".".join(map(str, first["loc"])) or "data") from None
