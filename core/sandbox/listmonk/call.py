"""A request that has passed the gate, and what an endpoint declares about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from starlette.datastructures import QueryParams
from starlette.responses import Response

from core.sandbox.listmonk.answers import Json, Refused, decoded
from core.sandbox.listmonk.state import Db
from core.sandbox.listmonk.users import User
from core.sandbox.listmonk.world import World

DEFAULT_PAGE = 20
ALL = 0  # as `per_page`


@dataclass(frozen=True)
class Call:
    """Everything that a handler may use; `db` is in a transaction of this request."""

    world: World
    db: Db
    user: User
    path: Mapping[str, str]
    query: QueryParams
    body: bytes

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self.world.clock()

    @cached_property
    def document(self) -> Json:
        """The request's JSON; Refused (400) if it is none."""
        return decoded(self.body)

    @property
    def id(self) -> int:
        """The number in the path; Refused (400) if it is none."""
        text = self.path["id"]
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
            raise Refused(400, "invalid ID")
        return int(text)

    @property
    def per_page(self) -> int:
        """How many were asked for on one page; ALL (0) for everything."""
        given = self.query.get("per_page", "")
        return ALL if given == "all" else int(given) if given.isdigit() else DEFAULT_PAGE

    @property
    def page(self) -> int:
        """Which page, from 1."""
        given = self.query.get("page", "")
        return max(1, int(given)) if given.isdigit() else 1


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table; `permissions` are alternatives, one of which the user needs."""

    method: str
    template: str
    handler: Callable[[Call], Response]
    permissions: tuple[str, ...] = ()
    public: bool = False

    @property
    def name(self) -> str:
        """METHOD /template, as faults and the log name it."""
        return f"{self.method} {self.template}"
