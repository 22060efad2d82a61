"""What a control request may hold, and how it is answered: JSON, and only to this machine."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from json import JSONDecodeError
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.sandbox.faults import ANY_ENDPOINT
from core.sandbox.keys import DEMO_ACCOUNT
from core.texts import _

LOOPBACK = frozenset({"127.0.0.1", "::1"})
HOSTS = LOOPBACK | {"localhost"}

Action = Callable[[Any, Any], Any]
"""What a control does: the world of a sandbox and the order; gives plain values."""
Endpoint = Callable[[Any, Request], Awaitable[Response]]


class Order(BaseModel):
    """A control request; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class FaultOrder(Order):
    """A fault to switch on."""

    kind: str
    endpoint: str = ANY_ENDPOINT
    times: int | None = Field(default=1, ge=1)
    status: int = Field(default=500, ge=400, le=599)
    retry_after: int | float | str | None = None
    seconds: float = Field(default=60.0, ge=0)
    detail: str | None = None
    profiles: int = Field(default=1, ge=1)
    bytes: int = Field(default=1_000_000, ge=1)


class SettingsOrder(Order):
    """Settings to change; what is left out stays."""

    delay: float | None = Field(default=None, ge=0)
    limits: bool | None = None
    first_bad_row_only: bool | None = None
    expires_in: int | None = Field(default=None, ge=1)
    plan: int | None = Field(default=None, ge=0)


class ListOrder(Order):
    """A list to add."""

    name: str = Field(min_length=1)
    id: str | None = None
    opt_in_process: str = Field(default="single_opt_in", pattern="^(single|double)_opt_in$")
    account: str = DEMO_ACCOUNT
    flow: str | None = None


class CampaignOrder(Order):
    """A campaign to add; `lists` and `excluded` are ids of lists and segments."""

    name: str = Field(min_length=1)
    lists: list[str] = Field(min_length=1)
    excluded: list[str] = []
    send_at: str | None = None
    status: Literal["Draft", "Scheduled", "Sending", "Sent", "Cancelled"] = "Scheduled"
    channel: Literal["email", "sms", "mobile_push"] = "email"
    id: str | None = None
    account: str = DEMO_ACCOUNT

    @property
    def due(self) -> float | None:
        """When it is sent, in seconds since 1970; ValueError unless it is ISO 8601."""
        return datetime.fromisoformat(self.send_at).timestamp() if self.send_at else None


class SegmentOrder(Order):
    """A segment to add: of the members of `lists`, or with a definition of its own."""

    name: str = Field(min_length=1)
    lists: list[str] = []
    definition: dict[str, Any] | None = None
    active: bool = True
    id: str | None = None
    account: str = DEMO_ACCOUNT
    flow: str | None = None


class KeysOrder(Order):
    """The keys that are good, with their scopes."""

    keys: dict[str, list[str] | None] | None


class NoOrder(Order):
    """A request that needs no body."""


def endpoint(order: type[Order], action: Action) -> Endpoint:
    """The action as an endpoint: only from this machine, 400 with a sentence on a bad order."""

    async def answer(world: Any, request: Request) -> Response:
        if not _from_here(request):
            return JSONResponse({"error": _("Only this machine may use the controls.")}, 403)
        try:
            wanted = order.model_validate(await request.json() if await request.body() else {})
            return JSONResponse(await run_in_threadpool(action, world, wanted))
        except ValidationError as error:
            faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
            return JSONResponse({"error": "; ".join(faults)}, 400)
        except (JSONDecodeError, UnicodeDecodeError):
            return JSONResponse({"error": _("The body must be a JSON object.")}, 400)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)

    return answer


def _from_here(request: Request) -> bool:
    """Whether caller and named host are this machine, so that no web page can reach in."""
    return (
        request.client is not None
        and request.client.host in LOOPBACK
        and request.url.hostname in HOSTS
    )
