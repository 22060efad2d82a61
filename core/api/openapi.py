"""The description of the API (OpenAPI 3.1), made from the table of its endpoints and its models.

`python -m core.api.openapi` prints it.
"""

import json
import re
import sys
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from core.api.endpoints import ENDPOINTS, Endpoint
from core.api.models import ProblemDetails
from core.api.problems import MEDIA

MOUNT = "/api"
KEY = "Idempotency-Key"
KEY_PATTERN = r"^[!-~]{1,200}$"
OF_ALL = (401, 413, 429, 503)  # what every endpoint may answer instead
REF = "#/components/schemas/{model}"
ABOUT = (
    "Other programs start exports of Segferry and read what came of them. A token is made by "
    "“segferry token add” or in Settings, for the exports that it may run."
)
PATH = {
    "name": ("The name of an export.", {"type": "string", "minLength": 1, "maxLength": 120}),
    "id": ("The number of a run.", {"type": "integer", "minimum": 1, "maximum": 999_999_999}),
}
HEADERS: dict[int, tuple[str, str]] = {
    401: ("WWW-Authenticate", "string"),
    429: ("Retry-After", "integer"),
    503: ("Retry-After", "integer"),
}


def document() -> dict[str, Any]:
    """All of it, as JSON has it."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        place = paths.setdefault(MOUNT + endpoint.path, {})
        place[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Segferry", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    summary, _, about = (endpoint.do.__doc__ or "").partition("\n")
    done = _response(endpoint.status, endpoint.answer, "application/json", schemas)
    if endpoint.keyed and endpoint.path != "/refresh":
        done["headers"] = {"Location": {"required": True, "schema": {"type": "string"}}}
    problems = sorted({*OF_ALL, *endpoint.problems})
    return {
        "operationId": endpoint.do.__name__,
        "summary": summary,
        "description": " ".join(about.split()),
        "parameters": [*_of_path(endpoint), *_of_query(endpoint.query), *_of_key(endpoint)],
        "responses": {
            str(endpoint.status): done,
            **{str(status): _problem(status, schemas) for status in problems},
        },
    }


def _of_path(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", endpoint.path):
        about, schema = PATH[name]
        yield _parameter(name, "path", schema, about) | {"required": True}


def _of_query(model: type[BaseModel]) -> Iterable[dict[str, Any]]:
    for name, schema in model.model_json_schema().get("properties", {}).items():
        about = schema.pop("description")
        schema.pop("title")
        yield _parameter(name, "query", schema, about)


def _of_key(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    if endpoint.keyed:
        about = "The same key within 24 hours is answered by what came of its first request."
        yield _parameter(KEY, "header", {"type": "string", "pattern": KEY_PATTERN}, about)


def _parameter(name: str, where: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": where, "description": about, "schema": schema}


def _problem(status: int, schemas: dict[str, Any]) -> dict[str, Any]:
    found = _response(status, ProblemDetails, MEDIA, schemas)
    if status in HEADERS:
        name, kind = HEADERS[status]
        found["headers"] = {name: {"required": True, "schema": {"type": kind}}}
    return found


def _response(
    status: int, model: type[BaseModel], media: str, schemas: dict[str, Any]
) -> dict[str, Any]:
    """The answer with its model, which is put among the schemas with those that it is made of."""
    schema = model.model_json_schema(ref_template=REF, mode="serialization")
    schemas |= schema.pop("$defs", {}) | {model.__name__: schema}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {media: {"schema": {"$ref": REF.format(model=model.__name__)}}},
    }


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
