"""Everything that one running listmonk holds, and its start state."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from core.sandbox.faults import Faults
from core.sandbox.listmonk import start
from core.sandbox.listmonk.state import State
from core.sandbox.listmonk.users import Users
from core.sandbox.request_log import RequestLog

KEPT_BODIES = 5_000  # of requests, the newest


@dataclass(frozen=True, slots=True)
class Settings:
    """What an administrator of listmonk would set; the version is that of the program."""

    send_optin_confirmation: bool = True
    root_url: str = "https://news.baltic-outfitters.example"
    version: str = "v6.2.0"
    blocked_domains: tuple[str, ...] = ("blocked.example",)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that listmonk would have sent: to whom, and for which lists' confirmation."""

    to: str
    lists: tuple[int, ...]


class World:
    """The parts of a sandbox; the database lives as long as it is entered."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.settings = Settings()
        self.users = Users()
        self.faults = Faults()
        self.log = RequestLog()
        self.outbox: list[Mail] = []
        self.bodies: deque[str] = deque(maxlen=KEPT_BODIES)
        self.state = State()
        self._fill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        """Forgets everything."""
        self.state.close()

    def change(self, **settings: Any) -> None:
        """Replaces some of the settings."""
        self.settings = replace(self.settings, **settings)

    def reset(self) -> None:
        """Back to the start state: data, settings, users, faults, outbox and log."""
        self.state.clear()
        self._fill()
        self.settings = Settings()
        self.users.restrict(None, {})
        self.faults.clear()
        self.log.clear()
        self.outbox.clear()
        self.bodies.clear()

    def _fill(self) -> None:
        with self.state.transaction() as db:
            start.fill(db, self.clock())
