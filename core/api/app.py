"""The API as an application beside the pages: who asks, how often, what for, and the answer.

A token comes in the header Authorization and nowhere else: no cookie is read, so that no other
site's page can ask anything here in somebody's name. No answer is kept by a cache.
"""

import json
import re
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from core.access import Person, Role
from core.api import openapi
from core.api.endpoints import ENDPOINTS, Answer, Call, Endpoint
from core.api.limits import Turns
from core.api.problems import MEDIA, Problem, translated
from core.configuration.values import problems
from core.errors import SegferryError, StorageFailed
from core.server.callers import Rate, caller
from core.store import Store, audit, tokens
from core.store.audit import Deed
from core.store.tokens import Token
from core.texts import _

COME_AGAIN = 5  # seconds
MOST_BODY = 1_000  # bytes; nothing here needs any
JSON = "application/json"
UNKNOWN = "an unknown token"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the API answers: requests a minute of a token, failures a minute from an address.

    `at_once`: previews and lists of rejects at a time.
    """

    a_minute: int = 120
    failures: int = 20
    at_once: int = 2


def routes(store: Callable[[], Store]) -> list[BaseRoute]:
    """The addresses of the API; `store` opens this installation's."""
    return [Mount(openapi.MOUNT, app=application(store))]


def application(
    store: Callable[[], Store],
    clock: Callable[[], float] = time.monotonic,
    limits: Limits = Limits(),
) -> Starlette:
    """The API; `clock` gives seconds, by which requests are counted."""
    api = Api(store, clock, limits)

    def describe(_request: Request) -> Response:
        return _response(200, _described())

    places = [
        Route(_path(one.path), api.handler(one), methods=[one.method], include_in_schema=False)
        for one in ENDPOINTS
    ]
    app = Starlette(
        routes=[Route("/openapi.json", describe, methods=["GET"]), *places],
        exception_handlers={HTTPException: _refused, Exception: _broken},
    )
    app.router.redirect_slashes = False
    return app


@cache
def _described() -> bytes:
    """The description; made when it is first asked for, else each start would wait for it."""
    return json.dumps(openapi.document()).encode()


class Api:
    """Who may ask, and how often."""

    def __init__(
        self, store: Callable[[], Store], clock: Callable[[], float], limits: Limits
    ) -> None:
        self._store, self._limits = store, limits
        self._requests = Rate(limits.a_minute, clock)
        self._failures = Rate(limits.failures, clock)
        self._turns = Turns(limits.at_once, COME_AGAIN)

    def handler(self, endpoint: Endpoint) -> Handler:
        """What answers at the endpoint."""
        return partial(self._answer, endpoint)

    async def _answer(self, endpoint: Endpoint, request: Request) -> Response:
        try:
            token = await run_in_threadpool(self._token, request)
            await _empty_body(request)
            found = await run_in_threadpool(self._done, endpoint, request, token)
        except Problem as problem:
            return _problem(problem)
        except SegferryError as error:
            return _problem(translated(error))
        return _response(endpoint.status, _as_json(found.data), JSON, found.headers)

    def _token(self, request: Request) -> Token:
        """The token of the request. Raises Problem: there is none, or it asks too often."""
        scheme, _space, given = request.headers.get("authorization", "").partition(" ")
        with self._store().begin() as session:
            right = scheme.lower() == "bearer"
            token = tokens.owner(session, given.strip()) if right else None
        if token is None:
            raise self._unknown(caller(request))
        if wait := self._requests.seconds_to_wait(token.id):
            text = _("This token sends too many requests: {n} a minute are allowed.")
            raise Problem(429, text.format(n=self._limits.a_minute), retry_after=wait)
        return token

    def _unknown(self, address: str) -> Problem:
        """What is answered to who has no token; the audit knows of it, up to a limit."""
        if wait := self._failures.seconds_to_wait(address):
            text = _("Too many requests without a valid token came from this address.")
            return Problem(429, text, retry_after=wait)
        with self._store().begin() as session:
            unknown = Person(UNKNOWN, Role.viewer, None, address)
            audit.record(session, unknown, Deed.refused, "api", "")
        text = _(
            "Send a valid token in the header “Authorization: Bearer …”. An administrator makes "
            "one in Settings, or with “segferry token add”."
        )
        return Problem(401, text, headers={"www-authenticate": "Bearer"})

    def _done(self, endpoint: Endpoint, request: Request, token: Token) -> Answer:
        """Raises Problem, SegferryError."""
        call = Call(
            store=self._store(),
            token=token,
            address=caller(request),
            path=request.path_params,
            query=_query(endpoint, request),
            key=_key(endpoint, request),
            turns=self._turns,
        )
        try:
            return endpoint.do(call)
        except Problem as problem:
            if problem.status == 404:
                what = f"{endpoint.method} {request.url.path}"
                with self._store().begin() as session:
                    audit.record(session, call.person(), Deed.refused, "api", what)
            raise


