"""Talks to Klaviyo: the calls of its table, page after page, in the shapes of its answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from core import __version__
from core.destinations import Stop, never
from core.destinations.exchange import RANDOM, Exchange, Server, Shape, read_answer, utc_now
from core.destinations.http import BaseTransport, Response
from core.destinations.klaviyo.answers import Page
from core.destinations.klaviyo.auth import AccessToken, PrivateKey
from core.destinations.klaviyo.endpoints import ENDPOINTS, path_of
from core.destinations.klaviyo.failures import Call, failure
from core.destinations.klaviyo.settings import KlaviyoSettings
from core.destinations.limits import Limits
from core.destinations.outages import misshapen

MOST_PAGES = 1_000  # of one collection: ten thousand lists
MEDIA_TYPE = "application/vnd.api+json"
HEADERS = {  # of every request; each has its revision besides
    "Accept": MEDIA_TYPE,
    "Content-Type": MEDIA_TYPE,
    "User-Agent": f"segferry/{__version__}",
}

Params = Mapping[str, str | int]
PageShape = TypeVar("PageShape", bound=Page)


class Client:
    """One key's or token's way to Klaviyo, for one thread; many of them share their `limits`."""

    def __init__(
        self,
        settings: KlaviyoSettings,
        auth: PrivateKey | AccessToken,
        limits: Limits,
        stopped: Stop = never,
        transport: BaseTransport | None = None,
        now: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = RANDOM.random,
    ) -> None:
        self.account = ""
        self._settings = settings
        self._auth = auth
        server = Server(
            settings.base_url,
            settings.timeout,
            settings.tries,
            auth,
            HEADERS,
            lambda: f"{settings.base_url} {auth.fingerprint}",
            failure,
        )
        self.exchange = Exchange(server, limits, stopped, transport, now, jitter)

    def get(
        self, name: str, shape: type[Shape], id: str | None = None, params: Params | None = None
    ) -> Shape:
        """What an endpoint of the table answers; repeated a few times while Klaviyo is unwell.

        Raises Rejected, Unavailable or Stopped.
        """
        call = self._call(name, id)
        return read_answer(call, shape, self._send(call, id, params=params))

    def pages(
        self,
        name: str,
        shape: type[PageShape],
        params: Params,
        id: str | None = None,
        most: int = MOST_PAGES,
    ) -> Iterator[PageShape]:
        """Every page of a collection. Only the query of links.next is followed, never its host.

        Raises Rejected where they don't come to an end, in a circle or after `most` of them.
        """
        query: Params | None = params
        seen: set[str] = set()
        while query is not None:
            page = self.get(name, shape, id, query)
            yield page
            following = page.links.next
            if following in seen or len(seen) >= most:
                raise misshapen(self._call(name, id), "links.next")
            seen.add(following or "")
            query = _query(following) if following else None

    def post(
        self,
        name: str,
        shape: type[Shape],
        content: bytes,
        subject: str = "",
    ) -> Shape:
        """Sends once, and again only where it surely didn't arrive.

        `subject` is for sentences. Raises RowsRejected, Rejected, Unavailable or Stopped (not
        arrived), AnswerLost (perhaps).
        """
        call = replace(self._call(name, subject), size=len(content), repeatable=False)
        return read_answer(call, shape, self._send(call, content=content))

    def change(self, name: str, id: str, content: bytes) -> None:
        """Changes one thing, harmless to repeat; of the answer nothing is needed.

        Raises Rejected, Unavailable or Stopped.
        """
        self._send(replace(self._call(name, id), size=len(content)), id, content=content)

    def belongs(self, account_id: str) -> None:
        """Limits are shared with who has the same quota of the account, such as its other keys."""
        self.exchange.belongs(f"{self._auth.quota}{account_id}")

    def pause(self, attempt: int) -> None:
        """Waits longer with each attempt, up to half a minute. Raises Stopped."""
        self.exchange.pause(attempt)

    def close(self) -> None:
        """Lets go of the connections."""
        self.exchange.close()

    def _call(self, name: str, subject: str | None) -> Call:
        endpoint = ENDPOINTS[name]
        return Call(
            endpoint=endpoint,
            account=self.account,
            revision=max(self._settings.revision, endpoint.since),
            host=self.exchange.host,
            subject=subject or "",
            proxy=self.exchange.proxy,
            by_oauth=self._auth.by_oauth,
        )

    def _send(
        self,
        call: Call,
        id: str | None = None,
        params: Params | None = None,
        content: bytes | None = None,
    ) -> Response:
        path = path_of(call.endpoint, id)
        headers = {"revision": call.revision}
        return self.exchange.ask(call, call.endpoint.method, path, params, content, headers)


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
