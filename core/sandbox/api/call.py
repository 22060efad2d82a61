"""A request that has passed the gate, and what an endpoint declares about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.sandbox.jsonapi import Json, Reply, decoded
from core.sandbox.limits import Tier
from core.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """Everything that a handler may use; `base` is the address up to and with /api."""

    world: World
    account: str
    base: str
    url: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    revision: str
    scopes: frozenset[str] | None  # of the caller; None: all

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self.world.clock()

    @property
    def document(self) -> Json:
        """The request's JSON; Refused (400) if it is none."""
        return decoded(self.body)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table: address, limits, scopes, query parameters, largest body in bytes.

    `dear` names a parameter whose use puts the request under another, smaller limit.
    """

    method: str
    template: str
    handler: Callable[[Call], Reply]
    tier: Tier
    scopes: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    dear: tuple[str, Tier] | None = None
    largest_body: int = 5_000_000

    @property
    def name(self) -> str:
        """METHOD /template, as faults and the log name it."""
        return f"{self.method} {self.template}"