def _path(path: str) -> str:
    """A name of an export may have slashes in it."""
    return path.replace("{name}", "{name:path}")


def _query(endpoint: Endpoint, request: Request) -> Any:
    """The parameters in the address. Raises Problem for what is none of the endpoint's."""
    given = dict(request.query_params)
    wrong = [name for name, value in given.items() if not re.fullmatch("[0-9]{1,10}", value)]
    if len(request.query_params.multi_items()) > len(given):
        raise Problem(422, _("A parameter may be in the address only once."))
    try:
        if not wrong:
            return endpoint.query.model_validate(given)
        why = {wrong[0]: _("no number")} if wrong[0] in endpoint.query.model_fields else {}
    except ValidationError as error:
        why = problems(error, endpoint.query)
    known = [name for name in why if name in endpoint.query.model_fields]
    if not known:
        text = _(
            "The address has a parameter that isn't known here. A token belongs in the header "
            "Authorization, never in an address."
        )
        raise Problem(422, text)
    text = _("The parameter “{name}” can't be used: {why}.")
    raise Problem(422, text.format(name=known[0], why=why[known[0]].rstrip(".")))


def _key(endpoint: Endpoint, request: Request) -> str | None:
    given = request.headers.getlist(openapi.KEY)
    if not endpoint.keyed or not given:
        return None
    key = given[0]
    if len(given) > 1 or not re.fullmatch(openapi.KEY_PATTERN, key) or key.endswith("\n"):
        text = _("The header {name} takes once 1 to 200 letters, digits and signs, without spaces.")
        raise Problem(422, text.format(name=openapi.KEY))
    return key


async def _empty_body(request: Request) -> None:
    """No endpoint takes a body; clients send `{}` or nothing. Raises Problem."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY:
            raise Problem(413, _("This is more than Segferry takes here."))
    if body.strip() not in (b"", b"{}"):
        raise Problem(422, _("This request takes no body. Send none, or {}."))


def _as_json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, default=str).encode()


def _response(
    status: int, content: bytes, media: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    kept = {"cache-control": "no-store", **(headers or {})}
    return Response(content, status, kept, media)


def _problem(problem: Problem) -> Response:
    return _response(problem.status, _as_json(problem.as_data()), MEDIA, problem.headers)


async def _refused(_request: Request, error: Exception) -> Response:
    """What Starlette refuses: an address that isn't there, a method that it doesn't take."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    text = {
        404: _("There is nothing at this address. See /api/openapi.json."),
        405: _("This address takes another method. See /api/openapi.json."),
    }.get(status, _("This request can't be read."))
    headers = dict(getattr(error, "headers", None) or {})
    return _problem(Problem(status, text, headers=headers))


async def _broken(_request: Request, error: Exception) -> Response:
    """A database that is away, or a bug, whose traceback the server prints."""
    if isinstance(error, StorageFailed):
        return _problem(translated(error))
    return _problem(Problem(500, _("This is a bug in Segferry. The server's log says more.")))
