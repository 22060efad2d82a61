"""The words of the wire: listmonk's envelope of good answers, its errors, its times."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse, Response

Json = dict[str, Any]


class Refused(Exception):
    """The request is answered with an error status and listmonk's words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def good(data: Any) -> Response:
    """The envelope of every answer but an error."""
    return JSONResponse({"data": data})


def error(refused: Refused) -> Response:
    """The one shape of listmonk's own errors."""
    return JSONResponse({"message": refused.message}, refused.status)


def from_in_between(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """What a web server in front of listmonk answers by itself: HTML."""
    body = f"<html><head><title>{status}</title></head><body><h1>{status}</h1>nginx</body></html>"
    return Response(body, status, dict(headers or {}), "text/html")


def page(results: Iterable[Json], total: int, per_page: int, number: int, **more: str) -> Json:
    """The envelope of a collection; `per_page` is 0 when all were asked for."""
    about = {"search": "", "query": "", "total": total, "per_page": per_page, "page": number}
    return {"results": list(results)} | about | more


def moment(seconds: float | None) -> str | None:
    """Seconds since 1970 as listmonk writes a time."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def decoded(body: bytes) -> Json:
    """The object that a body holds. Raises Refused (400)."""
    try:
        found = json.loads(body)
    except ValueError as error:
        place = getattr(error, "pos", 0)
        raise Refused(400, f"Syntax error: offset={place}, error=invalid character") from None
    if not isinstance(found, dict):
        raise Refused(400, "Unmarshal type error: expected=object, got=other, field=, offset=1")
    return found
