"""Talks to one listmonk: the calls of its table, in the shapes of its answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from core import __version__
from core.destinations import Stop, never
from core.destinations.exchange import (
    RANDOM,
    Exchange,
    Params,
    Server,
    Shape,
    read_answer,
    utc_now,
)
from core.destinations.http import BaseTransport
from core.destinations.limits import Limits
from core.destinations.listmonk.auth import ApiUser
from core.destinations.listmonk.endpoints import ENDPOINTS, path_of
from core.destinations.listmonk.failures import Call, failure
from core.destinations.listmonk.settings import ListmonkSettings
from core.errors import Stopped
from core.texts import _


class Client:
    """One API user at one listmonk, for one thread."""

    def __init__(
        self,
        settings: ListmonkSettings,
        auth: ApiUser,
        limits: Limits,
        stopped: Stop = never,
        transport: BaseTransport | None = None,
        now: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = RANDOM.random,
    ) -> None:
        self.account = ""
        self._stopped = stopped
        server = Server(
            settings.base_url,
            settings.timeout,
            settings.tries,
            auth,
            {
                "Accept": "application/json",
                "Content-Type": "application/json",
                "User-Agent": f"segferry/{__version__}",
            },
            lambda: settings.base_url,
            failure,
        )
        self.exchange = Exchange(server, limits, stopped, transport, now, jitter)

    def get(
        self, name: str, shape: type[Shape], id: str | None = None, params: Params | None = None
    ) -> Shape:
        """What an endpoint of the table answers. Raises Rejected, Unavailable or Stopped."""
        call = self._call(name, id)
        path = path_of(call.endpoint, id)
        return read_answer(call, shape, self.exchange.ask(call, "GET", path, params))

    def write(
        self,
        name: str,
        shape: type[Shape],
        document: Mapping[str, Any],
        id: str | None = None,
        *,
        repeatable: bool = True,
    ) -> Shape:
        """Sends a document, and again unless that could do something twice.

        `id` is what it is about. Raises Rejected, Unavailable or Stopped (not arrived), and
        AnswerLost (perhaps arrived) where it isn't `repeatable`.
        """
        content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        call = replace(self._call(name, id), size=len(content), repeatable=repeatable)
        path, method = path_of(call.endpoint, id), call.endpoint.method
        return read_answer(call, shape, self.exchange.ask(call, method, path, content=content))

    def stop_if_requested(self) -> None:
        """Between the people of a batch. Raises Stopped."""
        if self._stopped():
            raise Stopped(
                _("Stopped in the middle of a batch: it counts as undelivered; send it again.")
            )

    def close(self) -> None:
        """Lets go of the connections."""
        self.exchange.close()

    def _call(self, name: str, subject: str | None) -> Call:
        return Call(
            endpoint=ENDPOINTS[name],
            account=self.account,
            host=self.exchange.host,
            subject=subject or "",
            proxy=self.exchange.proxy,
        )
