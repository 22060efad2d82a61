"""The words of the wire: documents, links, times and errors as Klaviyo shapes them (JSON:API)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

MEDIA_TYPE = "application/vnd.api+json"
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Compact JSON; made once, because json.dumps makes one for each call that asks for this."""

SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of an answer's `errors`; `source` is {"pointer": …} or {"parameter": …}."""

    code: str
    title: str
    detail: str
    source: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The request is answered with an error status and these problems."""

    def __init__(
        self, status: int, problems: Iterable[Problem], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.problems = list(problems)
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer: a status and a document, or no body at all."""

    status: int
    document: Json | None = None


def invalid(detail: str, *, pointer: str | None = None, parameter: str | None = None) -> Problem:
    """An input that Klaviyo would not take, and where it stands in the request."""
    source = {"parameter": parameter} if parameter else {"pointer": pointer or "/data"}
    return Problem("invalid", "Invalid input.", detail, source)


def bad_request(
    detail: str, *, pointer: str | None = None, parameter: str | None = None
) -> Refused:
    """A 400 with one problem."""
    return Refused(400, [invalid(detail, pointer=pointer, parameter=parameter)])


def not_found(detail: str) -> Refused:
    """A 404 in Klaviyo's shape."""
    return Refused(404, [Problem("not_found", "Not found.", detail)])


def error_document(status: int, problems: Iterable[Problem]) -> Json:
    """The body of an error answer; status is an integer, links and meta may be {} or []."""
    return {
        "errors": [
            {
                "id": str(uuid4()),
                "status": status,
                "code": problem.code,
                "title": problem.title,
                "detail": problem.detail,
                "source": dict(problem.source),
                "links": {} if problem.source else [],
                "meta": dict(problem.meta) if problem.source or problem.meta else [],
            }
            for problem in problems
        ]
    }


def encoded(document: Json) -> bytes:
    """The document as it goes over the wire."""
    return ENCODER.encode(document).encode()


def decoded(body: bytes) -> Json:
    """A request's document; Refused (400) unless it is a JSON object of good text."""
    try:
        document = json.loads(body, parse_constant=_no_constant)
        if SURROGATE.search(body):
            encoded(document)  # fails on half of a pair
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise bad_request("The payload provided in the request is invalid.")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(name)


def moment(seconds: float | None) -> str | None:
    """Seconds since 1970 as Klaviyo writes a time."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def one(resource: Json, included: list[Json] | None = None) -> Json:
    """A document with one resource."""
    document: Json = {"data": resource, "links": {"self": resource["links"]["self"]}}
    return document if included is None else document | {"included": included}


def relation(base: str, name: str, *, self_link: bool = True) -> Json:
    """The links of a relationship that is not part of the answer."""
    links = {"self": f"{base}/relationships/{name}/"} if self_link else {}
    return {"links": links | {"related": f"{base}/{name}/"}}
