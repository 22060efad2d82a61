"""What an API request must pass before its endpoint: key, headers, faults, scopes, limits, size."""

from collections.abc import Callable, Mapping
from math import ceil

from starlette.requests import Request
from starlette.responses import Response

from core.sandbox.api.call import Call, Endpoint
from core.sandbox.api.table import matching
from core.sandbox.faults import Fault, Kind
from core.sandbox.jsonapi import (
    MEDIA_TYPE,
    Json,
    Problem,
    Refused,
    bad_request,
    decoded,
    encoded,
    error_document,
    not_found,
)
from core.sandbox.keys import Caller, missing_scopes, not_authenticated
from core.sandbox.limits import throttled
from core.sandbox.validation import check_fields
from core.sandbox.world import World

REVISIONS = frozenset(
    {"2024-10-15", "2025-01-15", "2025-04-15", "2025-07-15", "2025-10-15"}
    | {"2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"}
)
RETIRED = frozenset(
    {"2022-10-17", "2023-01-24", "2023-02-22", "2023-06-15", "2023-07-15", "2023-08-15"}
    | {"2023-09-15", "2023-10-15", "2023-12-15", "2024-02-15", "2024-05-15", "2024-06-15"}
    | {"2024-07-15"}
)
ACCEPTED = (MEDIA_TYPE, "application/json", "application/*", "*/*")
SENT = (MEDIA_TYPE, "application/json")
TITLES = {
    400: ("invalid", "Invalid input."),
    404: ("not_found", "Not found."),
    409: ("conflict", "Conflict."),
    410: ("gone", "Gone."),
    413: ("payload_too_large", "Payload too large."),
}


def handled(
    world: World,
    request: Request,
    endpoint: Endpoint | None,
    path: Mapping[str, str],
    body: bytes,
    fault: Fault | None,
) -> Response:
    """The answer of the sandbox to a request after its body has been read."""
    try:
        caller = world.keys.caller(request.headers.get("authorization"))
        if endpoint is None:
            raise _no_endpoint(request)
        _check_headers(request, body)
        if fault and fault.kind is Kind.status:
            raise _injected(fault, endpoint)
        if fault and fault.kind is Kind.too_large and len(body) > fault.bytes:
            raise _too_large(fault.bytes)
        if fault and fault.kind is Kind.too_many_rows:
            _check_rows(body, fault.profiles)
        if fault and fault.kind is Kind.strict_fields:
            check_fields(_rows(body))
        _check_scopes(caller, endpoint)
        headers = _admitted(world, caller, endpoint, request)
        reply = endpoint.handler(_call(world, request, endpoint, caller, path, body))
    except Refused as refused:
        document = error_document(refused.status, refused.problems)
        return Response(encoded(document), refused.status, refused.headers, MEDIA_TYPE)
    content = b"" if reply.document is None else encoded(reply.document)
    return Response(content, reply.status, headers, MEDIA_TYPE)


def _no_endpoint(request: Request) -> Refused:
    if matching(request.url.path):
        problem = Problem("method_not_allowed", "Method not allowed.", "Use another method here.")
        return Refused(405, [problem])
    return not_found(f"The path {request.url.path} could not be found.")


def _check_headers(request: Request, body: bytes) -> None:
    _check_revision(request.headers.get("revision"))
    accepted = request.headers.get("accept", "*/*").split(",")
    if not any(kind.partition(";")[0].strip() in ACCEPTED for kind in accepted):
        detail = f"This endpoint answers {MEDIA_TYPE} only."
        raise Refused(406, [Problem("not_acceptable", "Not acceptable.", detail)])
    if body and request.headers.get("content-type", "").partition(";")[0].strip() not in SENT:
        detail = f"The content type must be {MEDIA_TYPE}."
        raise Refused(415, [Problem("unsupported_media_type", "Unsupported media type.", detail)])


def _check_revision(header: str | None) -> None:
    if not header:
        raise bad_request("The revision header is required.", parameter="revision")
    revision = header.partition(".")[0]
    if revision in RETIRED:
        detail = f"Revision {revision} is retired. Use a newer one."
        raise Refused(410, [Problem("gone", "Gone.", detail)])
    if revision not in REVISIONS:
        raise not_found(f"The revision {header} does not exist.")


def _check_scopes(caller: Caller, endpoint: Endpoint) -> None:
    if caller.scopes is not None and not caller.scopes.issuperset(endpoint.scopes):
        raise missing_scopes([s for s in endpoint.scopes if s not in caller.scopes])


def _injected(fault: Fault, endpoint: Endpoint) -> Refused:
    """The error that a fault asks for, in Klaviyo's words unless others are given."""
    known: dict[int, Callable[[], Refused]] = {
        401: not_authenticated,
        403: lambda: missing_scopes(endpoint.scopes),
        413: lambda: _too_large(endpoint.largest_body),
        429: lambda: throttled(_whole(fault.retry_after)),
    }
    refused = known.get(fault.status, lambda: _plain(fault.status))()
    if fault.retry_after is not None:
        refused.headers["retry-after"] = str(fault.retry_after)
    if fault.detail is not None:
        first = refused.problems[0]
        refused.problems = [Problem(first.code, first.title, fault.detail, first.source)]
    return refused


def _whole(seconds: float | str | None) -> int:
    """For the words, where a number was given."""
    return ceil(seconds) if isinstance(seconds, int | float) else 1


def _plain(status: int) -> Refused:
    code, title = TITLES.get(status, ("error", "A server error occurred."))
    source = {"pointer": "/data"} if status == 400 else {}
    return Refused(status, [Problem(code, title, f"{title} Try again later.", source)])


def _too_large(largest: int) -> Refused:
    code, title = TITLES[413]
    detail = f"The request body is larger than {largest} bytes."
    return Refused(413, [Problem(code, title, detail)])


def _rows(body: bytes) -> list[Json]:
    """The profiles of an import."""
    rows: list[Json] = (
        decoded(body).get("data", {}).get("attributes", {}).get("profiles", {}).get("data", [])
    )
    return rows


def _check_rows(body: bytes, most: int) -> None:
    if len(_rows(body)) > most:
        where = "/data/attributes/profiles/data"
        raise bad_request(f"At most {most} profiles may be imported.", pointer=where)


def _admitted(world: World, caller: Caller, endpoint: Endpoint, request: Request) -> dict[str, str]:
    if not world.settings.limits:
        return {}
    what, tier = endpoint.name, endpoint.tier
    if endpoint.dear and endpoint.dear[0] in request.query_params:
        what, tier = f"{what}?{endpoint.dear[0]}", endpoint.dear[1]
    return world.limiter.admit(caller.quota, what, tier)


def _call(
    world: World,
    request: Request,
    endpoint: Endpoint,
    caller: Caller,
    path: Mapping[str, str],
    body: bytes,
) -> Call:
    query = dict(request.query_params)
    if unknown := set(query) - set(endpoint.parameters):
        name = min(unknown)
        raise bad_request(f"'{name}' is not a valid parameter here.", parameter=name)
    if len(body) > endpoint.largest_body:
        raise _too_large(endpoint.largest_body)
    if endpoint.method == "GET":
        world.importer.catch_up()
    origin = str(request.base_url).rstrip("/")
    url = f"{origin}{request.url.path.rstrip('/')}"
    revision = request.headers["revision"].partition(".")[0]
    base = f"{origin}/api"
    return Call(world, caller.account, base, url, path, query, body, revision, caller.scopes)
