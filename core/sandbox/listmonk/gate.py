"""What every request passes on its way in: a web server in front, the user, the permissions."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from core.sandbox.faults import Fault, Kind
from core.sandbox.listmonk.answers import Refused, error, from_in_between
from core.sandbox.listmonk.call import Call, Endpoint
from core.sandbox.listmonk.table import matching
from core.sandbox.listmonk.users import User
from core.sandbox.listmonk.world import World

LONGEST_LINE = 8_192  # bytes of method, path and query, as in nginx when nothing is set
OF_IN_BETWEEN = frozenset({413, 414, 429, 502, 503, 504})  # statuses that listmonk never gives
NOBODY = User("", frozenset(), {})


def handled(
    world: World,
    request: Request,
    endpoint: Endpoint | None,
    path: Mapping[str, str],
    body: bytes,
    fault: Fault | None,
) -> Response:
    """The answer of the sandbox to a request whose body has been read."""
    if _line(request) > LONGEST_LINE:
        return from_in_between(414)
    if body:
        world.bodies.append(f"{request.method} {request.url.path} {body.decode(errors='replace')}")
    try:
        if fault and fault.kind is Kind.status:
            return _injected(fault)
        return _answered(world, request, endpoint, path, body)
    except Refused as refused:
        return error(refused)


def _answered(
    world: World,
    request: Request,
    endpoint: Endpoint | None,
    path: Mapping[str, str],
    body: bytes,
) -> Response:
    if endpoint is None:
        raise _no_endpoint(request.url.path)
    user = NOBODY
    if not endpoint.public:
        user = world.users.caller(request.headers.get("authorization"))
    user.require(*endpoint.permissions)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if body and kind != "application/json":
        raise Refused(415, "Unsupported Media Type")
    sent = len(world.outbox)
    try:
        with world.state.transaction() as db:
            return endpoint.handler(Call(world, db, user, path, request.query_params, body))
    except Refused:
        del world.outbox[sent:]
        raise


def _line(request: Request) -> int:
    return len(f"{request.method} {request.url.path}?{request.url.query} HTTP/1.1")


def _no_endpoint(path: str) -> Refused:
    if matching(path):
        return Refused(405, "Method Not Allowed")
    return Refused(404, "404 unknown endpoint" if path.startswith("/api") else "Not Found")


def _injected(fault: Fault) -> Response:
    """What a fault asks for: HTML where a web server in between would have answered."""
    headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    if fault.status in OF_IN_BETWEEN:
        return from_in_between(fault.status, headers)
    answer = error(Refused(fault.status, fault.detail or "Something went wrong"))
    answer.headers.update(headers)
    return answer
