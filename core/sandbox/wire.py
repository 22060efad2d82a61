"""From the socket to an API and back: bodies, faults of the connection, the request log."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from core.sandbox.faults import Fault, Faults, Kind
from core.sandbox.request_log import NO_ANSWER, Entry, RequestLog

HALF_AN_ANSWER = b'{"data": [{"type": "li'
MOST_KEPT = 5_000_001
"""Bytes of a body that are kept; one more than any endpoint takes, so that its size is seen."""
ABORT = "segferry.abort"
"""The name under which the server gives the means to cut a connection."""


class Served(Protocol):
    """What every sandbox has, whichever product it stands for."""

    faults: Faults
    log: RequestLog

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds since 1970."""
        ...


class Named(Protocol):
    """An endpoint as faults and the log name it: METHOD /template."""

    @property
    def name(self) -> str:
        """Both together."""
        ...

    @property
    def template(self) -> str:
        """The path, with names in braces for what changes."""
        ...


Handler = Callable[[bytes, Fault | None], Response]
"""Answers a request by its body; a fault of the kind `status` decides the answer."""


class NoAnswer(Response):
    """Stands for an answer that never leaves: the connection has been cut."""


async def answer(
    world: Served, request: Request, endpoint: Named | None, handle: Handler
) -> Response:
    """One request to an API, answered and logged; or cut off, where a fault says so."""
    try:
        body, size = await _body(request)
    except ClientDisconnect:
        return NoAnswer()
    fault = world.faults.for_request(endpoint.name) if endpoint else None
    if fault and await _cut_before(fault, request):
        response: Response = NoAnswer()
    else:
        response = await run_in_threadpool(handle, body, fault)
    response = await _spoilt(fault, request, response)
    _log(world, request, endpoint, size, response)
    return response


async def _body(request: Request) -> tuple[bytes, int]:
    """The beginning of the body, and how long all of it was."""
    kept, size = bytearray(), 0
    async for piece in request.stream():
        size += len(piece)
        kept += piece[: max(0, MOST_KEPT - len(kept))]
    return bytes(kept), size


async def _cut_before(fault: Fault, request: Request) -> bool:
    """Waits or cuts as the fault says; whether the request is not to be handled."""
    if fault.kind is Kind.slow:
        await asyncio.sleep(fault.seconds)
    if fault.kind is Kind.hang:
        await _hang(request, fault.seconds)
    if fault.kind not in (Kind.hang, Kind.closed_before):
        return False
    _abort(request)
    return True


async def _spoilt(fault: Fault | None, request: Request, response: Response) -> Response:
    if fault and fault.kind is Kind.trickle:
        return _trickling(response, fault.seconds)
    if fault and fault.kind is Kind.broken_json:
        return Response(HALF_AN_ANSWER, response.status_code, media_type=response.media_type)
    if fault and fault.kind is Kind.closed_after:
        _abort(request)
        return NoAnswer()
    return response


def _trickling(response: Response, seconds: float) -> Response:
    async def bytes_of() -> AsyncIterator[bytes]:
        for byte in bytes(response.body):
            await asyncio.sleep(seconds)
            yield bytes([byte])

    return StreamingResponse(bytes_of(), response.status_code, response.headers)


async def _hang(request: Request, seconds: float) -> None:
    """Says nothing until the other side gives up or the time is over."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end and not await request.is_disconnected():
        await asyncio.sleep(min(0.02, seconds))


def _abort(request: Request) -> None:
    request.scope["extensions"][ABORT]()


def _log(
    world: Served, request: Request, endpoint: Named | None, size: int, response: Response
) -> None:
    entry = Entry(
        at=world.clock(),
        method=request.method,
        path=request.url.path,
        query=request.url.query,
        status=NO_ANSWER if isinstance(response, NoAnswer) else response.status_code,
        bytes=size,
        retry_after=response.headers.get("retry-after"),
    )
    world.log.add(entry, endpoint.template if endpoint else None)
